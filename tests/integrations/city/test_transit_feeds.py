"""The operators' feeds: a schedule as the GTFS reference wants it, realtime as its specification, and conditional requests."""

import csv
import io
import re
import zipfile
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from google.transit import gtfs_realtime_pb2 as gtfs

from app.kernel import clock
from integrations.city import gtfs_lines, gtfs_realtime
from integrations.city.gtfs_schedule import schedule
from tests.makers.cases import a_fault
from tests.makers.city import Town, a_town

SEED = 370600
DAY = date(2026, 11, 30)
EDITION = schedule(SEED, DAY)
NOON = datetime(2026, 11, 30, 12, 7, tzinfo=clock.SHANGHAI)
FIELDS = {
    "agency.txt": {"agency_id", "agency_name", "agency_url", "agency_timezone"},
    "stops.txt": {"stop_id", "stop_name", "stop_lat", "stop_lon"},
    "routes.txt": {"route_id", "agency_id", "route_short_name", "route_type"},
    "trips.txt": {"route_id", "service_id", "trip_id"},
    "stop_times.txt": {"trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"},
    "calendar.txt": {"service_id", "monday", "sunday", "start_date", "end_date"},
    "calendar_dates.txt": {"service_id", "date", "exception_type"},
    "fare_attributes.txt": {"fare_id", "price", "currency_type", "payment_method", "transfers"},
    "fare_rules.txt": {"fare_id", "route_id"},
    "shapes.txt": {"shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"},
    "feed_info.txt": {"feed_publisher_name", "feed_publisher_url", "feed_lang", "feed_start_date", "feed_end_date"},
}
"""Files, each with the fields that the reference requires of it."""
TIME = re.compile(r"[0-9]{2}:[0-5][0-9]:[0-5][0-9]")


def rows(name: str, edition: bytes = EDITION) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(edition)) as packed:
        return list(csv.DictReader(io.StringIO(packed.read(name).decode())))


def column(name: str, field: str) -> list[str]:
    return [row[field] for row in rows(name)]


@pytest.fixture(scope="module")
def storm() -> date:
    """A day on which some water has no ferries."""
    days = (DAY + timedelta(days=ahead) for ahead in range(400))
    return next(day for day in days if gtfs_lines.is_stormy(SEED, "bohai", day))


class TestSchedule:
    @pytest.mark.parametrize("name", FIELDS)
    def test_has_every_file_and_field_that_is_required(self, name: str) -> None:
        assert rows(name)[0].keys() >= FIELDS[name]
        assert all(row[field] for row in rows(name) for field in FIELDS[name])

    @pytest.mark.parametrize(
        ("file", "field", "keys"),
        [
            ("routes.txt", "agency_id", "agency.txt"),
            ("trips.txt", "route_id", "routes.txt"),
            ("trips.txt", "service_id", "calendar.txt"),
            ("trips.txt", "shape_id", "shapes.txt"),
            ("stop_times.txt", "trip_id", "trips.txt"),
            ("stop_times.txt", "stop_id", "stops.txt"),
            ("fare_rules.txt", "fare_id", "fare_attributes.txt"),
            ("fare_rules.txt", "route_id", "routes.txt"),
            ("calendar_dates.txt", "service_id", "calendar.txt"),
        ],
    )
    def test_names_only_what_there_is(self, file: str, field: str, keys: str) -> None:
        assert set(column(file, field)) <= set(column(keys, field))

    @pytest.mark.parametrize(
        ("file", "field"),
        [("stops.txt", "stop_id"), ("routes.txt", "route_id"), ("trips.txt", "trip_id"), ("agency.txt", "agency_id")],
    )
    def test_names_each_once(self, file: str, field: str) -> None:
        assert len(set(column(file, field))) == len(column(file, field))

    def test_goes_on_beyond_midnight_and_never_back(self) -> None:
        before: dict[str, tuple[int, str]] = {}
        for row in rows("stop_times.txt"):
            assert TIME.fullmatch(row["arrival_time"])
            at = int(row["stop_sequence"]), row["arrival_time"]
            assert before.get(row["trip_id"], (0, "")) < at
            assert before.get(row["trip_id"], (0, ""))[1] <= row["arrival_time"]
            before[row["trip_id"]] = at
        assert max(time for _, time in before.values()) > "24:00:00"

    def test_every_stop_and_every_trip_is_used(self) -> None:
        assert set(column("stop_times.txt", "stop_id")) == set(column("stops.txt", "stop_id"))
        assert set(column("stop_times.txt", "trip_id")) == set(column("trips.txt", "trip_id"))

    def test_leaves_out_the_ferries_of_days_for_which_a_storm_is_forecast(self, storm: date) -> None:
        edition = schedule(SEED, storm - timedelta(days=2))

        left_out = {(row["service_id"], row["date"]) for row in rows("calendar_dates.txt", edition)}

        assert ("bohai", f"{storm:%Y%m%d}") in left_out
        assert all(service != "daily" for service, _ in left_out)

    def test_is_the_same_bytes_each_time(self) -> None:
        schedule.cache_clear()

        assert schedule(SEED, DAY) == EDITION


def read(content: bytes) -> gtfs.FeedMessage:
    feed = gtfs.FeedMessage()
    feed.ParseFromString(content)
    assert feed.IsInitialized()
    assert (feed.header.gtfs_realtime_version, feed.header.timestamp) == ("2.0", int(NOON.timestamp()))
    assert len({entity.id for entity in feed.entity}) == len(feed.entity)
    return feed


class TestRealtime:
    def test_updates_name_trips_and_stops_of_the_schedule(self) -> None:
        feed = read(gtfs_realtime.trip_updates(SEED, NOON, NOON))

        assert feed.entity
        assert {entity.trip_update.trip.trip_id for entity in feed.entity} <= set(column("trips.txt", "trip_id"))
        known = {(row["trip_id"], int(row["stop_sequence"]), row["stop_id"]) for row in rows("stop_times.txt")}
        for entity in feed.entity:
            trip = entity.trip_update.trip.trip_id
            assert {(trip, one.stop_sequence, one.stop_id) for one in entity.trip_update.stop_time_update} <= known

    def test_times_are_the_schedules_and_the_delay(self) -> None:
        due = {(row["trip_id"], int(row["stop_sequence"])): row["arrival_time"] for row in rows("stop_times.txt")}
        midnight = datetime(2026, 11, 30, tzinfo=clock.SHANGHAI)

        for entity in read(gtfs_realtime.trip_updates(SEED, NOON, NOON)).entity:
            for one in entity.trip_update.stop_time_update:
                hours, minutes, _ = due[entity.trip_update.trip.trip_id, one.stop_sequence].split(":")
                scheduled = midnight + timedelta(hours=int(hours), minutes=int(minutes))
                assert one.arrival.time - one.arrival.delay == int(scheduled.timestamp())

    def test_positions_are_those_of_buses_under_way(self) -> None:
        feed = read(gtfs_realtime.vehicle_positions(SEED, NOON, NOON))
        updates = read(gtfs_realtime.trip_updates(SEED, NOON, NOON))

        told = {entity.trip_update.trip.trip_id for entity in updates.entity}
        assert feed.entity
        assert {entity.vehicle.trip.trip_id for entity in feed.entity} < told
        assert all(36 < entity.vehicle.position.latitude < 38 for entity in feed.entity)
        assert all(entity.vehicle.current_stop_sequence >= 2 for entity in feed.entity)

    def test_cancels_the_ferries_of_a_storm_and_says_why(self, storm: date) -> None:
        at = datetime.combine(storm, NOON.timetz())
        updates, alerts = gtfs.FeedMessage(), gtfs.FeedMessage()
        updates.ParseFromString(gtfs_realtime.trip_updates(SEED, at, at))
        alerts.ParseFromString(gtfs_realtime.alerts(SEED, at, at))

        cancelled = {
            entity.trip_update.trip.trip_id
            for entity in updates.entity
            if entity.trip_update.trip.schedule_relationship == gtfs.TripDescriptor.CANCELED
        }
        by_service = {ride.trip_id: ride.service_id for ride in gtfs_lines.ferry_rides()}
        assert {by_service[trip_id] for trip_id in cancelled} >= {"bohai"}
        said = [entity.alert for entity in alerts.entity if entity.id == "storm-bohai"]
        assert [one.language for one in said[0].header_text.translation] == ["zh", "en"]
        assert said[0].effect == gtfs.Alert.NO_SERVICE


@pytest_asyncio.fixture(scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    folder: Path = tmp_path_factory.mktemp("transit-city")
    async with a_town(folder) as running:
        yield running


@pytest.mark.parametrize("path", ["gtfs.zip", "trip-updates.pb", "vehicle-positions.pb", "alerts.pb"])
class TestOverHttp:
    async def test_is_given_once_to_who_names_its_tag_or_its_time(self, town: Town, path: str) -> None:
        first = await _get(town, path)
        by_tag = await _get(town, path, {"if-none-match": f'"other", {first.headers["etag"]}'})
        by_time = await _get(town, path, {"if-modified-since": first.headers["last-modified"]})
        other_tag = await _get(
            town, path, {"if-none-match": '"other"', "if-modified-since": first.headers["last-modified"]}
        )
        no_time = await _get(town, path, {"if-modified-since": "yesterday"})

        assert (first.status_code, other_tag.status_code, no_time.status_code) == (200, 200, 200)
        if by_tag.headers["etag"] == first.headers["etag"]:
            assert (by_tag.status_code, by_tag.content) == (304, b"")
        if by_time.headers["etag"] == first.headers["etag"]:
            assert by_time.status_code == 304

    async def test_is_broken_or_out_as_was_asked_for(self, town: Town, path: str) -> None:
        whole = await _get(town, path)
        async with a_fault(town, party="transit", tamper=True):
            broken = await _get(town, path)
        async with a_fault(town, party="transit", outage=True):
            out = await _get(town, path)

        assert len(broken.content) <= len(whole.content) // 2 + 200
        assert (broken.status_code, out.status_code) == (200, 503)


async def _get(town: Town, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
    return await town.http.get(f"/transit/{path}", headers=headers or {})
