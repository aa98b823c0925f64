"""Buses: what comes next by the timetable and the time, from before the first bus until after the last."""

from datetime import date, datetime, timedelta

import msgspec
import pytest

from app.kernel.clock import SHANGHAI
from integrations.city.buses import (
    SERVICES,
    BusQuestion,
    Network,
    Running,
    arrivals,
    bus_times,
    runnings,
    stop_times,
    stops,
)
from integrations.city.outcomes import QuestionRefused
from integrations.city.registers import listed
from tests.makers.city_people import the_same_city

CITY = the_same_city()
SEED = 370600
DAY = date(2026, 11, 30)
LINES = runnings(DAY)


def at(hour: int, minute: int = 0) -> datetime:
    """A time of the day."""
    return datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=SHANGHAI)


class TestNetwork:
    def test_names_only_stops_that_there_are(self) -> None:
        network = listed("buses", Network)

        assert len(stops()) == len(network.stops)
        assert {stop_id for route in network.routes for stop_id in route.stop_ids} == set(stops())

    def test_runs_both_ways(self) -> None:
        out, back = LINES[0], LINES[1]

        assert [stop.stop_id for stop in out.stops] == [stop.stop_id for stop in back.stops][::-1]


class TestArrivals:
    def test_come_in_order_and_not_before_now(self) -> None:
        for running in LINES:
            for place in range(len(running.stops)):
                coming = arrivals(SEED, running, place, at(12, 7))
                assert [one.arrival_time for one in coming] == sorted(one.arrival_time for one in coming)
                assert all(one.arrival_time >= at(12, 7) for one in coming)
                assert 1 <= len(coming) <= 2

    def test_have_not_set_out_before_the_first_bus(self) -> None:
        for running in LINES:
            first, _ = arrivals(SEED, running, 0, at(4))
            assert first.stops_away is None
            assert first.trip_id.endswith("20261130-000")

    def test_end_with_the_last_bus(self) -> None:
        assert all(arrivals(SEED, running, 0, at(23)) == () for running in LINES)

    def test_draw_nearer_stop_by_stop(self) -> None:
        running = LINES[0]
        place, between = len(running.stops) - 1, running.route.minutes_between
        coming = arrivals(SEED, running, place, at(4))[0]
        left = coming.arrival_time - timedelta(minutes=place * between)

        away = [
            next(
                one.stops_away
                for one in arrivals(SEED, running, place, left + timedelta(minutes=passed * between))
                if one.trip_id == coming.trip_id
            )
            for passed in range(place + 1)
        ]

        assert away == list(range(place, -1, -1))

    def test_are_the_same_each_time(self) -> None:
        assert stop_times(SEED, LINES[0], 2, at(9)) == stop_times(SEED, LINES[0], 2, at(9))

    def test_pass_each_stop_later_than_the_one_before(self) -> None:
        running = Running(LINES[0].route, 0, DAY)
        times = [
            next(one.arrival_time for one in arrivals(SEED, running, place, at(4)))
            for place in range(len(running.stops))
        ]

        assert times == sorted(times)
        assert times[1] - times[0] == timedelta(minutes=running.route.minutes_between)


class TestQuestion:
    def test_asks_for_a_line_a_stop_or_both(self) -> None:
        line, stop = LINES[0].route.route_id, LINES[0].stops[1].stop_id

        every, of_line = bus_times(CITY, BusQuestion()), bus_times(CITY, BusQuestion(route_id=line))
        at_stop, both = bus_times(CITY, BusQuestion(stop_id=stop)), bus_times(CITY, BusQuestion(line, stop))

        assert every is not None
        assert len(every.items) == sum(len(running.stops) for running in LINES)
        assert of_line is not None
        assert {one.route_id for one in of_line.items} == {line}
        assert at_stop is not None
        assert {one.stop_id for one in at_stop.items} == {stop}
        assert both is not None
        assert [one.direction_id for one in both.items] == [0, 1]

    def test_finds_nothing_where_there_is_no_such_line_or_stop(self) -> None:
        assert bus_times(CITY, BusQuestion(route_id="B999")) is None
        assert bus_times(CITY, BusQuestion(stop_id="YT9999")) is None

    def test_is_refused_when_malformed(self) -> None:
        with pytest.raises(QuestionRefused, match="body_malformed"):
            SERVICES["bus_times"](CITY, msgspec.Raw(b'{"line": "1"}'))
