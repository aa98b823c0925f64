"""The transport party (JTJ) on coaches, carriers, trains and ferries, and the airport's (AIRPORT) on flights.

Ferries stop at their limit of wind, which is forecast for each water and day; flights are late or cancelled by chance.
"""

from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from app.kernel import clock
from integrations.city.chance import chance, percent, weighted
from integrations.city.clock_times import instant, minutes_of
from integrations.city.registers import Service, listed, of_everybody, of_everybody_asked
from integrations.city.world import City
from integrations.departments.timetables import (
    Carriers,
    Flight,
    Flights,
    FlightState,
    FlightWay,
    Sailing,
    Sailings,
    SailingState,
    Train,
    TrainCall,
    Trains,
)

TOLD_DAYS: Final = 30
"""So many days around today are told of."""
CALM: Final = 2
_FORECAST_DAYS: Final = 10
_KNOWN_BEFORE: Final = timedelta(hours=4)
"""From then on before a flight it is known that it is late or cancelled."""
_BOARDING_BEFORE: Final = timedelta(minutes=40)
_CANCELLED_PERCENT, _ON_TIME_PERCENT = 2, 76


class DayQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What goes on a day? Today, if none is named."""

    day: date | None = None


class DrawnTrain(msgspec.Struct, frozen=True):
    """A train of the list."""

    train_no: str
    origin: str
    destination: str
    departs: str
    arrives: str
    minutes: int
    calls: tuple[TrainCall, ...]


class TrainList(msgspec.Struct, frozen=True):
    """Every train, and where tickets are."""

    tickets_at: str
    items: tuple[DrawnTrain, ...]


class Water(msgspec.Struct, frozen=True):
    """A water, its limit of wind, and how often each force from 2 on is forecast."""

    code: str
    wind_limit: int
    wind_weights: tuple[int, ...]


class DrawnSailing(msgspec.Struct, frozen=True):
    """A daily sailing of the list."""

    sailing_no: str
    origin: str
    destination: str
    waters: str
    vessel: str
    operator: str
    departs: str
    minutes: int
    fare_fen: int
    takes_vehicles: bool


class Ferries(msgspec.Struct, frozen=True):
    """Waters and sailings."""

    waters: tuple[Water, ...]
    items: tuple[DrawnSailing, ...]


class DrawnFlight(msgspec.Struct, frozen=True):
    """A flight of the list, on some weekdays (1 is Monday)."""

    flight_no: str
    airline: str
    way: FlightWay
    city: str
    scheduled: str
    minutes: int
    days: tuple[int, ...]
    terminal: str
    gate: str | None = None


class FlightPlan(msgspec.Struct, frozen=True):
    """Every flight."""

    items: tuple[DrawnFlight, ...]


def trains(_: City) -> Trains:
    """Tell the timetable, each train with the link to where tickets are."""
    drawn = listed("trains", TrainList)
    return Trains(tuple(Train(**msgspec.structs.asdict(one), tickets_at=drawn.tickets_at) for one in drawn.items))


def sailings(city: City, asked: DayQuestion) -> Sailings | None:
    """Tell the sailings of a day; None where it isn't told of yet, or any more."""
    now = clock.now()
    day = asked.day or now.date()
    return sailings_on(city.population.seed, day, now) if _is_told(day, now) else None


def sailings_on(seed: int, day: date, now: datetime) -> Sailings:
    """Tell the sailings of a day as they stand at an instant, in the order of departure."""
    drawn = listed("ferries", Ferries)
    waters = {water.code: water for water in drawn.waters}
    told = (_sailing(seed, waters[one.waters], (one, day), now) for one in drawn.items)
    return Sailings(tuple(sorted(told, key=lambda one: (one.departs_at, one.sailing_no))))


def _sailing(seed: int, water: Water, drawn_on: tuple[DrawnSailing, date], now: datetime) -> Sailing:
    drawn, day = drawn_on
    departs = instant(day, minutes_of(drawn.departs))
    force = wind(seed, water, day)
    state: SailingState = "departed" if departs <= now else "running"
    return Sailing(
        sailing_no=drawn.sailing_no,
        origin=drawn.origin,
        destination=drawn.destination,
        vessel=drawn.vessel,
        operator=drawn.operator,
        departs_at=departs,
        arrives_at=departs + timedelta(minutes=drawn.minutes),
        fare_fen=drawn.fare_fen,
        takes_vehicles=drawn.takes_vehicles,
        state="suspended" if force >= water.wind_limit else state,
        wind_force=force,
        wind_limit=water.wind_limit,
        resumes_on=_resumes_on(seed, water, day) if force >= water.wind_limit else None,
    )


def wind(seed: int, water: Water, day: date) -> int:
    """Forecast the wind of a day in Beaufort."""
    forces = [(CALM + place, weight) for place, weight in enumerate(water.wind_weights)]
    return weighted(chance(seed, "wind", f"{water.code}:{day}"), forces)


def _resumes_on(seed: int, water: Water, day: date) -> date | None:
    """Give the next day on which the wind stays below the limit, as far as it is forecast."""
    later = (day + timedelta(days=days) for days in range(1, _FORECAST_DAYS + 1))
    return next((one for one in later if wind(seed, water, one) < water.wind_limit), None)


def flights(city: City, asked: DayQuestion) -> Flights | None:
    """Tell the flights of a day; None where it isn't told of yet, or any more."""
    now = clock.now()
    day = asked.day or now.date()
    return flights_on(city.population.seed, day, now) if _is_told(day, now) else None


def flights_on(seed: int, day: date, now: datetime) -> Flights:
    """Tell the flights of a day as they stand at an instant, in the order of their times."""
    drawn = (one for one in listed("flights", FlightPlan).items if day.isoweekday() in one.days)
    told = (flight_at(seed, one, day, now) for one in drawn)
    return Flights(tuple(sorted(told, key=lambda one: (one.scheduled_at, one.flight_no))))


def flight_at(seed: int, drawn: DrawnFlight, day: date, now: datetime) -> Flight:
    """Tell one flight; that it is late or cancelled is known some hours before."""
    scheduled = instant(day, minutes_of(drawn.scheduled))
    late = _late_minutes(seed, drawn, day) if now >= scheduled - _KNOWN_BEFORE else 0
    expected = None if late is None else scheduled + timedelta(minutes=late)
    return Flight(
        flight_no=drawn.flight_no,
        airline=drawn.airline,
        way=drawn.way,
        city=drawn.city,
        scheduled_at=scheduled,
        expected_at=expected,
        state=_flight_state(drawn.way, scheduled, expected, now),
        terminal=drawn.terminal,
        gate=drawn.gate,
    )


def _late_minutes(seed: int, drawn: DrawnFlight, day: date) -> int | None:
    """Draw by how much a flight is late; None for one that is cancelled."""
    dice = chance(seed, "flight", f"{drawn.flight_no}:{day}")
    if percent(dice, _CANCELLED_PERCENT):
        return None
    return 0 if percent(dice, _ON_TIME_PERCENT) else 15 + 5 * dice.randrange(25)


def _flight_state(way: FlightWay, scheduled: datetime, expected: datetime | None, now: datetime) -> FlightState:
    if expected is None:
        return "cancelled"
    if expected <= now:
        return "departed" if way == "departure" else "landed"
    if way == "departure" and expected - _BOARDING_BEFORE <= now:
        return "boarding"
    return "delayed" if expected > scheduled else "scheduled"


def _is_told(day: date, now: datetime) -> bool:
    return abs((day - now.date()).days) <= TOLD_DAYS


SERVICES: Final[dict[str, Service]] = {
    "carriers": of_everybody(lambda _: listed("carriers", Carriers)),
    "trains": of_everybody(trains),
    "sailings": of_everybody_asked(DayQuestion, sailings),
}
AIRPORT_SERVICES: Final[dict[str, Service]] = {"flights": of_everybody_asked(DayQuestion, flights)}
