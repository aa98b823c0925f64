"""The calculator of a guaranteed loan: both ways to repay compared, the curve of the debt, and what is refused."""

from datetime import date
from typing import Any

import httpx
import msgspec
import pytest

from app.kernel import clock
from lifecycle.work.startup_calculator import LoanTooLong, StartupQuestion, StartupView, of_a_startup


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 29))


def asked(**said: Any) -> StartupQuestion:
    return StartupQuestion(**({"wanted_fen": 20_000_000} | said))


def found(**said: Any) -> StartupView:
    return msgspec.convert(of_a_startup(asked(**said)).result, StartupView, from_attributes=True)


class TestStartup:
    def test_shows_how_the_debt_falls_to_nothing(self) -> None:
        left = found(months=30).left

        assert [one.year for one in left] == [1, 2, 3]
        assert left[0].left_fen > left[1].left_fen > left[2].left_fen == 0

    def test_without_interest_falls_evenly(self) -> None:
        assert [one.left_fen for one in found(months=24, rate_percent="0").left] == [10_000_000, 0]

    def test_compares_both_ways_and_names_the_share_that_is_borne(self) -> None:
        answered = of_a_startup(asked())

        assert len(answered.steps) == 3
        assert "财政贴息 50%" in answered.steps[1].zh
        assert all(one.illustrative for one in answered.used)

    def test_says_that_nothing_of_a_rate_over_the_cap_is_borne(self) -> None:
        assert "不予贴息" in of_a_startup(asked(rate_percent="5")).steps[1].zh

    def test_says_for_whom_the_loan_is(self) -> None:
        assert len(of_a_startup(asked(supported=False)).steps) == 1
        assert found(supported=False).amount_fen == 0

    @pytest.mark.parametrize(("borrower", "months"), [("personal", 37), ("enterprise", 25)])
    def test_refuses_a_term_that_is_too_long(self, borrower: str, months: int) -> None:
        with pytest.raises(LoanTooLong):
            found(borrower=borrower, months=months)
        found(borrower=borrower, months=months - 1)


class TestOverHttp:
    async def test_is_open_to_anyone(self, http: httpx.AsyncClient) -> None:
        said = (await http.post("/v1/matters/startup_incubation/calculate", json={"wanted_fen": 20_000_000})).json()

        assert said["result"]["in_instalments"]["monthly_fen"] == 586_042
        assert "示例" in said["disclaimer"]["zh"]

    @pytest.mark.parametrize(
        "wrong",
        [{"wanted_fen": -1}, {"wanted_fen": 10**18}, {"rate_percent": "1e3"}, {"months": 0}, {"rate_percent": 3.5}],
        ids=str,
    )
    async def test_refuses_what_isnt_a_question(self, http: httpx.AsyncClient, wrong: dict[str, object]) -> None:
        answer = await http.post("/v1/matters/startup_incubation/calculate", json={"wanted_fen": 10**7} | wrong)

        assert answer.status_code in {400, 422}, answer.text
