"""Timetables: trains that add up, ferries that stop in the wind, flights whose state follows the clock."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import msgspec
import pytest

from app.kernel import clock
from app.kernel.clock import SHANGHAI
from integrations.city.clock_times import minutes_of
from integrations.city.divisions import BY_CODE
from integrations.city.outcomes import QuestionRefused
from integrations.city.registers import listed
from integrations.city.timetables import (
    AIRPORT_SERVICES,
    SERVICES,
    DayQuestion,
    DrawnFlight,
    Ferries,
    FlightPlan,
    flight_at,
    flights,
    flights_on,
    sailings,
    sailings_on,
    trains,
    wind,
)
from integrations.departments.timetables import Carriers, Flight
from tests.makers.city_people import a_town_of_registers

CITY = a_town_of_registers()
SEED = 370600
DAY = date(2026, 11, 30)
DAYS = [DAY + timedelta(days=days) for days in range(120)]
MIDNIGHT = datetime(2026, 11, 30, tzinfo=SHANGHAI)
FLIGHTS = listed("flights", FlightPlan).items


def a_flight(way: str, *, late: bool) -> tuple[DrawnFlight, date, Flight]:
    """A flight that is late, or isn't, as it stands in the end."""
    for drawn in FLIGHTS:
        for day in DAYS:
            told = flight_at(SEED, drawn, day, MIDNIGHT + timedelta(days=400))
            if drawn.way == way and told.expected_at and (told.expected_at > told.scheduled_at) == late:
                return drawn, day, told
    raise AssertionError


class TestTrains:
    def test_run_forward_in_time_from_the_first_call_to_the_last(self) -> None:
        for train in trains(CITY).items:
            times = [one for call in train.calls for one in (call.arrives, call.departs) if one is not None]
            assert (times[0], times[-1]) == (train.departs, train.arrives)
            assert [call.station for call in (train.calls[0], train.calls[-1])] == [train.origin, train.destination]
            passed = sum((minutes_of(other) - minutes_of(one)) % 1440 for one, other in pairwise(times))
            assert passed == train.minutes

    def test_call_in_yantai_and_link_to_12306_for_tickets(self) -> None:
        told = trains(CITY).items

        assert all("烟台" in train.origin + train.destination for train in told)
        assert {train.tickets_at for train in told} == {"https://www.12306.cn/"}
        assert len({train.train_no for train in told}) == len(told)


class TestCarriers:
    def test_are_licensed_until_after_today_exactly_where_their_licence_hasnt_expired(self) -> None:
        for one in listed("carriers", Carriers).items:
            assert (one.permitted_until < DAY) == (one.state == "expired")
            assert (one.line is not None) == (one.kind == "coach")
            assert one.division_code in BY_CODE

    def test_have_a_licence_each(self) -> None:
        numbers = [one.permit_no for one in listed("carriers", Carriers).items]

        assert len(set(numbers)) == len(numbers)


class TestSailings:
    def test_are_suspended_exactly_from_the_limit_of_wind(self) -> None:
        told = [one for day in DAYS for one in sailings_on(SEED, day, MIDNIGHT).items]

        assert all((one.state == "suspended") == (one.wind_force >= one.wind_limit) for one in told)
        assert any(one.state == "suspended" for one in told)

    def test_run_again_on_the_next_day_with_less_wind(self) -> None:
        limits = {water.wind_limit: water for water in listed("ferries", Ferries).waters}
        for day in DAYS:
            for one in sailings_on(SEED, day, MIDNIGHT).items:
                if one.resumes_on is not None:
                    water = limits[one.wind_limit]
                    assert one.state == "suspended"
                    assert wind(SEED, water, one.resumes_on) < water.wind_limit
                    assert all(
                        wind(SEED, water, day + timedelta(days=days)) >= water.wind_limit
                        for days in range((one.resumes_on - day).days)
                    )

    def test_have_departed_once_their_time_has_come(self) -> None:
        day = next(one for one in DAYS if sailings_on(SEED, one, MIDNIGHT).items[0].state == "running")
        first = sailings_on(SEED, day, MIDNIGHT).items[0]

        states = [
            sailings_on(SEED, day, first.departs_at + timedelta(minutes=minutes)).items[0].state for minutes in (-1, 0)
        ]

        assert states == ["running", "departed"]

    def test_are_the_same_each_time_and_in_order(self) -> None:
        told = sailings_on(SEED, DAY, MIDNIGHT)

        assert told == sailings_on(SEED, DAY, MIDNIGHT)
        assert [one.departs_at for one in told.items] == sorted(one.departs_at for one in told.items)


class TestFlights:
    def test_fly_on_their_weekdays(self) -> None:
        assert {one.flight_no for day in DAYS[:7] for one in flights_on(SEED, day, MIDNIGHT).items} == {
            one.flight_no for one in FLIGHTS
        }
        assert all(
            day.isoweekday() in one.days
            for day in DAYS[:7]
            for one in FLIGHTS
            if one.flight_no in {told.flight_no for told in flights_on(SEED, day, MIDNIGHT).items}
        )

    def test_are_scheduled_then_board_then_have_departed(self) -> None:
        drawn, day, told = a_flight("departure", late=False)

        states = [
            flight_at(SEED, drawn, day, told.scheduled_at + timedelta(minutes=minutes)).state
            for minutes in (-41, -40, -1, 0)
        ]

        assert states == ["scheduled", "boarding", "boarding", "departed"]

    def test_are_known_to_be_late_four_hours_before(self) -> None:
        drawn, day, told = a_flight("arrival", late=True)
        assert told.expected_at is not None

        before = flight_at(SEED, drawn, day, told.scheduled_at - timedelta(minutes=241))
        known = flight_at(SEED, drawn, day, told.scheduled_at - timedelta(minutes=240))

        assert (before.state, before.expected_at) == ("scheduled", told.scheduled_at)
        assert (known.state, known.expected_at) == ("delayed", told.expected_at)
        assert flight_at(SEED, drawn, day, told.expected_at).state == "landed"

    def test_that_are_cancelled_are_not_expected(self) -> None:
        told = [one for day in DAYS for one in flights_on(SEED, day, MIDNIGHT + timedelta(days=400)).items]

        assert all((one.expected_at is None) == (one.state == "cancelled") for one in told)
        assert any(one.state == "cancelled" for one in told)


class TestDay:
    def test_is_today_unless_another_is_named(self) -> None:
        told = sailings(CITY, DayQuestion())

        assert told is not None
        assert {one.departs_at.date() for one in told.items} <= {clock.today(), clock.today() - timedelta(days=1)}

    def test_is_at_most_thirty_days_away(self) -> None:
        days = [clock.today() + timedelta(days=days) for days in (-31, -30, 29, 32)]

        assert [sailings(CITY, DayQuestion(day)) is not None for day in days] == [False, True, True, False]
        assert [flights(CITY, DayQuestion(day)) is not None for day in days] == [False, True, True, False]

    @pytest.mark.parametrize("body", [b'{"day": "tomorrow"}', b'{"date": "2026-11-30"}'])
    def test_is_refused_when_malformed(self, body: bytes) -> None:
        for serve in (SERVICES["sailings"], AIRPORT_SERVICES["flights"]):
            with pytest.raises(QuestionRefused, match="body_malformed"):
                serve(CITY, msgspec.Raw(body))
