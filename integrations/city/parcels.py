"""The Postal Administration (YZJ): parcels to the city's people, each with a way that is fixed once it is sent.

Every ten days most people with a phone are sent a parcel. Its number says in which ten days, and to whom in digits only; its way
follows from chance, and is told as far as it has come.
"""

import re
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

import msgspec

from app.kernel import clock
from integrations.city.chance import percent
from integrations.city.divisions import BY_CODE
from integrations.city.numbers import BODY, body_of, is_checked, person_at, with_check
from integrations.city.people import Person
from integrations.city.population import Population
from integrations.city.registers import Service, listed, of_everybody_asked
from integrations.city.world import City
from integrations.departments.parcels import Parcel, ParcelEvent, PhoneTail, TrackingNumber

PERIOD: Final = timedelta(days=10)
FIRST_DAY: Final = date(2020, 1, 1)
_SENT_PERCENT: Final = 70
_NUMBER: Final = re.compile(rf"\AFH([0-9]{{4}})([0-9]{{{BODY}}})[0-9]\Z")
_MORNING: Final = time(8)
_HUB: Final = "烟台分拨中心"


class AboutParcel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far has a parcel come whose receiver's phone ends so?"""

    tracking_no: TrackingNumber
    phone_tail: PhoneTail


class Couriers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who brings parcels, and where they come from."""

    couriers: tuple[str, ...]
    origins: tuple[str, ...]


def couriers() -> Couriers:
    """Read the couriers."""
    read: Couriers = listed("couriers", Couriers)
    return read


def period_of(day: date) -> int:
    """Count the ten days in which a day lies, from 2020 on."""
    return (day - FIRST_DAY) // PERIOD


def tracking_no(population: Population, person: Person, period: int) -> str | None:
    """Give the number of the parcel that somebody is sent in those ten days, if they are."""
    if person.phone is None or not person.alive or population.household_of(person) is None:
        return None
    if not percent(_dice(population, person, period), _SENT_PERCENT):
        return None
    return f"FH{with_check(f'{period:04d}{body_of(population, person)}')}"


def parcel(city: City, asked: AboutParcel) -> Parcel | None:
    """Tell a parcel's way; one that isn't sent yet, and one to another phone, aren't known."""
    found = _found(city.population, asked)
    if found is None:
        return None
    receiver, period = found
    events = tuple(event for event in _way(city.population, receiver, period) if event.at <= clock.now())
    if not events:
        return None
    return Parcel(
        tracking_no=asked.tracking_no,
        courier=_courier(city.population, receiver, period),
        state=events[-1].state,
        delivering_office=_office(city.population, receiver),
        trace=events[::-1],
    )


def _found(population: Population, asked: AboutParcel) -> tuple[Person, int] | None:
    """Find to whom a parcel goes, and in which ten days it was sent; the number must be the very one."""
    read = _NUMBER.match(asked.tracking_no)
    if read is None or not is_checked(asked.tracking_no[2:]):
        return None
    period, receiver = int(read[1]), person_at(population, read[2])
    if receiver is None or tracking_no(population, receiver, period) != asked.tracking_no:
        return None
    return (receiver, period) if (receiver.phone or "").endswith(asked.phone_tail) else None


def _dice(population: Population, person: Person, period: int) -> Random:
    return population.dice("parcel", f"{person.id_number}:{period}")


def _courier(population: Population, person: Person, period: int) -> str:
    return population.dice("courier", f"{person.id_number}:{period}").choice(couriers().couriers)


def _office(population: Population, person: Person) -> str:
    home = population.households[person.household_no]
    division = BY_CODE[home.division_code]
    return f"{division.name}{dict(division.streets)[home.town_code]}营业部"


def _way(population: Population, person: Person, period: int) -> tuple[ParcelEvent, ...]:
    """Draw every step: by lorry to the city's hub and on to the office, and from there with the courier in the morning."""
    dice = population.dice("parcel_way", f"{person.id_number}:{period}")
    origin, office = dice.choice(couriers().origins), _office(population, person)
    day = FIRST_DAY + PERIOD * period + timedelta(days=dice.randrange(PERIOD.days))
    sent = datetime.combine(day, _MORNING, clock.SHANGHAI) + _minutes(dice, 0, 700)
    left = sent + _minutes(dice, 120, 480)
    arrived = left + _minutes(dice, 900, 2_400)
    at_office = arrived + _minutes(dice, 180, 600)
    next_day = datetime.combine(at_office.date() + timedelta(days=1), _MORNING, clock.SHANGHAI)
    carried = next_day + _minutes(dice, 0, 90)
    delivered = carried + _minutes(dice, 40, 500)
    return (
        ParcelEvent(sent, f"{origin}揽收网点", "accepted"),
        ParcelEvent(left, f"{origin}分拨中心", "in_transit"),
        ParcelEvent(arrived, _HUB, "in_transit"),
        ParcelEvent(at_office, office, "at_station"),
        ParcelEvent(carried, office, "out_for_delivery"),
        ParcelEvent(delivered, office, "delivered"),
    )


def _minutes(dice: Random, least: int, most: int) -> timedelta:
    return timedelta(minutes=dice.randrange(least, most))


SERVICES: Final[dict[str, Service]] = {"parcel": of_everybody_asked(AboutParcel, parcel)}
