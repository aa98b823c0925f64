"""The loan calculator: the worked examples, the curve, how it explains itself, and what it refuses."""

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
from lifecycle.housing.calculators import CALCULATORS, LoanQuestion, LoanView, TermTooLong, of_a_loan

HOME: dict[str, Any] = {"price_fen": 100_000_000, "balance_fen": 3_000_000, "income_fen": 1_200_000, "months": 360}


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 29))


def found(**asked: object) -> LoanView:
    question = LoanQuestion(**(HOME | asked))
    return msgspec.convert(of_a_loan(question).result, LoanView, from_attributes=True)


class TestLoan:
    def test_is_bounded_by_the_least(self) -> None:
        loan = found()

        assert (loan.binding, loan.most_fen) == ("balance", 60_000_000)
        assert loan.most_fen == min(loan.bounds_fen.values()) // 100_000 * 100_000

    def test_is_repaid_as_the_examples_say(self) -> None:
        loan = found(months=240)

        assert loan.rate_percent == "2.6"
        assert loan.equal_instalments is not None
        assert loan.equal_principal is not None
        assert (loan.equal_instalments.monthly_fen, loan.equal_instalments.interest_fen) == (320_873, 17_009_479)
        assert (loan.equal_principal.first_fen, loan.equal_principal.interest_fen) == (380_000, 15_665_000)

    @given(st.integers(12, 360), st.integers(1, 600))
    def test_leaves_nothing_at_the_end_and_less_each_year(self, months: int, thousands: int) -> None:
        left = found(months=months, amount_fen=thousands * 100_000).left

        assert (left[-1].instalments_fen, left[-1].principal_fen) == (0, 0)
        for curve in ([one.instalments_fen for one in left], [one.principal_fen for one in left]):
            assert curve == sorted(curve, reverse=True)
        assert all(one.principal_fen <= one.instalments_fen for one in left)

    def test_of_what_is_wanted_is_never_more_than_the_most(self) -> None:
        assert found(amount_fen=10_000_000).amount_fen == 10_000_000
        assert found(amount_fen=99_000_000).amount_fen == 60_000_000

    def test_of_who_can_repay_nothing_is_none(self) -> None:
        loan = found(debts_fen=10**9)

        assert (loan.most_fen, loan.binding, loan.equal_instalments, loan.left) == (0, "income", None, ())

    def test_runs_no_longer_than_ones_age_allows(self) -> None:
        assert found(birth_date=date(1990, 1, 1), works_as="man").longest_months == 360
        with pytest.raises(TermTooLong) as refusal:
            found(birth_date=date(1970, 1, 1), works_as="man")
        most = refusal.value.facts["most_months"]
        assert isinstance(most, int)
        assert found(birth_date=date(1970, 1, 1), works_as="man", months=most).longest_months == most

    def test_explains_itself_and_says_what_is_illustrative(self) -> None:
        answered = of_a_loan(LoanQuestion(**HOME))

        assert len(answered.steps) == 3
        assert "账户余额的倍数" in answered.steps[1].zh
        assert any(one.illustrative for one in answered.used)


class TestOverHttp:
    async def test_is_open_to_anyone(self, http: httpx.AsyncClient) -> None:
        answer = await http.post("/v1/matters/provident_fund_loan_application/calculate", json=HOME)

        said = answer.json()
        assert answer.status_code == 200
        assert len(said["result"]["left"]) == 30
        assert "示例" in said["disclaimer"]["zh"]

    @pytest.mark.parametrize(
        "wrong", [{"months": 11}, {"months": 12.0}, {"price_fen": "1"}, {"works_as": "child"}], ids=str
    )
    async def test_refuses_what_isnt_a_question(self, http: httpx.AsyncClient, wrong: dict[str, object]) -> None:
        answer = await http.post("/v1/matters/provident_fund_loan_application/calculate", json=HOME | wrong)

        assert answer.status_code in {400, 422}, answer.text


class TestCalculators:
    def test_stand_for_matters_whose_calculation_is_live(self) -> None:
        assert all(Kind.CALC in from_files().matter(one.matter).live for one in CALCULATORS)
