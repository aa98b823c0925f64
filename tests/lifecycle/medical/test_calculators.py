"""The calculator of what insurance pays: the worked examples, its parts, and what it refuses."""

from datetime import date
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import clock
from lifecycle.catalogue.published import from_files
from lifecycle.catalogue.structs import Kind
from lifecycle.medical.calculators import CALCULATORS, BillQuestion, BillView, PartsOverTotal, YearSoFarAsked, of_a_bill
from lifecycle.rules.parameters import ParameterUnknown

STAY: dict[str, Any] = {
    "insured_as": "employee",
    "inpatient": True,
    "tier": "tier3",
    "total_fen": 3_000_000,
    "excluded_fen": 200_000,
    "prepay_fen": 100_000,
}


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 29))


def found(**asked: object) -> BillView:
    return msgspec.convert(of_a_bill(BillQuestion(**(STAY | asked))).result, BillView, from_attributes=True)


class TestBill:
    def test_of_an_employees_stay(self) -> None:
        bill = found()

        assert (bill.basic_fen, bill.catastrophic_fen, bill.own_fen) == (2_253_200, 0, 746_800)
        assert bill.claim_by == date(2027, 12, 31)

    def test_of_a_residents_stay_with_catastrophic_cover(self) -> None:
        bill = found(insured_as="plan1", total_fen=6_000_000, excluded_fen=500_000, prepay_fen=200_000)

        assert (bill.basic_fen, bill.catastrophic_fen) == (2_349_000, 930_600)
        assert len(of_a_bill(BillQuestion(**STAY)).steps) == 3

    def test_of_an_outpatient_stops_at_the_years_cap(self) -> None:
        outpatient = {"inpatient": False, "excluded_fen": 0, "prepay_fen": 0}

        assert found(tier="tier2", total_fen=150_000, **outpatient).basic_fen == 84_500
        assert found(tier="tier3", total_fen=600_000, **outpatient).basic_fen == 250_000
        spent = YearSoFarAsked(outpatient_cost_fen=600_000, outpatient_paid_fen=250_000)
        assert found(tier="tier3", total_fen=600_000, year_so_far=spent, **outpatient).basic_fen == 0

    @given(st.integers(0, 10**9), st.sampled_from(["employee", "retiree", "plan1", "plan2"]), st.booleans())
    def test_adds_up_to_the_whole(self, total: int, kind: str, inpatient: bool) -> None:  # noqa: FBT001
        bill = found(insured_as=kind, inpatient=inpatient, total_fen=total, excluded_fen=0, prepay_fen=0)

        assert bill.basic_fen + bill.catastrophic_fen + bill.own_fen == total
        assert min(bill.basic_fen, bill.catastrophic_fen, bill.own_fen) >= 0

    def test_refuses_by_name(self) -> None:
        with pytest.raises(PartsOverTotal):
            found(total_fen=299_999)
        with pytest.raises(ParameterUnknown):
            found(cost_on=date(2027, 1, 1))
        assert found(total_fen=300_000).eligible_fen == 0


class TestOverHttp:
    async def test_is_open_to_anyone(self, http: httpx.AsyncClient) -> None:
        said = (await http.post("/v1/matters/medical_insurance_reimbursement/calculate", json=STAY)).json()

        assert said["result"]["basic_fen"] == 2_253_200
        assert [set(step) for step in said["steps"]] == [{"zh", "en"}] * 3

    @pytest.mark.parametrize(
        "wrong", [{"total_fen": -1}, {"tier": "tier4"}, {"inpatient": "yes"}, {"excluded_fen": 10**7}], ids=str
    )
    async def test_refuses_what_isnt_a_question(self, http: httpx.AsyncClient, wrong: dict[str, object]) -> None:
        answer = await http.post("/v1/matters/medical_insurance_reimbursement/calculate", json=STAY | wrong)

        assert answer.status_code in {400, 422}, answer.text


class TestCalculators:
    def test_stand_for_matters_whose_calculation_is_live(self) -> None:
        assert all(Kind.CALC in from_files().matter(one.matter).live for one in CALCULATORS)
