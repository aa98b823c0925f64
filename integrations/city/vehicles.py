"""Driving licences (驾驶证) and cars: plates of 鲁F, inspection, points. Grown-ups only (机动车驾驶证申领和使用规定)."""

from datetime import date
from typing import Final, Literal

import msgspec

from integrations.city.chance import percent, weighted
from integrations.city.days import birthday, month_end, years_after
from integrations.city.people import ADULT, HEAD, Person, age_on
from integrations.city.population import REFERENCE, Population

Energy = Literal["petrol", "electric", "hybrid"]
LicenceClass = Literal["C1", "C2", "B1", "B2", "A2", "E"]
FULL_POINTS: Final = 12
FIRST_TERM, SECOND_TERM = 6, 10
YEARLY_FROM: Final = 10
"""Years after the first registration from which a car is inspected every year."""
_AGES: Final = range(ADULT, 76)
_HEAVY_FROM: Final[dict[LicenceClass, int]] = {"B1": 20, "B2": 20, "A2": 22}
_CLASSES: Final[tuple[tuple[LicenceClass, int], ...]] = (
    ("C1", 76),
    ("C2", 14),
    ("B2", 5),
    ("E", 3),
    ("B1", 1),
    ("A2", 1),
)
_CAR_PERCENT: Final = 46
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_FORMS: Final = ("LLDDD", "DDDLL", "LDDDD", "DLDDD", "DDLDD", "DDDLD", "DDDDL")
"""Places of letters and digits on a plate; I and O are never used."""
_PER_HOUSEHOLD: Final = 2
_MIX: Final = 1_000_003
"""Coprime to the number of plates: neighbours' plates don't look alike, and none is given twice."""
_ELECTRIC, _HYBRID = "DABCE", "FGHJK"
_BRANDS: Final = ("福海", "云帆", "海燕", "金沙", "昆嵛", "蓬莱阁")


class Licence(msgspec.Struct, frozen=True):
    """A driving licence: six years, then ten, then for good; points count in the cycle of twelve months."""

    licence_no: str
    licence_class: LicenceClass
    first_issued_on: date
    expires_on: date | None
    points: int


class Vehicle(msgspec.Struct, frozen=True):
    """A small private car (小型汽车, 非营运); the inspection is valid to the end of a month (机动车登记规定)."""

    plate: str
    brand: str
    energy: Energy
    owner: str
    registered_on: date
    inspection_valid_until: date


def licence_of(population: Population, person: Person) -> Licence | None:
    """Tell somebody's driving licence, if they have one."""
    age = age_on(person.birth_date, REFERENCE)
    dice = population.dice("licence", person.id_number)
    share = (
        0 if age not in _AGES or person.household_no == "" else (74 if person.sex == "male" else 52) - max(0, age - 50)
    )
    if not person.alive or not percent(dice, share):
        return None
    licence_class = weighted(dice, _CLASSES)
    least = _HEAVY_FROM.get(licence_class, ADULT)
    if age <= least:
        licence_class, least = "C1", ADULT
    earliest = birthday(person.birth_date, least)
    days = (REFERENCE - earliest).days
    issued = date.fromordinal(earliest.toordinal() + dice.randrange(min(days, 30 * 365) + 1) + max(0, days - 30 * 365))
    points = weighted(dice, ((0, 70), (1, 8), (3, 10), (6, 8), (9, 4)))
    return Licence(person.id_number, licence_class, issued, licence_expiry(issued), points)


def licence_expiry(issued: date) -> date | None:
    """Give the end of the present term: six years, ten more, and then none (驾驶证规定: 六年、十年、长期)."""
    for term in (FIRST_TERM, FIRST_TERM + SECOND_TERM):
        if years_after(issued, term) > REFERENCE:
            return years_after(issued, term)
    return None


def vehicles_of(population: Population, person: Person) -> tuple[Vehicle, ...]:
    """Tell somebody's cars: one of the two first adults of a household who drive."""
    place = _place(population, person)
    licence = licence_of(population, person) if place is not None else None
    dice = population.dice("vehicle", person.id_number)
    if place is None or licence is None or licence.licence_class == "E" or not percent(dice, _CAR_PERCENT):
        return ()
    days = min((REFERENCE - licence.first_issued_on).days, 17 * 365)
    registered = date.fromordinal(REFERENCE.toordinal() - dice.randrange(days + 1))
    energies: tuple[tuple[Energy, int], ...] = (("petrol", 72), ("electric", 18), ("hybrid", 10))
    energy = weighted(dice, energies) if registered.year >= REFERENCE.year - 8 else "petrol"
    serial = population.households[person.household_no].serial
    return (
        Vehicle(
            plate=plate(_PER_HOUSEHOLD * serial + place, energy),
            brand=dice.choice(_BRANDS),
            energy=energy,
            owner=person.id_number,
            registered_on=registered,
            inspection_valid_until=_inspection(registered, overdue=percent(dice, 3)),
        ),
    )


def inspection_due(registered: date, day: date) -> date:
    """Give when the inspection that is valid on a day ends: every two years up to the tenth, then yearly; to the month's end."""
    years = 2
    while month_end(years_after(registered, years)) < day:
        years += 2 if years < YEARLY_FROM else 1
    return month_end(years_after(registered, years))


def plate(index: int, energy: Energy) -> str:
    """Give the plate with an index: 鲁F and five characters, six for new energy (GA 36-2018). No two are the same."""
    if energy != "petrol":
        kinds = _ELECTRIC if energy == "electric" else _HYBRID
        rest, digits = divmod(index * _MIX % 1_700_000, 10_000)
        second = ("0123456789" + _LETTERS)[rest // len(kinds)]
        return f"鲁F{kinds[rest % len(kinds)]}{second}{digits:04d}"
    left = index * _MIX % sum(_size(form) for form in _FORMS)
    for form in _FORMS:
        if left < _size(form):
            return f"鲁F{_written(form, left)}"
        left -= _size(form)
    raise OverflowError


def _place(population: Population, person: Person) -> int | None:
    """Tell which of its two cars a household's member may own: the head's the first, the wife's or husband's the second."""
    home = population.household_of(person)
    if home is None or home.kind != "family" or not person.alive:
        return None
    if person.relation_code == HEAD:
        return 0
    return 1 if person.relation_code in {"11", "12"} else None


def _inspection(registered: date, *, overdue: bool) -> date:
    due = inspection_due(registered, REFERENCE)
    last = month_end(years_after(registered, 2))
    if not overdue or due == last:
        return due
    return inspection_due(registered, years_after(REFERENCE, -1))


def _size(form: str) -> int:
    size = 1
    for sign in form:
        size *= len(_LETTERS) if sign == "L" else 10
    return size


def _written(form: str, number: int) -> str:
    signs = []
    for sign in reversed(form):
        base = len(_LETTERS) if sign == "L" else 10
        number, place = divmod(number, base)
        signs.append(_LETTERS[place] if sign == "L" else str(place))
    return "".join(reversed(signs))
