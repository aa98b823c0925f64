"""Working days counted for anybody: the handbook's rows, the days left out, and years of which nothing is announced."""

from datetime import date

import httpx
import pytest

from lifecycle.catalogue.deadlines import deadline


class TestDeadline:
    @pytest.mark.parametrize(
        ("accepted", "days", "due"),
        [
            (date(2026, 2, 12), 5, date(2026, 2, 26)),
            (date(2026, 4, 29), 3, date(2026, 5, 7)),
            (date(2025, 9, 26), 10, date(2025, 10, 16)),
            (date(2026, 11, 20), 20, date(2026, 12, 18)),
            (date(2026, 11, 29), 0, date(2026, 11, 29)),
        ],
    )
    def test_by_the_worked_examples(self, accepted: date, days: int, due: date) -> None:
        assert deadline(accepted, days).due_on == due

    def test_names_each_day_that_does_not_count(self) -> None:
        found = deadline(date(2026, 2, 12), 5)

        left_out = {one.day: one.why.en for one in found.left_out}
        assert date(2026, 2, 14) not in left_out
        assert set(left_out) == {date(2026, 2, day) for day in (*range(15, 24),)}
        assert not found.provisional
        assert found.sources

    def test_says_where_the_notice_is_still_awaited(self) -> None:
        assert deadline(date(2026, 12, 28), 10).provisional


class TestOverHttp:
    @pytest.mark.parametrize(
        ("accepted", "days", "due"),
        [
            ("2026-02-12", 5, "2026-02-26"),
            ("2026-04-29", 3, "2026-05-07"),
            ("2025-09-26", 10, "2025-10-16"),
            ("2026-11-20", 20, "2026-12-18"),
        ],
    )
    async def test_answers_the_worked_examples(
        self, http: httpx.AsyncClient, accepted: str, days: int, due: str
    ) -> None:
        answer = await http.get(f"/v1/deadlines?accepted_on={accepted}&working_days={days}")

        assert answer.json()["due_on"] == due

    async def test_is_open_to_anyone_and_refuses_what_cannot_be_counted(self, http: httpx.AsyncClient) -> None:
        async def asked(**params: object) -> httpx.Response:
            return await http.get("/v1/deadlines", params={name: str(value) for name, value in params.items()})

        assert (await asked(accepted_on="2026-11-20", working_days=20)).json()["due_on"] == "2026-12-18"
        assert (await asked(accepted_on="2040-01-01", working_days=5)).json()["code"] == "calendar_unknown"
        for wrong in (
            {"accepted_on": "2026-02-30", "working_days": 1},
            {"accepted_on": "2026-01-01", "working_days": -1},
        ):
            assert (await asked(**wrong)).status_code == 400
        assert (await asked(accepted_on="2026-01-01", working_days=10**18)).status_code == 400
