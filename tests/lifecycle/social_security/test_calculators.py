"""The calculator of unemployment benefit: months by the worked examples, what bars it, and what it refuses."""

from datetime import date
from typing import Any

import httpx
import msgspec
import pytest

from app.kernel import clock
from lifecycle.catalogue.errors import DayTooFar
from lifecycle.catalogue.published import from_files
from lifecycle.catalogue.structs import Kind
from lifecycle.rules.parameters import ParameterUnknown
from lifecycle.social_security.calculators import CALCULATORS, BenefitQuestion, BenefitView, of_benefit

LOST: dict[str, Any] = {"contributed_months": 60, "lost": "against_my_will", "registered_on": date(2026, 11, 30)}


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 29))


def found(**asked: object) -> BenefitView:
    return msgspec.convert(of_benefit(BenefitQuestion(**(LOST | asked))).result, BenefitView, from_attributes=True)


class TestBenefit:
    @pytest.mark.parametrize(
        ("contributed", "unused", "months"),
        [(11, 0, 0), (12, 0, 12), (59, 0, 12), (60, 0, 18), (119, 0, 18), (120, 0, 24), (60, 10, 24), (5, 7, 7)],
    )
    def test_runs_as_long_as_was_contributed_for(self, contributed: int, unused: int, months: int) -> None:
        benefit = found(contributed_months=contributed, unused_months=unused)

        assert (benefit.months, benefit.entitled) == (months, months > 0)
        assert benefit.total_fen == months * benefit.monthly_fen

    def test_runs_from_the_registration_to_the_last_day_that_exists(self) -> None:
        benefit = found(contributed_months=12, registered_on=date(2026, 8, 31))

        assert (benefit.since, benefit.until) == (date(2026, 8, 31), date(2027, 8, 31))

    @pytest.mark.parametrize(("lost", "entitled"), [("resigned", False), ("employer_at_fault", True)])
    def test_is_not_for_who_resigned_by_their_own_wish(self, lost: str, entitled: bool) -> None:  # noqa: FBT001
        assert found(lost=lost).entitled is entitled
        assert of_benefit(BenefitQuestion(**(LOST | {"lost": lost}))).steps

    def test_goes_on_to_a_retirement_within_the_year_after(self) -> None:
        benefit = found(contributed_months=12, retires_on=date(2028, 5, 1))

        assert benefit.goes_on_until == date(2028, 5, 1)
        assert found(contributed_months=12, retires_on=date(2028, 11, 30)).goes_on_until is None

    def test_refuses_days_of_which_nothing_is_known(self) -> None:
        with pytest.raises(DayTooFar):
            found(registered_on=date(2037, 1, 1))
        with pytest.raises(ParameterUnknown):
            found(registered_on=date(1990, 1, 1))


class TestOverHttp:
    async def test_is_open_to_anyone(self, http: httpx.AsyncClient) -> None:
        asked = {"contributed_months": 130, "lost": "against_my_will", "division_code": "370602"}

        said = (await http.post("/v1/matters/unemployment_insurance/calculate", json=asked)).json()

        assert said["result"]["months"] == 24
        assert "130个月" in said["steps"][0]["zh"]
        assert "示例" in said["disclaimer"]["zh"]

    @pytest.mark.parametrize(
        "wrong", [{"contributed_months": -1}, {"lost": "fired"}, {"division_code": "110101"}], ids=str
    )
    async def test_refuses_what_isnt_a_question(self, http: httpx.AsyncClient, wrong: dict[str, object]) -> None:
        asked = {"contributed_months": 12, "lost": "against_my_will"} | wrong

        answer = await http.post("/v1/matters/unemployment_insurance/calculate", json=asked)

        assert answer.status_code in {400, 422}, answer.text


class TestCalculators:
    def test_stand_for_matters_whose_calculation_is_live(self) -> None:
        assert all(Kind.CALC in from_files().matter(one.matter).live for one in CALCULATORS)
