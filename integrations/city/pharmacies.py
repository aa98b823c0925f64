"""Market regulation (SCJG) on pharmacies: the licensed ones, and the stock that each reports of the day."""

from datetime import date
from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.structs import ShortLine
from integrations.city.chance import chance, weighted
from integrations.city.days import years_after
from integrations.city.registers import Service, listed, of_everybody_asked
from integrations.city.world import City
from integrations.departments.food_and_drugs import Pharmacies, Pharmacy, Stock, StockLevel

LICENCE_YEARS: Final = 5
"""How long a licence runs (药品经营许可证)."""
_LEVELS: Final[tuple[tuple[StockLevel, int], ...]] = (("plenty", 70), ("few", 18), ("none", 12))


class PharmaciesAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which pharmacies have this medicine? Without one, every pharmacy."""

    medicine: ShortLine | None = None


class Medicine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A medicine whose stock is reported."""

    name: str
    prescription: bool


class PharmacyListed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pharmacy as it is licensed."""

    code: str
    name: str
    division_code: str
    address: str
    phone: str
    hours: str
    licence_no: str
    licence_until: date
    insured: bool


class PharmacyList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every licensed pharmacy, and what they report."""

    medicines: tuple[Medicine, ...]
    items: tuple[PharmacyListed, ...]


def pharmacies(city: City, asked: PharmaciesAsked) -> Pharmacies:
    """Tell the licensed pharmacies with today's stock, or those that have some of a medicine."""
    known: PharmacyList = listed("pharmacies", PharmacyList)
    today = clock.today()
    told = (
        Pharmacy(
            **msgspec.structs.asdict(renewed(one, today)),
            stock=stock(city.options.seed, one.code, known.medicines, today),
        )
        for one in known.items
    )
    return Pharmacies(tuple(one for one in told if asked.medicine is None or _has(one, asked.medicine)))


def renewed(pharmacy: PharmacyListed, day: date) -> PharmacyListed:
    """Let a pharmacy have its licence renewed whenever it runs out."""
    until = pharmacy.licence_until
    while until < day:
        until = years_after(until, LICENCE_YEARS)
    return msgspec.structs.replace(pharmacy, licence_until=until)


def stock(seed: int, code: str, medicines: tuple[Medicine, ...], day: date) -> tuple[Stock, ...]:
    """Draw what a pharmacy reports on a day."""
    dice = chance(seed, "pharmacy", f"{code}:{day}")
    return tuple(Stock(one.name, one.prescription, weighted(dice, _LEVELS)) for one in medicines)


def _has(pharmacy: Pharmacy, medicine: str) -> bool:
    return any(medicine in one.medicine and one.level != "none" for one in pharmacy.stock)


SERVICES: Final[dict[str, Service]] = {"pharmacies": of_everybody_asked(PharmaciesAsked, pharmacies)}
