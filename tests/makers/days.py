"""Days on which a test lets the city be asked."""

from datetime import date, datetime, time, timedelta

import pytest

from app.card.months import is_over, month_of
from app.kernel import clock
from app.kernel.clock import SHANGHAI
from tests.makers.movements import months_ago

NOON = time(12)


def let_it_be(monkeypatch: pytest.MonkeyPatch, day: date, at: time = NOON) -> datetime:
    """Let it be a day and time, and give the instant."""
    moment = datetime.combine(day, at, SHANGHAI)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


def let_last_month_be_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the first hour of a month the last one isn't closed yet: let it be an hour later then."""
    real = clock.now
    if not is_over(month_of(months_ago(1))):
        monkeypatch.setattr(clock, "now", lambda: real() + timedelta(hours=1))


class _Hands:
    """How far the clock of a test is turned ahead."""

    ahead = timedelta(0)


def let_the_clock_be_turned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock run on from wherever the test turns it to; at first that is now."""
    real, _Hands.ahead = clock.now, timedelta(0)
    monkeypatch.setattr(clock, "now", lambda: real() + _Hands.ahead)


def turn_on(by: timedelta) -> None:
    """Let some days pass."""
    _Hands.ahead += by
