"""The only file that knows what time it is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from app.kernel import clock
from app.kernel.settings import Settings, load, use


@pytest.fixture
def in_another_year() -> Iterator[None]:
    """The clock a year ahead."""
    before = load()
    use(msgspec.structs.replace(before, clock_offset_seconds=365 * 86_400))
    yield
    use(before)


class TestNow:
    def test_is_the_present_at_plus_eight(self) -> None:
        assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=2)
        assert clock.now().utcoffset() == timedelta(hours=8)

    def test_moves_with_the_offset_setting(self, in_another_year: None) -> None:
        ahead = clock.now() - clock.unshifted()

        assert timedelta(days=364) < ahead < timedelta(days=366)

    def test_of_epoch_goes_with_it(self, in_another_year: None) -> None:
        assert abs(clock.epoch_seconds() - clock.now().timestamp()) < 2


class TestCivilDate:
    @pytest.mark.parametrize(
        ("instant", "day"),
        [("2026-11-22T15:59:59+00:00", "2026-11-22"), ("2026-11-22T16:00:00+00:00", "2026-11-23")],
    )
    def test_turns_at_midnight_in_shanghai(self, instant: str, day: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(clock, "now", lambda: clock.local(datetime.fromisoformat(instant)))

        assert clock.today().isoformat() == day


class TestSecondsLeftToday:
    @pytest.mark.parametrize(
        ("instant", "left"),
        [
            ("2026-11-22T15:59:00+00:00", 60),
            ("2026-11-22T15:59:59.500000+00:00", 1),
            ("2026-11-22T16:00:00+00:00", 86_400),
        ],
    )
    def test_run_until_midnight_in_shanghai(self, instant: str, left: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(clock, "now", lambda: clock.local(datetime.fromisoformat(instant)))

        assert clock.seconds_left_today() == left


class TestEpoch:
    @pytest.mark.parametrize("micros", [0, 1, -1, 1_795_305_600_123_456, -62_135_596_800_000_000 + 86_400_000_000])
    def test_in_microseconds_is_exact(self, micros: int) -> None:
        instant = clock.from_epoch_micros(micros)

        assert (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) == micros
        assert instant.utcoffset() == timedelta(hours=8)

    def test_in_seconds_is_an_instant_at_plus_eight(self) -> None:
        assert clock.from_epoch(1_795_305_600).isoformat() == "2026-11-22T08:00:00+08:00"


def test_settings_have_no_offset_by_default() -> None:
    assert Settings().clock_offset_seconds == 0
