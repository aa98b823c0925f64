"""Reading GTFS-realtime (https://gtfs.org/documentation/realtime/reference/)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from google.protobuf.message import DecodeError
from google.transit import gtfs_realtime_pb2 as gtfs

from app.kernel import clock
from integrations.transit.port import Alert, Position, Told, TripDay, TripNews

_VERSIONS: Final = frozenset({"1.0", "2.0"})
_SKEW: Final = timedelta(minutes=1)
_LATEST_SECONDS: Final = 253_402_300_799
"""The last second of the year 9999; what names a later one names none."""


class FeedMalformed(ValueError):  # noqa: N818 - a refusal is named as a fact
    """It isn't a whole feed of GTFS-realtime, or it tells of the future."""


def read_trips(content: bytes) -> tuple[Mapping[TripDay, TripNews], datetime]:
    """What is told of trips, and of when; refuses `FeedMalformed`."""
    feed, at = _read(content)
    updates = [entity.trip_update for entity in feed.entity if entity.HasField("trip_update")]
    return {_trip_day(update.trip): _news(update) for update in updates if update.trip.trip_id}, at


def read_positions(content: bytes) -> tuple[Mapping[TripDay, Position], datetime]:
    """Where vehicles are, and when; refuses `FeedMalformed`."""
    feed, at = _read(content)
    vehicles = [entity.vehicle for entity in feed.entity if entity.HasField("vehicle")]
    return {_trip_day(vehicle.trip): _position(vehicle) for vehicle in vehicles if vehicle.trip.trip_id}, at


def read_alerts(content: bytes) -> tuple[tuple[Alert, ...], datetime]:
    """What everybody should know, and of when; refuses `FeedMalformed`."""
    feed, at = _read(content)
    return tuple(_alert(entity.alert) for entity in feed.entity if entity.HasField("alert")), at


def _read(content: bytes) -> tuple[gtfs.FeedMessage, datetime]:
    feed = gtfs.FeedMessage()
    try:
        feed.ParseFromString(content)
    except DecodeError as error:
        raise FeedMalformed("not readable") from error
    if not feed.IsInitialized() or feed.header.gtfs_realtime_version not in _VERSIONS:
        raise FeedMalformed("no header of a known version")
    if feed.header.incrementality != gtfs.FeedHeader.FULL_DATASET:
        raise FeedMalformed("not whole")
    at = _instant(feed.header.timestamp)
    if at is None or at > clock.now() + _SKEW:
        raise FeedMalformed("without its time, or of the future")
    return feed, at


def _trip_day(trip: gtfs.TripDescriptor) -> TripDay:
    return trip.trip_id, _day(trip.start_date)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=clock.SHANGHAI).date()
    except ValueError as error:
        raise FeedMalformed("no date") from error


def _news(update: gtfs.TripUpdate) -> TripNews:
    cancelled = update.trip.schedule_relationship in {gtfs.TripDescriptor.CANCELED, gtfs.TripDescriptor.DELETED}
    return TripNews(cancelled, {one.stop_sequence: _told(one) for one in update.stop_time_update})


def _told(one: gtfs.TripUpdate.StopTimeUpdate) -> Told:
    relation = gtfs.TripUpdate.StopTimeUpdate
    if one.schedule_relationship == relation.NO_DATA:
        return Told(None, None, skipped=False)
    event = one.arrival if one.HasField("arrival") else one.departure
    delay = event.delay if event.HasField("delay") else None
    at = _instant(event.time) if event.HasField("time") else None
    return Told(at, delay, one.schedule_relationship == relation.SKIPPED)


def _position(vehicle: gtfs.VehiclePosition) -> Position:
    sequence = vehicle.current_stop_sequence if vehicle.HasField("current_stop_sequence") else None
    return Position(sequence, _instant(vehicle.timestamp))


def _alert(alert: gtfs.Alert) -> Alert:
    return Alert(
        texts={one.language or "zh": one.text for one in alert.header_text.translation},
        routes=frozenset(one.route_id for one in alert.informed_entity if one.route_id),
        stops=frozenset(one.stop_id for one in alert.informed_entity if one.stop_id),
        periods=tuple((_instant(one.start), _instant(one.end)) for one in alert.active_period),
    )


def _instant(seconds: int) -> datetime | None:
    return clock.from_epoch(seconds) if 0 < seconds <= _LATEST_SECONDS else None
