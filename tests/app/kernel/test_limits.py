"""Dated limits."""

from datetime import date
from pathlib import Path

import pytest

from app.kernel.limits import Limits, LimitUnknown

ONE = 'key = "daily"\nvalue = {value}\nvalid_from = {day}\nsource = "样例"\nverified_on = 2026-11-22\n'
TWO_YEARS = "\n".join("[[limit]]\n" + ONE.format(value=v, day=d) for v, d in ((7, "2027-01-01"), (5, "2026-01-01")))


def written(folder: Path, text: str) -> Path:
    path = folder / "limits.toml"
    path.write_text(text, encoding="utf-8")
    return path


class TestLimits:
    def test_hold_from_their_day_until_the_next(self, tmp_path: Path) -> None:
        limits = Limits(written(tmp_path, TWO_YEARS))

        held = [limits.on(day, "daily") for day in (date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))]

        assert held == [5, 5, 7]

    def test_before_the_first_or_of_another_key_are_unknown(self, tmp_path: Path) -> None:
        limits = Limits(written(tmp_path, TWO_YEARS))

        for day, key in ((date(2025, 12, 31), "daily"), (date(2026, 1, 1), "weekly")):
            with pytest.raises(LimitUnknown, match=key):
                limits.on(day, key)

    @pytest.mark.parametrize(
        "text",
        [
            "[[limit]",
            "[[limit]]\nkey = 'a'",
            "[[limit]]\n" + ONE.format(value="1.5", day="2026-01-01"),
            "[[limit]]\n" + ONE.format(value='"5"', day="2026-01-01"),
            "[[limit]]\nmore = 1\n" + ONE.format(value=5, day="2026-01-01"),
            "more = 1",
        ],
    )
    def test_that_cant_be_read_are_refused_with_the_files_name(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(ValueError, match=r"limits\.toml"):
            Limits(written(tmp_path, text))

    def test_of_the_product_can_be_read(self) -> None:
        paths = [path for path in Path(__file__).parents[3].glob("*/**/limits.toml") if ".venv" not in path.parts]

        assert len(paths) >= 2
        assert all(Limits(path).all for path in paths)
