"""The transport party (JTJ) on ways to go: timetables are scanned once for each further ride (as in RAPTOR and connection scan).

A round knows the earliest arrival anywhere with so many rides; what it improves at the destination is a way to go.
"""

from datetime import date
from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.structs import Instant, ShortLine
from app.kernel.text import normalised
from integrations.city.clock_times import instant, minute_of_day
from integrations.city.network import Connection, Links, connections, walks
from integrations.city.registers import Service, listed, of_everybody_asked
from integrations.city.world import City
from integrations.departments.journeys import Journey, Journeys, Leg

MOST_RIDES: Final = 4
_NEVER: Final = 10**9


class JourneysQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How does one get from here to there, setting out now or then?"""

    origin: ShortLine
    destination: ShortLine
    departs_at: Instant | None = None


class Ride(msgspec.Struct, frozen=True):
    """Part of a trip: got in for the first connection, out after the last."""

    first: Connection
    last: Connection


class Step(msgspec.Struct, frozen=True):
    """A walk; minutes from midnight as in connections."""

    origin: str
    destination: str
    departs: int
    arrives: int


Came = dict[str, Ride | Step]
"""By place: how it was reached at its earliest, in one round."""


def journeys(city: City, asked: JourneysQuestion) -> Journeys | None:
    """Tell a few ways to go; None where a place isn't on any line."""
    at = clock.local(asked.departs_at) if asked.departs_at else clock.now()
    rides = connections(city.population.seed, at.date(), clock.now())
    known = {place for ride in rides for place in (ride.origin, ride.destination)} | walks().keys()
    origins, destinations = places(asked.origin, known), places(asked.destination, known)
    if not origins or not destinations:
        return None
    found = plan(rides, origins, destinations - origins, minute_of_day(at))
    return Journeys(tuple(told(legs, at.date()) for legs in found))


def places(text: str, known: set[str]) -> set[str]:
    """Give the place of that name, or all that have the text in theirs: 烟台 is each of its stations."""
    wanted = normalised(text)
    return {wanted} if wanted in known else {place for place in known if wanted and wanted in place}


def plan(rides: list[Connection], origins: set[str], destinations: set[str], start: int) -> list[list[Ride | Step]]:
    """Find the ways that arrive the earliest with so many rides, each earlier than those with fewer."""
    reached = dict.fromkeys(origins, start)
    rounds: list[Came] = [{}]
    _walk_on(reached, rounds[0], set(origins))
    found, best = [], _NEVER
    for _ in range(MOST_RIDES):
        reached, came = _ride_on(rides, reached)
        rounds.append(came)
        place = min(destinations & came.keys(), key=lambda one: (reached[one], one), default=None)
        if place is not None and reached[place] < best:
            best = reached[place]
            found.append(_way_back(rounds, place))
    return found


def _ride_on(rides: list[Connection], before: dict[str, int]) -> tuple[dict[str, int], Came]:
    """Take one more ride from wherever one was, and walk from where it ends."""
    margins = listed("journeys", Links).margins
    reached, came, boarded = dict(before), Came(), dict[str, Connection]()
    for ride in rides:
        if ride.trip not in boarded and before.get(ride.origin, _NEVER) + margins[ride.mode] <= ride.departs:
            boarded[ride.trip] = ride
        if ride.trip in boarded and ride.arrives < reached.get(ride.destination, _NEVER):
            reached[ride.destination] = ride.arrives
            came[ride.destination] = Ride(boarded[ride.trip], ride)
    _walk_on(reached, came, set(came))
    return reached, came


def _walk_on(reached: dict[str, int], came: Came, starts: set[str]) -> None:
    """Walk from each of these places to those nearby."""
    ways, since = walks(), {place: reached[place] for place in starts}
    for place in sorted(starts):
        for other, minutes in ways.get(place, ()):
            if since[place] + minutes < reached.get(other, _NEVER):
                reached[other] = since[place] + minutes
                came[other] = Step(place, other, since[place], since[place] + minutes)


def _way_back(rounds: list[Came], place: str) -> list[Ride | Step]:
    """Follow the rounds back from a place to where one set out."""
    legs: list[Ride | Step] = []
    level = len(rounds) - 1
    while level >= 0:
        leg = rounds[level].get(place)
        if leg is None:
            level -= 1
            continue
        legs.append(leg)
        place = leg.first.origin if isinstance(leg, Ride) else leg.origin
        level -= isinstance(leg, Ride)
    return legs[::-1]


def told(legs: list[Ride | Step], day: date) -> Journey:
    """Tell a way to go."""
    shown = tuple(_leg(leg, day) for leg in _set_out_late(legs))
    departs, arrives = shown[0].departs_at, shown[-1].arrives_at
    rides = sum(isinstance(leg, Ride) for leg in legs)
    return Journey(
        departs_at=departs,
        arrives_at=arrives,
        minutes=int((arrives - departs).total_seconds()) // 60,
        changes=max(0, rides - 1),
        walk_minutes=sum(leg.arrives - leg.departs for leg in legs if isinstance(leg, Step)),
        legs=shown,
    )


def _set_out_late(legs: list[Ride | Step]) -> list[Ride | Step]:
    """Walk to the first ride so that one is there in time, rather than at once."""
    match legs:
        case [Step() as walk, Ride(first=ride), *_]:
            pass
        case _:
            return legs
    wait = ride.departs - listed("journeys", Links).margins[ride.mode] - walk.arrives
    later = msgspec.structs.replace(walk, departs=walk.departs + wait, arrives=walk.arrives + wait)
    return [later, *legs[1:]]


def _leg(leg: Ride | Step, day: date) -> Leg:
    if isinstance(leg, Step):
        return Leg("walk", None, leg.origin, leg.destination, instant(day, leg.departs), instant(day, leg.arrives))
    first, last = leg.first, leg.last
    return Leg(
        first.mode,
        first.line,
        first.origin,
        last.destination,
        instant(day, first.departs),
        instant(day, last.arrives),
    )


SERVICES: Final[dict[str, Service]] = {"journeys": of_everybody_asked(JourneysQuestion, journeys)}
