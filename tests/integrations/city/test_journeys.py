"""Ways to go: each is possible by the timetable, none is beaten by another, and what doesn't run isn't taken."""

from datetime import date, datetime, timedelta

import msgspec
import pytest

from app.kernel.clock import SHANGHAI
from integrations.city.journeys import SERVICES, JourneysQuestion, Ride, journeys, places, plan
from integrations.city.network import Connection, Links, connections, walks
from integrations.city.outcomes import QuestionRefused
from integrations.city.registers import listed
from integrations.city.timetables import sailings_on
from integrations.departments.journeys import Journey
from tests.makers.city_people import a_town_of_registers

CITY = a_town_of_registers()
MORNING = datetime(2026, 11, 30, 8, tzinfo=SHANGHAI)
PAIRS = (
    ("毓璜顶", "青岛"),
    ("芝罘岛", "蓬莱阁"),
    ("门楼", "上海"),
    ("烟台", "威海"),
    ("毓璜顶", "火车站广场"),
    ("长岛港", "海阳"),
)


def asked(origin: str, destination: str, at: datetime = MORNING) -> tuple[Journey, ...]:
    """The ways that the city tells."""
    told = journeys(CITY, JourneysQuestion(origin, destination, at))
    return () if told is None else told.items


def a_ride(trip: str, departs: int, arrives: int, way: str) -> Connection:
    """A bus from one place to another, named by a letter each."""
    return Connection(departs, arrives, "bus", trip, trip, way[0], way[1])


class TestPlan:
    def test_takes_the_earliest_and_tells_the_one_with_fewer_changes_too(self) -> None:
        rides = [a_ride("fast1", 5, 8, "AB"), a_ride("slow", 6, 40, "AC"), a_ride("fast2", 10, 15, "BC")]

        found = plan(rides, {"A"}, {"C"}, 0)

        assert [[leg.first.trip for leg in legs if isinstance(leg, Ride)] for legs in found] == [
            ["slow"], ["fast1", "fast2"],
        ]  # fmt: skip

    def test_leaves_out_more_changes_that_arrive_no_earlier(self) -> None:
        rides = [a_ride("one", 5, 8, "AB"), a_ride("direct", 6, 15, "AC"), a_ride("two", 10, 15, "BC")]

        assert len(plan(rides, {"A"}, {"C"}, 0)) == 1

    @pytest.mark.parametrize(("start", "ways"), [(4, 1), (5, 0)])
    def test_is_at_a_bus_a_minute_before_it_leaves(self, start: int, ways: int) -> None:
        assert len(plan([a_ride("one", 5, 8, "AB")], {"A"}, {"B"}, start)) == ways

    def test_stays_in_a_bus_without_changing(self) -> None:
        legs = plan([a_ride("one", 5, 8, "AB"), a_ride("one", 8, 12, "BC")], {"A"}, {"C"}, 0)[0]

        assert len(legs) == 1

    def test_finds_nothing_where_nothing_goes(self) -> None:
        assert plan([a_ride("one", 5, 8, "AB")], {"B"}, {"A"}, 0) == []


class TestJourneys:
    @pytest.mark.parametrize(("origin", "destination"), PAIRS)
    def test_are_possible(self, origin: str, destination: str) -> None:
        found, margins = asked(origin, destination), listed("journeys", Links).margins

        assert found
        for journey in found:
            assert journey.departs_at >= MORNING
            assert origin in journey.legs[0].origin
            assert destination in journey.legs[-1].destination
            assert journey.changes == sum(leg.mode != "walk" for leg in journey.legs) - 1
            for one, other in zip(journey.legs, journey.legs[1:], strict=False):
                wait = timedelta(minutes=margins.get(other.mode, 0))
                assert one.destination == other.origin
                assert one.arrives_at + wait <= other.departs_at

    @pytest.mark.parametrize(("origin", "destination"), PAIRS)
    def test_arrive_earlier_the_more_changes_they_have(self, origin: str, destination: str) -> None:
        found = asked(origin, destination)

        assert [one.changes for one in found] == sorted({one.changes for one in found})
        assert [one.arrives_at for one in found] == sorted({one.arrives_at for one in found}, reverse=True)

    def test_go_on_the_next_morning_when_nothing_runs_any_more(self) -> None:
        late = asked("毓璜顶", "青岛", MORNING.replace(hour=23, minute=30))

        assert late
        assert late[0].arrives_at.date() == date(2026, 12, 1)

    def test_dont_walk_off_at_midnight_to_a_bus_in_the_morning(self) -> None:
        late = asked("烟台", "威海", MORNING.replace(hour=22, minute=30))

        assert all(one.departs_at.date() == date(2026, 12, 1) for one in late)

    def test_are_none_to_a_place_on_no_line_and_empty_to_where_one_is(self) -> None:
        assert journeys(CITY, JourneysQuestion("毓璜顶", "月球", MORNING)) is None
        assert asked("毓璜顶", "毓璜顶") == ()

    def test_are_the_same_each_time(self) -> None:
        assert asked("初家", "机场") == asked("初家", "机场")


class TestNetwork:
    def test_leaves_out_ferries_that_are_suspended(self) -> None:
        day = next(
            one
            for one in (date(2026, 12, 1) + timedelta(days=days) for days in range(120))
            if any(sailing.state == "suspended" for sailing in sailings_on(CITY.population.seed, one, MORNING).items)
        )
        stopped = {
            one.sailing_no for one in sailings_on(CITY.population.seed, day, MORNING).items if one.state == "suspended"
        }

        sailed = {one.trip for one in connections(CITY.population.seed, day, MORNING) if one.mode == "ferry"}

        assert stopped
        assert not stopped & sailed

    def test_goes_forward_in_time(self) -> None:
        rides = connections(CITY.population.seed, MORNING.date(), MORNING)

        assert all(one.departs < one.arrives for one in rides)
        assert [one.departs for one in rides] == sorted(one.departs for one in rides)

    def test_is_walked_between_places_that_some_line_serves(self) -> None:
        rides = connections(CITY.population.seed, MORNING.date(), MORNING)
        served = {place for one in rides for place in (one.origin, one.destination)}

        assert walks().keys() <= served

    def test_finds_places_by_name_or_part_of_it(self) -> None:
        known = {"烟台站", "烟台南站", "威海站"}

        assert places("烟台站", known) == {"烟台站"}
        assert places(" 烟台 ", known) == {"烟台站", "烟台南站"}
        assert places("大连", known) == places(" ", known) == set()


@pytest.mark.parametrize("body", [b"{}", b'{"origin": "a", "destination": "b", "departs_at": "2026-11-30T08:00:00"}'])
def test_a_malformed_question_is_refused(body: bytes) -> None:
    with pytest.raises(QuestionRefused, match="body_malformed"):
        SERVICES["journeys"](CITY, msgspec.Raw(body))
