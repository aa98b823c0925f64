"""The calculator of taxes on a home: buying, selling, both, and what it refuses."""

from datetime import date
from typing import Any

import httpx
import msgspec
import pytest

from app.kernel import clock
from lifecycle.housing.tax_calculator import HomeQuestion, HomeSale, HomeTaxesView, Purchase, SoldBeforeHeld, of_a_home

BUYS = Purchase(price_fen=120_000_000, area_dm2=12_000, which="second")
SELLS = HomeSale(
    price_fen=150_000_000,
    held_since=date(2020, 3, 1),
    original_fen=100_000_000,
    decoration_fen=15_000_000,
    interest_fen=8_000_000,
    fees_fen=1_500_000,
)


@pytest.fixture(autouse=True)
def _a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 29))


def found(**asked: Any) -> HomeTaxesView:
    return msgspec.convert(of_a_home(HomeQuestion(**asked)).result, HomeTaxesView, from_attributes=True)


class TestHome:
    def test_that_is_bought_costs_deed_tax(self) -> None:
        assert found(buys=BUYS) == HomeTaxesView(deed_tax_fen=1_200_000, sale=None, refund_fen=None)

    def test_that_is_sold_for_another_brings_tax_back(self) -> None:
        view = found(buys=BUYS, sells=SELLS)

        assert view.sale is not None
        assert (view.sale.income_tax_fen, view.refund_fen) == (6_100_000, 4_880_000)
        assert len(of_a_home(HomeQuestion(buys=BUYS, sells=SELLS)).steps) == 4

    def test_that_is_the_only_one_for_five_years_is_exempt(self) -> None:
        answered = of_a_home(HomeQuestion(sells=msgspec.structs.replace(SELLS, only_home=True)))

        assert "免征个人所得税" in answered.steps[-1].zh

    def test_of_nothing_asks_for_something(self) -> None:
        answered = of_a_home(HomeQuestion())

        assert (len(answered.steps), list(answered.used)) == (1, [])

    def test_refuses_a_sale_before_the_purchase(self) -> None:
        with pytest.raises(SoldBeforeHeld):
            found(sells=msgspec.structs.replace(SELLS, sold_on=date(2020, 2, 29)))


class TestOverHttp:
    async def test_is_open_to_anyone(self, http: httpx.AsyncClient) -> None:
        asked = {"buys": {"price_fen": 90_000_000, "area_dm2": 8_900, "which": "first"}}

        said = (await http.post("/v1/matters/home_purchase_info/calculate", json=asked)).json()

        assert said["result"]["deed_tax_fen"] == 900_000
        assert [one["key"] for one in said["parameters"]] == ["home_taxes.deed"]

    @pytest.mark.parametrize("wrong", [{"area_dm2": 0}, {"which": "third"}, {"price_fen": 1e3}, {"area": 89}], ids=str)
    async def test_refuses_what_isnt_a_question(self, http: httpx.AsyncClient, wrong: dict[str, object]) -> None:
        asked = {"buys": {"price_fen": 90_000_000, "area_dm2": 8_900, "which": "first"} | wrong}

        answer = await http.post("/v1/matters/home_purchase_info/calculate", json=asked)

        assert answer.status_code in {400, 422}, answer.text
