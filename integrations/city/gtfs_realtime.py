"""What goes on now as GTFS-realtime (https://gtfs.org/documentation/realtime/reference/): delays, where buses are, what is suspended."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

import msgspec
from google.transit import gtfs_realtime_pb2 as gtfs

from integrations.city import gtfs_lines as lines
from integrations.city.buses import Running, late_minutes, runnings
from integrations.city.chance import chance
from integrations.city.clock_times import instant
from integrations.city.registers import listed
from integrations.city.timetables import Ferries

VERSION: Final = "2.0"
_AHEAD: Final = timedelta(minutes=30)
"""So long before it sets out a bus is told of."""
_DETOUR_PERCENT: Final = 30


class OnTheWay(msgspec.Struct, frozen=True):
    """A bus that is under way, or sets out soon."""

    running: Running
    number: int
    left_at: datetime
    late_seconds: int

    @property
    def trip_id(self) -> str:
        """As the schedule names it."""
        return f"{self.running.route.route_id}-{self.running.direction}-{self.number:03d}"

    def at_stop(self, place: int) -> datetime:
        """When it calls at its stop with a place, from 0."""
        return self.left_at + timedelta(minutes=place * self.running.route.minutes_between)


def trip_updates(seed: int, now: datetime, at: datetime) -> bytes:
    """How late the buses are that are under way or set out soon, and which sailings of today are cancelled."""
    feed = _feed(at)
    for bus in _on_the_way(seed, now):
        entity = feed.entity.add(id=bus.trip_id)
        _name(entity.trip_update.trip, bus)
        entity.trip_update.timestamp = int(at.timestamp())
        for place, stop in enumerate(bus.running.stops):
            told = entity.trip_update.stop_time_update.add(stop_sequence=place + 1, stop_id=stop.stop_id)
            told.arrival.time = told.departure.time = int(bus.at_stop(place).timestamp())
            told.arrival.delay = told.departure.delay = bus.late_seconds
    for ride in lines.ferry_rides():
        if lines.is_stormy(seed, ride.service_id, now.date()):
            trip = feed.entity.add(id=ride.trip_id).trip_update.trip
            trip.trip_id, trip.route_id, trip.start_date = ride.trip_id, ride.route_id, f"{now:%Y%m%d}"
            trip.schedule_relationship = gtfs.TripDescriptor.CANCELED
    return bytes(feed.SerializeToString(deterministic=True))


def vehicle_positions(seed: int, now: datetime, at: datetime) -> bytes:
    """Where the buses are that are under way."""
    feed = _feed(at)
    for bus in _on_the_way(seed, now):
        if bus.left_at > now:
            continue
        stops, between = bus.running.stops, timedelta(minutes=bus.running.route.minutes_between)
        place = min(int((now - bus.left_at) / between), len(stops) - 2)
        part = min((now - bus.left_at) / between - place, 1.0)
        entity = feed.entity.add(id=bus.trip_id)
        _name(entity.vehicle.trip, bus)
        one, other = stops[place], stops[place + 1]
        entity.vehicle.vehicle.id = f"鲁F{chance(seed, 'bus_plate', bus.trip_id).randrange(10_000, 99_999)}"
        entity.vehicle.position.latitude = one.stop_lat + part * (other.stop_lat - one.stop_lat)
        entity.vehicle.position.longitude = one.stop_lon + part * (other.stop_lon - one.stop_lon)
        entity.vehicle.current_stop_sequence = place + 2
        entity.vehicle.stop_id = other.stop_id
        entity.vehicle.current_status = gtfs.VehiclePosition.IN_TRANSIT_TO
        entity.vehicle.timestamp = int(at.timestamp())
    return bytes(feed.SerializeToString(deterministic=True))


def alerts(seed: int, now: datetime, at: datetime) -> bytes:
    """What everybody should know: waters on which no ferry sails today, and a line that goes another way."""
    feed, day = _feed(at), now.date()
    for water in listed("ferries", Ferries).waters:
        if lines.is_stormy(seed, water.code, day):
            alert = feed.entity.add(id=f"storm-{water.code}").alert
            alert.cause, alert.effect = gtfs.Alert.WEATHER, gtfs.Alert.NO_SERVICE
            routes = [line.route_id for line in lines.ferry_lines().values() if line.service_id == water.code]
            _say(alert, day, routes, ("大风停航", "No ferries: wind"))
    dice = chance(seed, "bus_detour", str(day))
    if dice.randrange(100) < _DETOUR_PERCENT:
        alert = feed.entity.add(id="detour").alert
        alert.cause, alert.effect = gtfs.Alert.CONSTRUCTION, gtfs.Alert.DETOUR
        line = dice.choice(lines.bus_lines())
        texts = (f"{line.short_name}因道路施工绕行", f"{line.short_name} goes another way: road works")
        _say(alert, day, [line.route_id], texts)
    return bytes(feed.SerializeToString(deterministic=True))


def _feed(at: datetime) -> gtfs.FeedMessage:
    feed = gtfs.FeedMessage()
    feed.header.gtfs_realtime_version = VERSION
    feed.header.incrementality = gtfs.FeedHeader.FULL_DATASET
    feed.header.timestamp = int(at.timestamp())
    return feed


def _on_the_way(seed: int, now: datetime) -> Iterator[OnTheWay]:
    day = now.date()
    for running in runnings(day):
        takes = timedelta(minutes=(len(running.stops) - 1) * running.route.minutes_between)
        for number, departs in enumerate(running.departures):
            late = late_minutes(seed, running.trip_id(number))
            left_at = instant(day, departs + late)
            if left_at - _AHEAD <= now <= left_at + takes:
                yield OnTheWay(running, number, left_at, late * 60)


def _name(trip: gtfs.TripDescriptor, bus: OnTheWay) -> None:
    trip.trip_id, trip.route_id = bus.trip_id, bus.running.route.route_id
    trip.direction_id, trip.start_date = bus.running.direction, f"{bus.running.day:%Y%m%d}"
    trip.schedule_relationship = gtfs.TripDescriptor.SCHEDULED


def _say(alert: gtfs.Alert, day: date, routes: list[str], texts: tuple[str, str]) -> None:
    midnight = instant(day, 0)
    alert.active_period.add(start=int(midnight.timestamp()), end=int((midnight + timedelta(days=1)).timestamp()))
    for route_id in routes:
        alert.informed_entity.add(route_id=route_id)
    for text, language in zip(texts, ("zh", "en"), strict=True):
        alert.header_text.translation.add(text=text, language=language)
