"""The education party (JYJ) on schools: cards of all, kindergartens, primary schools, and the districts that belong to them.

Public schools are those to which the city's pupils go (`schools`): one of each lower stage in every street and town.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from app.kernel.structs import Line
from integrations.city import universities
from integrations.city.chance import chance, weighted
from integrations.city.divisions import BY_CODE, DIVISIONS
from integrations.city.registers import Service, of_everybody, of_everybody_asked
from integrations.city.school_year import PrivateKindergarten, PrivateSchool, plan, private_schools
from integrations.city.schools import CUT_OFF, FIRST_ENTRY_AGE, Stage, classes, school_at
from integrations.city.towns import TOWNS, is_rural
from integrations.city.world import City
from integrations.departments.school_directory import (
    District,
    Districts,
    Kindergarten,
    Kindergartens,
    PrimarySchool,
    PrimarySchools,
    Rating,
    SchoolCard,
    SchoolCards,
    TownCode,
)
from integrations.departments.schooling import Division

_RATINGS: Final[tuple[tuple[Rating, int], ...]] = (("provincial", 15), ("class1", 30), ("class2", 35), ("class3", 20))
_RURAL_RATINGS: Final[tuple[tuple[Rating, int], ...]] = (("class1", 15), ("class2", 45), ("class3", 40))
_LOWER: Final[tuple[Stage, ...]] = ("kindergarten", "primary", "junior")
_UPPER: Final[tuple[Stage, ...]] = ("senior", "vocational")
_COLLEGE: Final = "职业技术学院"


class InDivision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which are there, of one division or of all?"""

    division_code: Division | None = None


class WhichDistricts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In which district does an address lie? Or which are there in a division, or in one of its streets?"""

    address: Line | None = None
    division_code: Division | None = None
    town_code: TownCode | None = None


Place = tuple[str, str, str]
"""The code of a division, and of a street or town in it, and its name."""


def places() -> Iterator[Place]:
    """Go through every street and town."""
    return ((division.code, code, name) for division in DIVISIONS for code, name in division.streets)


def school_cards(_: City) -> SchoolCards:
    """Tell every school's card."""
    cards = (*_lower_cards(), *_upper_cards(), *_university_cards(), *_private_cards())
    return SchoolCards(tuple(cards))


def kindergartens(city: City, asked: InDivision) -> Kindergartens:
    """Tell the kindergartens, the public ones first."""
    public = (_public_kindergarten(city, place) for place in places())
    private = (_private_kindergarten(city, one) for one in private_schools().kindergartens)
    return Kindergartens(tuple(one for one in (*public, *private) if _is_in(one.division_code, asked)))


def primary_schools(_: City, asked: InDivision) -> PrimarySchools:
    """Tell the primary schools, the public ones first."""
    public = (_public_primary(place) for place in places())
    private = (_private_primary(one) for one in private_schools().schools if one.stage == "primary")
    return PrimarySchools(tuple(one for one in (*public, *private) if _is_in(one.division_code, asked)))


def districts(_: City, asked: WhichDistricts) -> Districts:
    """Tell the districts that an address lies in: that of its street, or all of its division if it names none."""
    among = [
        place for place in places() if asked.division_code in {None, place[0]} and asked.town_code in {None, place[1]}
    ]
    fitting = among if asked.address is None else _by_address(asked.address, among)
    return Districts(tuple(_district(place) for place in fitting))


def _by_address(address: str, among: list[Place]) -> list[Place]:
    """Find the street that an address names; 福莱山街道 has 莱山街道 in it, so the longest name is meant."""
    of_division = [place for place in among if BY_CODE[place[0]].name in address]
    named = [place for place in of_division or among if place[2] in address]
    longest = max((len(place[2]) for place in named), default=0)
    return [place for place in named if len(place[2]) == longest] or of_division


def _is_in(division_code: str, asked: InDivision) -> bool:
    return asked.division_code in {None, division_code}


def _district(place: Place) -> District:
    division, town_code, town = place
    primary, junior = school_at(division, town_code, "primary"), school_at(division, town_code, "junior")
    return District(
        division_code=division,  # type: ignore[arg-type]
        town_code=town_code,
        town=town,
        area=f"{BY_CODE[division].name}{town}全域",
        primary_code=primary[1],
        primary_name=primary[0],
        junior_code=junior[1],
        junior_name=junior[0],
        plan_year=plan().year,
    )


def _address(division: str, town_code: str, number: int) -> str:
    town = dict(TOWNS[division])[town_code]
    road = "驻地学堂街" if is_rural(town_code) else "学堂街"
    return f"山东省烟台市{BY_CODE[division].name}{town}{road}{number}号"


def _phone(code: str) -> str:
    """Give a number that nobody has: subscribers' never begin with 1."""
    return f"0535-1{chance(0, 'school_phone', code).randrange(10**6):06d}"


def _lower_cards() -> Iterator[SchoolCard]:
    for division, town_code, town in places():
        for number, stage in enumerate(_LOWER, 1):
            name, code = school_at(division, town_code, stage)
            yield _card((name, code), stage, (division, _address(division, town_code, number)), f"{town}全域")


def _upper_cards() -> Iterator[SchoolCard]:
    for division in DIVISIONS:
        for number, stage in enumerate(_UPPER, 11):
            found = school_at(division.code, "000", stage)
            where = _address(division.code, division.streets[0][0], number)
            yield _card(found, stage, (division.code, where), f"{division.name}全域")


def _university_cards() -> Iterator[SchoolCard]:
    for place, one in enumerate(universities.UNIVERSITIES):
        stage: Stage = "college" if one.name.endswith(_COLLEGE) else "university"
        where = f"山东省烟台市{BY_CODE[one.division_code].name}大学路{place + 1}号"
        yield _card((one.name, f"9370600{place:03d}"), stage, (one.division_code, where), "全国统一招生考试")


def _card(school: tuple[str, str], stage: Stage, where: tuple[str, str], admits_from: str) -> SchoolCard:
    name, code = school
    division, address = where
    return SchoolCard(
        code=code,
        name=name,
        stage=stage,
        ownership="public",
        division_code=division,  # type: ignore[arg-type]
        address=address,
        admits_from=admits_from,
        phone=_phone(code),
    )


def _private_cards() -> Iterator[SchoolCard]:
    listed = private_schools()
    yield from (_private_card("kindergarten", one) for one in listed.kindergartens)
    yield from (_private_card(one.stage, one) for one in listed.schools)


def _private_card(stage: Stage, one: PrivateKindergarten | PrivateSchool) -> SchoolCard:
    where = (one.division_code, _private_address(one))
    card = _card((one.name, one.code), stage, where, f"{BY_CODE[one.division_code].name}全域")
    return msgspec.structs.replace(card, ownership="private")


def _private_address(one: PrivateKindergarten | PrivateSchool) -> str:
    return _address(one.division_code, one.town_code, 20 + int(one.code[-2:]) + 2 * int(one.code[0]))


def _public_kindergarten(city: City, place: Place) -> Kindergarten:
    division, town_code, _ = place
    name, code = school_at(division, town_code, "kindergarten")
    dice = chance(city.options.seed, "kindergarten", code)
    rating = weighted(dice, _RURAL_RATINGS if is_rural(town_code) else _RATINGS)
    places_of_year = classes(BY_CODE[division], "kindergarten") * plan().class_sizes.kindergarten
    found = _kindergarten((name, code), (division, _address(division, town_code, 1)), rating, "public")
    return msgspec.structs.replace(found, places=places_of_year, vacant_now=dice.randrange(places_of_year // 3))


def _private_kindergarten(city: City, one: PrivateKindergarten) -> Kindergarten:
    dice = chance(city.options.seed, "kindergarten", one.code)
    size = plan().class_sizes.kindergarten * dice.randrange(1, 4)
    kind = "supported" if one.supported else "private"
    found = _kindergarten((one.name, one.code), (one.division_code, _private_address(one)), one.rating, kind)
    return msgspec.structs.replace(found, places=size, vacant_now=dice.randrange(size // 2))


def _kindergarten(school: tuple[str, str], where: tuple[str, str], rating: Rating, kind: str) -> Kindergarten:
    name, code = school
    division, address = where
    window, fee = plan().windows.kindergarten, plan().fee(kind, rating)
    return Kindergarten(
        code=code,
        name=name,
        ownership="public" if kind == "public" else "private",
        supported=kind != "private",
        rating=rating,
        division_code=division,  # type: ignore[arg-type]
        address=address,
        places=0,
        vacant_now=0,
        monthly_fee_fen=fee.monthly_fen,
        monthly_meals_fen=fee.meals_fen,
        last_year_free=kind == "public",
        register_from=window.register_from,
        register_until=window.register_until,
        phone=_phone(code),
    )


def _public_primary(place: Place) -> PrimarySchool:
    division, town_code, town = place
    size = classes(BY_CODE[division], "primary") * plan().class_sizes.primary
    return _primary(school_at(division, town_code, "primary"), division, f"{town}全域", size)


def _private_primary(one: PrivateSchool) -> PrimarySchool:
    found = _primary((one.name, one.code), one.division_code, f"{BY_CODE[one.division_code].name}全域", one.places)
    return msgspec.structs.replace(found, ownership="private")


def _primary(school: tuple[str, str], division: str, admits_from: str, size: int) -> PrimarySchool:
    year = plan()
    window, until = year.windows.primary, year.starts_on.replace(year=year.year - FIRST_ENTRY_AGE)
    return PrimarySchool(
        code=school[1],
        name=school[0],
        ownership="public",
        division_code=division,  # type: ignore[arg-type]
        admits_from=admits_from,
        places=size,
        entry_on=year.starts_on,
        born_from=until.replace(year=until.year - 1),
        born_until=until.replace(month=CUT_OFF[0], day=CUT_OFF[1]),
        register_from=window.register_from,
        register_until=window.register_until,
        result_on=window.result_on,
        phone=_phone(school[1]),
    )


SERVICES: Final[dict[str, Service]] = {
    "schools": of_everybody(school_cards),
    "kindergartens": of_everybody_asked(InDivision, kindergartens),
    "primary_schools": of_everybody_asked(InDivision, primary_schools),
    "school_districts": of_everybody_asked(WhichDistricts, districts),
}
