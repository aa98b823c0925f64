"""Traffic offences: the decided ones that make up a driver's points, and what cameras recorded of a car since.

Decided offences fall into the points cycle of the reference day and add up to the points in the register of licences. A car's
offences are those of its owner: with it, if it was registered by then.
"""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

import msgspec

from app.kernel.clock import SHANGHAI
from integrations.city.chance import percent, weighted
from integrations.city.days import years_after
from integrations.city.people import Person
from integrations.city.population import REFERENCE, Population
from integrations.city.registers import listed
from integrations.city.vehicles import Licence, Vehicle, licence_of, vehicles_of
from integrations.departments.driving import OffenceCode

_MOST_ENTRIES: Final = 3
"""Points come from about so many offences at most."""
_PAID_PERCENT: Final = 82
_RECORDED_WITHIN_DAYS: Final = 60
_ROADS: Final = ("福海路", "望潮路", "云帆路", "海晏街", "学堂街", "松风路", "灯塔路")
_CROSSINGS: Final = ("听涛街口", "梨花街口", "渔歌街口", "葡萄山路口")


class DrivingRules(msgspec.Struct, frozen=True):
    """Spans and limits of licences and points, dated."""

    full_points: int
    cycle_months: int
    probation_months: int
    renewal_window_days: int
    health_check_from_age: int
    large_vehicles_until_age: int
    motorcycles_until_age: int
    cancelled_after_years: int
    after_cycle_days: int
    most_reducible_points: int
    pay_within_days: int
    late_percent_a_day: int
    source: str
    verified_on: date


class OffenceRule(msgspec.Struct, frozen=True):
    """The points of an offence, the law's range for its fine, and what is taken within it."""

    offence: OffenceCode
    points: int
    least_fen: int
    most_fen: int
    fine_fen: int
    weight: int
    source: str


class OffenceRules(msgspec.Struct, frozen=True):
    """Every offence, dated."""

    verified_on: date
    items: tuple[OffenceRule, ...]


class Entry(msgspec.Struct, frozen=True):
    """An offence; `decided_on` is None while it is only recorded, `plate` where another's car was driven."""

    rule: OffenceRule
    at: datetime
    place: str
    plate: str | None
    decided_on: date | None
    paid: bool


def rules() -> DrivingRules:
    """Give the rules of licences and points."""
    known: DrivingRules = listed("driving_rules", DrivingRules)
    return known


def cycle_of(first_issued: date, day: date) -> tuple[date, date]:
    """Give the first and the last day of the points cycle on a day: twelve months from each anniversary of the first licence."""
    years = max(0, day.year - first_issued.year)
    if years and years_after(first_issued, years) > day:
        years -= 1
    return years_after(first_issued, years), years_after(first_issued, years + 1) - timedelta(days=1)


def decided(population: Population, person: Person) -> tuple[Entry, ...]:
    """Give the offences of a driver's cycle on the reference day; their points are those of the licence."""
    licence = licence_of(population, person)
    if licence is None:
        return ()
    dice, left = population.dice("decided_offences", person.id_number), licence.points
    cars, entries = vehicles_of(population, person), []
    while left:
        rule = _drawn(dice, max(1, left // _MOST_ENTRIES), left)
        entries.append(_entry(dice, rule, licence, cars))
        left -= rule.points
    return tuple(entries)


def recorded(population: Population, car: Vehicle) -> tuple[Entry, ...]:
    """Give what cameras recorded of a car and nobody has dealt with yet, never from before it was registered."""
    dice = population.dice("recorded_offences", car.plate)
    days = min((REFERENCE - car.registered_on).days, _RECORDED_WITHIN_DAYS)
    return tuple(
        Entry(_drawn(dice, 0, rules().full_points), *_where_and_when(dice, days), car.plate, None, paid=False)
        for _ in range(weighted(dice, ((0, 70), (1, 22), (2, 8))))
    )


def of_car(population: Population, owner: Person, car: Vehicle) -> tuple[Entry, ...]:
    """Give every offence of a car, the newest first."""
    found = [one for one in decided(population, owner) if one.plate == car.plate]
    return tuple(sorted((*found, *recorded(population, car)), key=lambda one: one.at, reverse=True))


def pay_by(entry: Entry) -> date | None:
    """Give the last day on which a fine is paid without an addition: fifteen days from the decision (道路交通安全法 art. 108)."""
    return None if entry.decided_on is None else entry.decided_on + timedelta(days=rules().pay_within_days)


def is_overdue(entry: Entry, day: date) -> bool:
    """Say whether a fine should have been paid before a day."""
    last = pay_by(entry)
    return last is not None and not entry.paid and last < day


def late_fen(entry: Entry, day: date) -> int:
    """Give what is added to a late fine: 3 % a day, never more than the fine itself (道路交通安全法 art. 109; 行政强制法 art. 45)."""
    last = pay_by(entry)
    if last is None or not is_overdue(entry, day):
        return 0
    fine = entry.rule.fine_fen
    return min(fine, fine * rules().late_percent_a_day * (day - last).days // 100)


def counting(population: Population, person: Person, licence: Licence, day: date) -> tuple[Entry, ...]:
    """Give the offences that count on a day: of its cycle, or of an earlier one whose fine was overdue when the cycle began.

    Points are cleared with the cycle otherwise (记分管理办法 art. 15).
    """
    start, last = cycle_of(licence.first_issued_on, day)
    return tuple(
        one
        for one in decided(population, person)
        if one.decided_on is not None and (start <= one.decided_on <= last or _carried(one, start))
    )


def _carried(entry: Entry, start: date) -> bool:
    return entry.decided_on is not None and entry.decided_on < start and is_overdue(entry, start)


def _drawn(dice: Random, least_points: int, most_points: int) -> OffenceRule:
    """Draw an offence with points in a range, by how often it happens."""
    known: tuple[OffenceRule, ...] = listed("traffic_offences", OffenceRules).items
    return weighted(dice, [(one, one.weight) for one in known if least_points <= one.points <= most_points])


def _entry(dice: Random, rule: OffenceRule, licence: Licence, cars: tuple[Vehicle, ...]) -> Entry:
    start, _ = cycle_of(licence.first_issued_on, REFERENCE)
    decided_on = REFERENCE - timedelta(days=dice.randrange((REFERENCE - start).days + 1))
    days_before = dice.randrange(min(20, (decided_on - licence.first_issued_on).days + 1))
    at, place = _where_and_when(dice, 0)
    at -= timedelta(days=(REFERENCE - decided_on).days + days_before)
    plate = next((car.plate for car in cars if car.registered_on <= at.date()), None)
    return Entry(rule, at, place, plate, decided_on, paid=percent(dice, _PAID_PERCENT))


def _where_and_when(dice: Random, days: int) -> tuple[datetime, str]:
    """Draw a place, and a time of the reference day or up to so many days before."""
    day = REFERENCE - timedelta(days=dice.randrange(days + 1))
    at = datetime.combine(day, time(6 + dice.randrange(16), dice.randrange(60)), SHANGHAI)
    return at, f"{dice.choice(_ROADS)}{dice.choice(_CROSSINGS)}"
