"""Maternity leave and the living allowance by the worked examples, at every edge, and over HTTP."""

from datetime import date
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import clock
from lifecycle.catalogue.errors import DayTooFar
from lifecycle.catalogue.published import from_files
from lifecycle.catalogue.structs import Kind
from lifecycle.rules.maternity import Leave
from lifecycle.rules.parameters import ParameterUnknown, shipped
from lifecycle.rules.social_assistance import Allowance, allowance
from lifecycle.social_security.calculators import CALCULATORS
from lifecycle.social_security.family_calculators import (
    AssistanceQuestion,
    MaternityQuestion,
    of_assistance,
    of_maternity,
)
from tests.makers.parameters import let_hold


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 29))


def leave(**asked: Any) -> Leave:
    question: dict[str, Any] = {"starts_on": date(2026, 9, 1), "average_wage_fen": 660_000} | asked
    found = of_maternity(MaternityQuestion(**question)).result
    assert isinstance(found, Leave)
    return found


class TestMaternity:
    @pytest.mark.parametrize(
        ("asked", "days", "last_day"),
        [
            ({}, 158, date(2027, 2, 5)),
            ({"difficult": True}, 173, date(2027, 2, 20)),
            ({"children": 2}, 173, date(2027, 2, 20)),
            ({"children": 3, "difficult": True}, 203, date(2027, 3, 22)),
            ({"happened": "miscarriage", "months_pregnant": 3}, 15, date(2026, 9, 15)),
            ({"happened": "miscarriage", "months_pregnant": 4}, 42, date(2026, 10, 12)),
        ],
        ids=str,
    )
    def test_leave_is_as_long_as_law_says(self, asked: dict[str, Any], days: int, last_day: date) -> None:
        assert (leave(**asked).days, leave(**asked).last_day) == (days, last_day)

    def test_allowance_is_a_thirtieth_a_day(self) -> None:
        assert leave().allowance_fen == 3_476_000
        assert leave(happened="miscarriage", months_pregnant=4).allowance_fen == 660_000 * 42 // 30
        assert leave(average_wage_fen=100, happened="miscarriage").allowance_fen == 50

    def test_allowance_is_of_98_days_where_the_employer_pays_the_provinces(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        let_hold(monkeypatch, {"maternity.province_days_paid_by_fund": False})

        assert (leave().days, leave().paid_days, leave().allowance_fen) == (158, 98, 2_156_000)

    def test_refuses_days_of_which_nothing_is_known(self) -> None:
        with pytest.raises(DayTooFar):
            leave(starts_on=date(2030, 1, 1))
        with pytest.raises(ParameterUnknown):
            leave(starts_on=date(2020, 1, 1))


class TestAssistance:
    def test_is_what_is_missing_to_the_line(self) -> None:
        line = of_assistance(AssistanceQuestion(area="urban", income_fen=180_000, persons=3)).result

        assert line == Allowance(line_fen=330_000, below=True, monthly_fen=150_000)

    @pytest.mark.parametrize(("income", "below"), [(329_999, True), (330_000, False), (330_001, False)])
    def test_is_for_who_is_below_the_line(self, income: int, below: bool) -> None:  # noqa: FBT001
        found = of_assistance(AssistanceQuestion(area="urban", income_fen=income, persons=3)).result

        assert isinstance(found, Allowance)
        assert (found.below, found.monthly_fen > 0) == (below, below)

    @given(st.integers(0, 10**7), st.integers(1, 20))
    def test_fills_the_income_up_to_the_line_and_no_further(self, income: int, persons: int) -> None:
        found = allowance("rural", income, persons, shipped().reading(date(2026, 11, 29)))

        assert income + found.monthly_fen == max(income, found.line_fen)

    def test_of_the_destitute_is_another_support(self) -> None:
        answered = of_assistance(AssistanceQuestion(area="rural", income_fen=0, persons=1, three_nos=True))

        assert "特困" in answered.steps[0].zh


class TestOverHttp:
    @pytest.mark.parametrize(
        ("matter", "asked"),
        [
            ("maternity_insurance", {"average_wage_fen": 660_000}),
            ("social_assistance_info", {"area": "urban", "income_fen": 0, "persons": 1}),
        ],
    )
    async def test_are_open_to_anyone_and_refuse_what_isnt_a_question(
        self, http: httpx.AsyncClient, matter: str, asked: dict[str, object]
    ) -> None:
        address = f"/v1/matters/{matter}/calculate"
        said = (await http.post(address, json=asked)).json()

        assert len(said["steps"]) == 2
        assert "示例" in said["disclaimer"]["zh"]
        for wrong in ({"children": 0}, {"persons": 0}, {"average_wage_fen": -1}, {"income_fen": "1"}):
            assert (await http.post(address, json=asked | wrong)).status_code in {400, 422}


class TestCalculators:
    def test_stand_for_matters_whose_calculation_is_live(self) -> None:
        assert all(Kind.CALC in from_files().matter(one.matter).live for one in CALCULATORS)
