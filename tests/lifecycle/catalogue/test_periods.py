"""Periods of the Civil Code counted for anybody: from the day after, rolled on from a day of rest, refused where nothing is announced."""

from datetime import date

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.calendar import CalendarUnknown, is_working_day
from lifecycle.catalogue.periods import period


class TestPeriod:
    @pytest.mark.parametrize(
        ("event", "length", "falls", "ends"),
        [
            (date(2026, 11, 10), "10d", date(2026, 11, 20), date(2026, 11, 20)),
            (date(2026, 9, 1), "30d", date(2026, 10, 1), date(2026, 10, 8)),
            (date(2026, 10, 22), "1m", date(2026, 11, 22), date(2026, 11, 23)),
            (date(2026, 8, 31), "1m", date(2026, 9, 30), date(2026, 9, 30)),
            (date(2026, 1, 31), "1m", date(2026, 2, 28), date(2026, 2, 28)),
            (date(2025, 1, 31), "1m", date(2025, 2, 28), date(2025, 2, 28)),
            (date(2025, 11, 20), "1y", date(2026, 11, 20), date(2026, 11, 20)),
        ],
    )
    def test_ends_on_its_last_day_or_the_next_working_day(
        self, event: date, length: str, falls: date, ends: date
    ) -> None:
        found = period(event, length)

        assert (found.falls_on, found.ends_on) == (falls, ends)
        assert (found.counts_from - event).days == 1

    def test_names_the_days_of_rest_that_it_rolled_over(self) -> None:
        found = period(date(2026, 9, 1), "30d")

        assert [one.day.day for one in found.rolled_over] == [1, 2, 3, 4, 5, 6, 7]
        assert {one.why.zh for one in found.rolled_over} == {"国庆节"}
        assert len(found.steps) == 2
        assert found.sources
        assert not found.provisional

    def test_of_a_year_without_a_notice_may_move(self) -> None:
        assert period(date(2026, 12, 20), "1m").provisional

    @pytest.mark.parametrize(
        ("event", "length"),
        [
            (date(2026, 1, 1), "999y"),
            (date(2027, 12, 30), "3d"),
            (date(2024, 12, 31), "1d"),
            (date.max, "1d"),
            (date.min, "1d"),
            (date(2026, 1, 1), "999m"),
        ],
    )
    def test_refuses_years_of_which_nothing_is_announced(self, event: date, length: str) -> None:
        with pytest.raises(CalendarUnknown):
            period(event, length)

    @given(st.dates(date(2025, 1, 1), date(2027, 11, 1)), st.integers(1, 40))
    def test_ends_on_a_working_day_and_rolls_over_days_of_rest_only(self, event: date, days: int) -> None:
        found = period(event, f"{days}d")

        assert is_working_day(found.ends_on)
        assert len(found.rolled_over) == (found.ends_on - found.falls_on).days


class TestOverHttp:
    async def test_is_open_to_anyone(self, http: httpx.AsyncClient) -> None:
        answer = await http.get("/v1/periods", params={"event_on": "2026-09-01", "length": "30d"})

        assert answer.status_code == 200, answer.text
        assert (answer.json()["falls_on"], answer.json()["ends_on"]) == ("2026-10-01", "2026-10-08")

    @pytest.mark.parametrize(
        ("event", "length", "status", "code"),
        [
            ("2026-02-29", "1d", 400, "parameter_wrong"),
            ("2026-01-01", "0d", 400, "parameter_wrong"),
            ("2026-01-01", "1000d", 400, "parameter_wrong"),
            ("2026-01-01", "1w", 400, "parameter_wrong"),
            ("2026-01-01", "１d", 400, "parameter_wrong"),
            ("2026-01-01", str(10**18), 400, "parameter_wrong"),
            ("2040-01-01", "1d", 422, "calendar_unknown"),
            ("9999-12-31", "1d", 422, "calendar_unknown"),
        ],
    )
    async def test_refuses_by_name(
        self, http: httpx.AsyncClient, event: str, length: str, status: int, code: str
    ) -> None:
        answer = await http.get("/v1/periods", params={"event_on": event, "length": length})

        assert (answer.status_code, answer.json()["code"]) == (status, code)

    async def test_working_days_at_the_end_of_time_are_refused_by_name(self, http: httpx.AsyncClient) -> None:
        answer = await http.get("/v1/deadlines", params={"accepted_on": "9999-12-31", "working_days": 1})

        assert answer.json()["code"] == "calendar_unknown"
