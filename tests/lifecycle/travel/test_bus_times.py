"""When buses come: by what is told now, by the timetable otherwise; delays go on, past midnight too."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest

from app.kernel.clock import SHANGHAI
from integrations.transit.port import (
    Alert,
    Call,
    Feed,
    Known,
    Position,
    Route,
    Schedule,
    Service,
    Standing,
    Stop,
    Told,
    Trip,
    TripDay,
    TripNews,
)
from lifecycle.travel.bus_times import BusArrival, BusTimes, bus_times

DAY = date(2026, 11, 30)
MIDNIGHT = datetime(2026, 11, 30, tzinfo=SHANGHAI)
STOPS = {name: Stop(name, f"{name}站", 37.5, 121.4) for name in ("A", "B", "C")}


def at(hours: int, minutes: int = 0, seconds: int = 0) -> datetime:
    return MIDNIGHT + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def a_trip(trip_id: str, starts: int, service_id: str = "daily") -> Trip:
    """From A over B to C, ten minutes from one to the next; `starts` in minutes of the day."""
    calls = tuple(
        Call(10 * place, stop_id, (starts + 10 * place) * 60, (starts + 10 * place) * 60)
        for place, stop_id in enumerate(STOPS)
    )
    return Trip(trip_id, "R1", service_id, 0, "C站", calls)


TRIPS = {one.id: one for one in (a_trip("T1", 480), a_trip("T2", 500), a_trip("T3", 520), a_trip("T4", 1435))}
EVERY_DAY = Service(frozenset(range(7)), date(2026, 1, 1), date(2026, 12, 31), frozenset(), frozenset())
SCHEDULE = Schedule(STOPS, {"R1": Route("R1", "1路", 3, 200)}, TRIPS, {"daily": EVERY_DAY}, "1")


def known(
    trips: Mapping[TripDay, TripNews] | None = None,
    positions: Mapping[TripDay, Position] | None = None,
    standing: Standing = "live",
    alerts: tuple[Alert, ...] = (),
) -> Known:
    return Known(
        Feed("live", SCHEDULE, at(0)),
        Feed(standing, trips or {}, at(7)),
        Feed("live", positions or {}, at(7)),
        Feed("live", alerts, at(7)),
    )


def news(**calls: Told) -> TripNews:
    return TripNews(cancelled=False, calls={int(name[1:]): told for name, told in calls.items()})


def arrivals_at(stop_id: str, told: Known, now: datetime) -> tuple[BusArrival, ...]:
    (item,) = bus_times(told, "R1", stop_id, now).items
    return item.arrivals


class TestTimetable:
    def test_is_what_is_told_where_nothing_is_told_now(self) -> None:
        coming = arrivals_at("B", known(), at(8))

        assert [(one.trip_id, one.arrival_time, one.told_by) for one in coming] == [
            ("T1", at(8, 10), "timetable"),
            ("T2", at(8, 30), "timetable"),
        ]

    def test_shows_the_line_with_its_first_and_last_bus_and_the_fare(self) -> None:
        told = bus_times(known(), None, None, at(8))

        assert [item.stop_id for item in told.items] == ["A", "B", "C"]
        assert {(item.first_departure, item.last_departure, item.fare_fen) for item in told.items} == {
            ("08:00", "23:55", 200)
        }

    def test_of_yesterday_goes_on_after_midnight(self) -> None:
        coming = arrivals_at("C", known(), at(0, 5))

        assert [(one.trip_id, one.arrival_time) for one in coming] == [("T4", at(0, 15)), ("T1", at(8, 20))]

    def test_ends_with_the_last_day(self) -> None:
        new_year = datetime(2027, 1, 1, 12, tzinfo=SHANGHAI)

        assert arrivals_at("B", known(), new_year) == ()

    @pytest.mark.parametrize(("route_id", "stop_id"), [("R9", None), (None, "Z")])
    def test_knows_no_other_lines_and_stops(self, route_id: str | None, stop_id: str | None) -> None:
        assert bus_times(known(), route_id, stop_id, at(8)).items == ()


class TestRealtime:
    def test_tells_when_a_bus_comes_and_how_far_it_is(self) -> None:
        told = known(
            {("T1", DAY): news(s0=Told(at(8, 3), None, skipped=False))},
            {("T1", DAY): Position(10, at(8, 5))},
        )

        first, second = arrivals_at("C", told, at(8, 5))

        assert first == BusArrival("T1", at(8, 23), 2, at(8, 20), "realtime")
        assert second.told_by == "timetable"

    def test_a_delay_goes_on_until_another_is_told(self) -> None:
        told: dict[TripDay, TripNews] = {
            ("T1", DAY): news(s0=Told(None, 120, skipped=False), s20=Told(None, 0, skipped=False))
        }

        assert arrivals_at("B", known(told), at(8))[0].arrival_time == at(8, 12)
        assert arrivals_at("C", known(told), at(8))[0].arrival_time == at(8, 20)

    def test_a_late_bus_still_comes_after_its_time(self) -> None:
        told: dict[TripDay, TripNews] = {("T1", DAY): news(s10=Told(None, 900, skipped=False))}

        assert [one.trip_id for one in arrivals_at("B", known(told), at(8, 20))] == ["T1", "T2"]

    def test_leaves_out_what_is_cancelled_or_skipped(self) -> None:
        told: dict[TripDay, TripNews] = {
            ("T1", None): TripNews(cancelled=True, calls={}),
            ("T2", DAY): news(s10=Told(None, None, skipped=True)),
        }

        assert [one.trip_id for one in arrivals_at("B", known(told), at(8))] == ["T3", "T4"]
        assert [one.trip_id for one in arrivals_at("C", known(told), at(8))] == ["T2", "T3"]

    def test_of_another_day_changes_nothing(self) -> None:
        told: dict[TripDay, TripNews] = {("T1", DAY - timedelta(days=1)): news(s10=Told(None, 900, skipped=False))}

        assert arrivals_at("B", known(told), at(8))[0].told_by == "timetable"

    def test_says_nothing_before_the_first_call_that_is_told_of(self) -> None:
        told: dict[TripDay, TripNews] = {("T1", DAY): news(s20=Told(None, 300, skipped=False))}

        assert arrivals_at("B", known(told), at(8))[0] == BusArrival("T1", at(8, 10), None, at(8, 10), "timetable")

    @pytest.mark.parametrize("standing", ["stale", "away", "malformed"])
    def test_isnt_believed_unless_it_is_live(self, standing: Standing) -> None:
        told = bus_times(known({("T1", DAY): TripNews(cancelled=True, calls={})}, standing=standing), "R1", "B", at(8))

        assert told.items[0].arrivals[0].trip_id == "T1"
        assert (told.realtime, told.realtime_as_of, told.timetable) == (standing, at(7), "live")


class TestNotices:
    def shown(self, **changes: object) -> BusTimes:
        made = {
            "texts": {"zh": "绕行", "en": "Detour"},
            "routes": frozenset({"R1"}),
            "stops": frozenset(),
            "periods": (),
        }
        return bus_times(known(alerts=(Alert(**(made | changes)),)), "R1", "B", at(8))  # type: ignore[arg-type]

    def test_are_those_of_the_lines_that_are_shown_now(self) -> None:
        (notice,) = self.shown().notices

        assert (notice.text.zh, notice.text.en, notice.route_ids) == ("绕行", "Detour", ("R1",))
        assert self.shown(routes=frozenset({"R2"})).notices == ()
        assert self.shown(periods=((at(9), None),)).notices == ()
        assert self.shown(routes=frozenset(), stops=frozenset({"B"})).notices != ()
        assert self.shown(texts={"de": "Umleitung"}).notices[0].text.zh == "Umleitung"
