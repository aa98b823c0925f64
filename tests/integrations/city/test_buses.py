"""Buses: lines that run both ways, and stops that there are."""

from datetime import date

from integrations.city.buses import Network, late_minutes, runnings, stops
from integrations.city.registers import listed

LINES = runnings(date(2026, 11, 30))


class TestNetwork:
    def test_names_only_stops_that_there_are(self) -> None:
        network = listed("buses", Network)

        assert len(stops()) == len(network.stops)
        assert {stop_id for route in network.routes for stop_id in route.stop_ids} == set(stops())

    def test_runs_both_ways(self) -> None:
        out, back = LINES[0], LINES[1]

        assert [stop.stop_id for stop in out.stops] == [stop.stop_id for stop in back.stops][::-1]

    def test_is_late_by_a_few_minutes_and_the_same_however_often_it_is_drawn(self) -> None:
        drawn = [late_minutes(370600, running.trip_id(0)) for running in LINES]

        assert drawn == [late_minutes(370600, running.trip_id(0)) for running in LINES]
        assert set(drawn) <= {0, 1, 2, 3, 4}
