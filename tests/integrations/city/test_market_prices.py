"""Prices and offers: the same for whoever asks, dated, plausible, and by district."""

import itertools
from datetime import date, time, timedelta

import msgspec
import pytest

from integrations.city.market_prices import SERVICES as PRICE_SERVICES
from integrations.city.market_prices import AboutPrices, price_fen, staple_prices, vegetable_prices, watched
from integrations.city.outcomes import QuestionRefused
from integrations.city.supermarkets import (
    OFFERS_A_WEEK,
    AboutOffers,
    of_week,
    offers,
    supermarkets,
)
from integrations.city.supermarkets import SERVICES as OFFER_SERVICES
from tests.makers.city_people import a_town_of_registers
from tests.makers.days import let_it_be

CITY = a_town_of_registers()
SEED = CITY.options.seed
MONDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 29)
DAY = timedelta(days=1)
MOST_BYTES = 1_048_576


class TestPrices:
    def test_are_of_today_with_their_course(self, monkeypatch: pytest.MonkeyPatch) -> None:
        let_it_be(monkeypatch, SUNDAY)

        for one in vegetable_prices(CITY, AboutPrices(days=10)).items:
            assert [price.on for price in one.course] == [SUNDAY - DAY * back for back in range(9, -1, -1)]
            assert (one.collected_on, one.course[-1].price_fen) == (SUNDAY, one.price_fen)
            assert one.week_before_fen == one.course[2].price_fen
            assert one.unit == "500g"

    def test_of_a_day_never_change(self, monkeypatch: pytest.MonkeyPatch) -> None:
        let_it_be(monkeypatch, SUNDAY)
        before = staple_prices(CITY, AboutPrices(days=1)).items
        let_it_be(monkeypatch, SUNDAY + DAY * 3, time(23, 59))
        after = staple_prices(CITY, AboutPrices(days=4)).items

        assert [one.price_fen for one in before] == [one.course[0].price_fen for one in after]

    def test_stay_near_what_is_usual_and_cost_less_wholesale(self) -> None:
        lists = watched()
        for goods in (*lists.vegetables, *lists.staples):
            for market in lists.markets:
                prices = [price_fen(SEED, market, goods, MONDAY + DAY * n) for n in range(60)]
                usual = goods.usual_fen * (640 if market.level == "wholesale" else 1_000) // 1_000
                most = goods.drifts + goods.drifts // 7 + 1
                assert usual * (999 - most) // 1_000 <= min(prices) < max(prices) <= usual * (1_000 + most) // 1_000 + 1
                steps = [abs(one - other) for one, other in itertools.pairwise(prices)]
                assert max(steps) * 1_000 <= goods.drifts * usual * 4 // 7 + 2_000

    def test_are_told_by_district(self) -> None:
        told = vegetable_prices(CITY, AboutPrices(division_code="370602")).items

        assert {one.division_code for one in told} == {"370602"}
        assert {one.level for one in told} == {"retail", "wholesale"}
        assert vegetable_prices(CITY, AboutPrices(division_code="370671")).items == ()

    def test_fit_into_one_answer(self) -> None:
        assert len(msgspec.json.encode(vegetable_prices(CITY, AboutPrices(days=31)))) < MOST_BYTES

    @pytest.mark.parametrize("asked", [{"days": 0}, {"days": 32}, {"division_code": "370101"}, {"market": "x"}])
    def test_refuses_what_is_no_question(self, asked: dict[str, object]) -> None:
        with pytest.raises(QuestionRefused, match="body_malformed"):
            PRICE_SERVICES["vegetable_prices"](CITY, msgspec.Raw(msgspec.json.encode(asked)))


class TestOffers:
    def test_are_reduced_and_of_this_week(self, monkeypatch: pytest.MonkeyPatch) -> None:
        let_it_be(monkeypatch, MONDAY)
        told = offers(CITY, AboutOffers()).items

        assert len(told) == OFFERS_A_WEEK * len(supermarkets().shops)
        assert all(0 < one.price_fen < one.usual_fen for one in told)
        assert all(one.usual_fen * 55 <= one.price_fen * 100 for one in told)
        assert all(MONDAY <= one.starts_on < one.ends_on <= SUNDAY for one in told)
        assert all(one.source.startswith(one.chain) for one in told)

    def test_end_and_some_last_all_week(self, monkeypatch: pytest.MonkeyPatch) -> None:
        let_it_be(monkeypatch, SUNDAY)
        told = offers(CITY, AboutOffers()).items

        assert told
        assert {one.ends_on for one in told} == {SUNDAY}
        assert {one.shop for one in told} == {shop.name for shop in supermarkets().shops}

    def test_are_a_chains_in_all_its_shops_and_change_with_the_week(self) -> None:
        one, other = supermarkets().shops[:2]
        assert one.chain == other.chain

        assert [offer.goods for offer in of_week(SEED, one, MONDAY)] == [
            offer.goods for offer in of_week(SEED, other, SUNDAY)
        ]
        assert of_week(SEED, one, MONDAY) != of_week(SEED, one, SUNDAY + DAY)

    def test_are_told_by_district(self) -> None:
        told = offers(CITY, AboutOffers("370681")).items

        assert {one.division_code for one in told} == {"370681"}

    def test_refuses_what_is_no_question(self) -> None:
        with pytest.raises(QuestionRefused, match="body_malformed"):
            OFFER_SERVICES["supermarket_offers"](CITY, msgspec.Raw(b'{"chain": "x"}'))
