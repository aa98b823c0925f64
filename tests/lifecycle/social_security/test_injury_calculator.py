"""The work injury calculator: grades, deaths, the region's average, and what it refuses."""

from datetime import date
from typing import Any

import httpx
import msgspec
import pytest

from app.kernel import clock
from lifecycle.catalogue.errors import DayTooFar
from lifecycle.rules.parameters import ParameterUnknown
from lifecycle.social_security.injury_calculator import DeathAsked, InjuryQuestion, InjuryView, of_an_injury


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 29))


def found(**asked: Any) -> InjuryView:
    return msgspec.convert(
        of_an_injury(InjuryQuestion(**({"own_wage_fen": 600_000} | asked))).result, InjuryView, from_attributes=True
    )


class TestInjury:
    def test_takes_the_average_on_file_or_the_one_that_is_said(self) -> None:
        assert found(grade=4).base.average_fen == 750_000
        assert found(grade=4, average_wage_fen=900_000).base.average_fen == 900_000

    def test_says_who_pays_what(self) -> None:
        steps = of_an_injury(InjuryQuestion(own_wage_fen=800_000, grade=5, care="part")).steps

        assert any("用人单位" in one.zh and "5600.00" in one.zh for one in steps)
        assert len(steps) == 6

    def test_of_a_death_after_the_paid_leave_says_so(self) -> None:
        view = found(grade=2, died=DeathAsked(spouse=True, after_paid_leave=True))

        assert view.death is not None
        assert (view.death.lump_fen, view.death.dependants_month_fen) == (None, 240_000)

    def test_of_neither_asks_for_one(self) -> None:
        assert "请填写" in of_an_injury(InjuryQuestion(own_wage_fen=1)).steps[-1].zh

    def test_refuses_days_to_come_and_days_without_figures(self) -> None:
        with pytest.raises(DayTooFar):
            found(grade=1, happened_on=date(2026, 11, 30))
        with pytest.raises(ParameterUnknown):
            found(grade=1, happened_on=date(1990, 1, 1))

    def test_of_a_day_before_the_minimum_wage_on_file_says_that_it_is_missing(self) -> None:
        asked = InjuryQuestion(own_wage_fen=1, grade=1, happened_on=date(2020, 2, 29), average_wage_fen=500_000)

        assert any("最低工资标准未收录" in one.zh for one in of_an_injury(asked).steps)


class TestOverHttp:
    async def test_is_open_to_anyone(self, http: httpx.AsyncClient) -> None:
        asked = {"own_wage_fen": 3_000_000, "grade": 10}

        said = (await http.post("/v1/matters/work_injury_insurance/calculate", json=asked)).json()

        assert said["result"]["injury"]["lump_fen"] == 15_750_000
        assert "示例" in said["disclaimer"]["zh"]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"grade": 0},
            {"grade": 11},
            {"own_wage_fen": -1},
            {"own_wage_fen": 10**18},
            {"happened_on": "2026-02-30"},
            {"care": "some"},
        ],
        ids=str,
    )
    async def test_refuses_what_isnt_a_question(self, http: httpx.AsyncClient, wrong: dict[str, object]) -> None:
        asked = {"own_wage_fen": 1, "grade": 1} | wrong

        answer = await http.post("/v1/matters/work_injury_insurance/calculate", json=asked)

        assert answer.status_code in {400, 422}, answer.text
