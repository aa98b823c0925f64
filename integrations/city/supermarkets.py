"""The Commerce Bureau (SWU) on supermarkets: what the invented chains sell at a reduced price this week.

A week runs from Monday to Sunday; a chain's offers hold in all its shops.
"""

from datetime import date, timedelta
from random import Random
from typing import Final

import msgspec

from app.kernel import clock
from integrations.city.chance import chance
from integrations.city.registers import Service, listed, of_everybody_asked
from integrations.city.world import City
from integrations.departments.districts import DistrictCode
from integrations.departments.supermarkets import Offer, Offers

OFFERS_A_WEEK: Final = 6
_ONE_DAY: Final = timedelta(days=1)
_LAST_DAY: Final = 6
_LEAST_OFF, _MOST_OFF = 10, 40
_PERCENT: Final = 100


class AboutOffers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is reduced this week, in a district or everywhere?"""

    division_code: DistrictCode | None = None


class Shop(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A shop of a chain."""

    chain: str
    name: str
    division_code: DistrictCode
    address: str


class Goods(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What chains sell, and for how much they usually do."""

    name: str
    size: str
    usual_fen: int


class Supermarkets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every shop, and what they all sell."""

    shops: tuple[Shop, ...]
    goods: tuple[Goods, ...]


def supermarkets() -> Supermarkets:
    """Read the shops and goods."""
    read: Supermarkets = listed("supermarkets", Supermarkets)
    return read


def offers(city: City, asked: AboutOffers) -> Offers:
    """Tell the week's offers, those that haven't ended."""
    today = clock.today()
    shops = [shop for shop in supermarkets().shops if asked.division_code in {None, shop.division_code}]
    told = (offer for shop in shops for offer in of_week(city.options.seed, shop, today))
    return Offers(tuple(offer for offer in told if offer.ends_on >= today))


def of_week(seed: int, shop: Shop, day: date) -> list[Offer]:
    """Give a shop's offers of the week in which a day lies; the first of them holds all week."""
    monday = day - _ONE_DAY * day.weekday()
    dice = chance(seed, "supermarket_offers", f"{shop.chain}:{monday.isoformat()}")
    reduced = dice.sample(supermarkets().goods, OFFERS_A_WEEK)
    return [_offer(shop, goods, monday, dice, all_week=place == 0) for place, goods in enumerate(reduced)]


def _offer(shop: Shop, goods: Goods, monday: date, dice: Random, *, all_week: bool) -> Offer:
    start = 0 if all_week else dice.randrange(3)
    length = _LAST_DAY if all_week else dice.randrange(2, _LAST_DAY - start + 1)
    off = dice.randrange(_LEAST_OFF, _MOST_OFF + 1)
    return Offer(
        chain=shop.chain,
        shop=shop.name,
        division_code=shop.division_code,
        address=shop.address,
        goods=goods.name,
        size=goods.size,
        price_fen=goods.usual_fen * (_PERCENT - off) // _PERCENT // 10 * 10,
        usual_fen=goods.usual_fen,
        starts_on=monday + _ONE_DAY * start,
        ends_on=monday + _ONE_DAY * (start + length),
        source=f"{shop.chain}申报",
    )


SERVICES: Final[dict[str, Service]] = {"supermarket_offers": of_everybody_asked(AboutOffers, offers)}
