"""The calculator of annual leave: what it tells, and what it refuses."""

from datetime import date
from typing import Any

import httpx
import msgspec
import pytest

from app.kernel import clock
from lifecycle.catalogue.errors import DaysOutOfOrder, DayTooFar, DayTooLongAgo
from lifecycle.rules.annual_leave import Leave
from lifecycle.work.leave_calculator import LeaveQuestion, of_leave


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 29))


def found(**asked: Any) -> Leave:
    return msgspec.convert(of_leave(LeaveQuestion(**asked)).result, Leave, from_attributes=True)


class TestLeave:
    def test_of_the_year_of_joining_shows_its_share(self) -> None:
        asked = LeaveQuestion(worked_since=date(2014, 7, 1), joined_on=date(2026, 7, 1))

        assert found(worked_since=date(2014, 7, 1), joined_on=date(2026, 7, 1)).days == 5
        assert "184÷365×10" in of_leave(asked).steps[-1].zh

    def test_needs_twelve_months_without_a_break(self) -> None:
        assert found(worked_since=date(2026, 3, 1)).barred_by == "under_a_year"
        assert found(worked_since=date(2014, 7, 1), continuous_months=5).barred_by == "under_a_year"

    def test_of_a_leap_day_is_answered(self) -> None:
        assert found(worked_since=date(2016, 2, 29)).days == 10

    @pytest.mark.parametrize(
        ("asked", "refusal"),
        [
            ({"worked_since": date(1896, 1, 1)}, DayTooLongAgo),
            ({"worked_since": date(2014, 1, 1), "year": 2028}, DayTooFar),
            ({"worked_since": date(2014, 1, 1), "joined_on": date(2013, 12, 31)}, DaysOutOfOrder),
            ({"worked_since": date(2014, 1, 1), "joined_on": date(2027, 1, 1)}, DaysOutOfOrder),
            (
                {"worked_since": date(2014, 1, 1), "joined_on": date(2026, 3, 2), "leaves_on": date(2026, 3, 1)},
                DaysOutOfOrder,
            ),
            ({"worked_since": date(2027, 1, 1)}, DaysOutOfOrder),
        ],
    )
    def test_refuses_days_that_cannot_be(self, asked: dict[str, Any], refusal: type[Exception]) -> None:
        with pytest.raises(refusal):
            found(**asked)


class TestOverHttp:
    async def test_is_open_to_anyone(self, http: httpx.AsyncClient) -> None:
        asked = {"worked_since": "2000-01-01", "year": 2026}

        said = (await http.post("/v1/matters/labour_employment_info/calculate", json=asked)).json()

        assert said["result"]["days"] == 15
        assert "示例" not in said["disclaimer"]["zh"]

    @pytest.mark.parametrize("wrong", [{"sick_months": 13}, {"year": 2008}, {"personal_days": -1}], ids=str)
    async def test_refuses_what_isnt_a_question(self, http: httpx.AsyncClient, wrong: dict[str, object]) -> None:
        asked = {"worked_since": "2000-01-01"} | wrong

        answer = await http.post("/v1/matters/labour_employment_info/calculate", json=asked)

        assert answer.status_code in {400, 422}, answer.text
