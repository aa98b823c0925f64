"""Reading GTFS-realtime."""

from datetime import date, datetime, timedelta

import pytest
from google.transit import gtfs_realtime_pb2 as gtfs
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import clock
from integrations.city import gtfs_realtime
from integrations.transit.port import Told
from integrations.transit.realtime import FeedMalformed, read_alerts, read_positions, read_trips

NOW = clock.now().replace(microsecond=0)


def a_feed(**header: object) -> gtfs.FeedMessage:
    feed = gtfs.FeedMessage()
    told = {"gtfs_realtime_version": "2.0", "timestamp": int(NOW.timestamp())} | header
    for name, value in told.items():
        setattr(feed.header, name, value)
    return feed


def an_update(feed: gtfs.FeedMessage, **trip: object) -> gtfs.TripUpdate:
    update: gtfs.TripUpdate = feed.entity.add(id=str(len(feed.entity))).trip_update
    for name, value in ({"trip_id": "T1", "start_date": "20261130"} | trip).items():
        setattr(update.trip, name, value)
    return update


class TestTrips:
    def test_tell_times_delays_skipped_stops_and_nothing(self) -> None:
        feed = a_feed()
        update = an_update(feed)
        update.stop_time_update.add(stop_sequence=1).arrival.delay = 60
        update.stop_time_update.add(stop_sequence=2).departure.time = int(NOW.timestamp())
        skipped, no_data = gtfs.TripUpdate.StopTimeUpdate.SKIPPED, gtfs.TripUpdate.StopTimeUpdate.NO_DATA
        update.stop_time_update.add(stop_sequence=3, schedule_relationship=skipped)
        update.stop_time_update.add(stop_sequence=4, schedule_relationship=no_data)

        trips, at = read_trips(feed.SerializeToString())

        assert at == NOW
        assert trips["T1", date(2026, 11, 30)].calls == {
            1: Told(None, 60, skipped=False),
            2: Told(NOW, None, skipped=False),
            3: Told(None, None, skipped=True),
            4: Told(None, None, skipped=False),
        }

    def test_tell_what_is_cancelled_and_of_any_day(self) -> None:
        feed = a_feed()
        an_update(feed, start_date="", schedule_relationship=gtfs.TripDescriptor.CANCELED)

        assert read_trips(feed.SerializeToString())[0]["T1", None].cancelled

    def test_without_a_trip_are_left_out(self) -> None:
        feed = a_feed()
        feed.entity.add(id="1").trip_update.trip.route_id = "R1"

        assert read_trips(feed.SerializeToString())[0] == {}


class TestRefused:
    @pytest.mark.parametrize(
        "header",
        [
            {"gtfs_realtime_version": "9"},
            {"timestamp": 0},
            {"timestamp": 2**63},
            {"timestamp": int((NOW + timedelta(hours=1)).timestamp())},
            {"incrementality": gtfs.FeedHeader.DIFFERENTIAL},
        ],
        ids=["version", "no time", "beyond time", "future", "differential"],
    )
    @pytest.mark.parametrize("read", [read_trips, read_positions, read_alerts])
    def test_are_other_versions_and_times(self, read: object, header: dict[str, object]) -> None:
        assert callable(read)
        with pytest.raises(FeedMalformed):
            read(a_feed(**header).SerializeToString())

    @pytest.mark.parametrize("content", [b"", b"<html>", b"\x0a\x07"])
    def test_is_what_isnt_a_feed(self, content: bytes) -> None:
        with pytest.raises(FeedMalformed):
            read_trips(content)

    def test_is_a_day_that_isnt_one(self) -> None:
        feed = a_feed()
        an_update(feed, start_date="20261301")

        with pytest.raises(FeedMalformed):
            read_trips(feed.SerializeToString())

    @given(st.binary(max_size=300), st.integers(0, 5000))
    def test_by_name_whatever_it_is(self, garbage: bytes, at: int) -> None:
        whole = gtfs_realtime.vehicle_positions(370600, datetime(2026, 11, 30, 12, tzinfo=clock.SHANGHAI), NOW)
        for content in (garbage, whole[:at], whole[:at] + garbage):
            try:
                read_positions(content)
            except FeedMalformed:
                continue


class TestAlerts:
    def test_hold_for_their_time(self) -> None:
        feed = a_feed()
        alert = feed.entity.add(id="1").alert
        alert.active_period.add(start=int(NOW.timestamp()), end=int((NOW + timedelta(hours=1)).timestamp()))
        alert.informed_entity.add(route_id="R1")
        alert.header_text.translation.add(text="绕行")

        ((told,), _) = read_alerts(feed.SerializeToString())

        assert told.texts == {"zh": "绕行"}
        assert told.routes == {"R1"}
        hours = [NOW - timedelta(seconds=1), NOW, NOW + timedelta(minutes=59), NOW + timedelta(hours=1)]
        assert [told.holds_at(at) for at in hours] == [False, True, True, False]
