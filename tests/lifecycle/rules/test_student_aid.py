"""A term's aid, and the day from which it may be granted."""

from datetime import date

import pytest

from integrations.city.student_grants import most_fen, term_of
from lifecycle.rules.parameters import shipped
from lifecycle.rules.student_aid import grantable_from, term_fen, term_starts

READING = shipped().reading(date(2026, 11, 29))


class TestTermFen:
    @pytest.mark.parametrize(
        ("stage", "fen"), [("senior", 115_000), ("vocational", 115_000), ("university", 185_000), ("primary", 62_500)]
    )
    def test_is_half_of_the_years(self, stage: str, fen: int) -> None:
        assert term_fen(stage, READING) == fen

    @pytest.mark.parametrize(
        "stage", ["kindergarten", "primary", "junior", "senior", "vocational", "college", "university", "graduate"]
    )
    def test_is_there_for_every_stage_and_never_above_the_citys_list(self, stage: str) -> None:
        assert 0 < term_fen(stage, READING) <= most_fen(stage)  # type: ignore[arg-type]


class TestGrantableFrom:
    @pytest.mark.parametrize(
        ("accepted", "first"),
        [
            (date(2026, 2, 12), date(2026, 2, 27)),
            (date(2026, 11, 20), date(2026, 11, 28)),
            (date(2026, 11, 23), date(2026, 12, 1)),
        ],
    )
    def test_is_the_day_after_five_working_days(self, accepted: date, first: date) -> None:
        assert grantable_from(accepted, shipped().reading(accepted)) == first


class TestTerm:
    @pytest.mark.parametrize(
        ("day", "term", "starts"),
        [
            (date(2026, 9, 1), "2026-1", date(2026, 9, 1)),
            (date(2027, 2, 28), "2026-1", date(2026, 9, 1)),
            (date(2027, 3, 1), "2026-2", date(2027, 3, 1)),
            (date(2027, 8, 31), "2026-2", date(2027, 3, 1)),
        ],
    )
    def test_runs_from_september_or_march(self, day: date, term: str, starts: date) -> None:
        assert (term_of(day), term_starts(term)) == (term, starts)
