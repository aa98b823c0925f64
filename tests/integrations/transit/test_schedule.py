"""Reading a GTFS schedule: times past midnight, days, fares; and whatever would mislead is refused."""

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.city.gtfs_schedule import schedule
from integrations.transit import schedule as reading
from integrations.transit.schedule import ScheduleMalformed, read_schedule, seconds_of

DAY = date(2026, 11, 30)
SMALL = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nA,公交,https://example.com/,Asia/Shanghai\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nS1,东,37.5,121.4\nS2,西,37.6,121.3\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_type\nR1,A,1路,3\n",
    "trips.txt": "route_id,service_id,trip_id,trip_headsign,direction_id\nR1,W,T1,西,0\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nT1,23:50:00,23:50:00,S1,5\nT1,24:10:00,24:10:00,S2,9\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "W,1,1,1,1,1,0,0,20261101,20261231\n",
    "calendar_dates.txt": "service_id,date,exception_type\nW,20261205,1\nW,20261207,2\n",
    "fare_attributes.txt": "fare_id,price,currency_type,payment_method,transfers\nF,1.50,CNY,0,0\n",
    "fare_rules.txt": "fare_id,route_id\nF,R1\n",
}


def packed(**changed: str | None) -> bytes:
    """The small schedule with files changed, or left out."""
    files = SMALL | {f"{name}.txt": text for name, text in changed.items()}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            if text is not None:
                archive.writestr(name, text)
    return content.getvalue()


class TestRead:
    def test_reads_the_citys_own(self) -> None:
        read = read_schedule(schedule(370600, DAY))

        assert (len(read.trips) > 2000, read.version) == (True, "2026-11-30")
        assert {route.kind for route in read.routes.values()} == {3, 4}
        assert read.routes["B001"].fare_fen == 200

    def test_reads_times_past_midnight_days_and_fares(self) -> None:
        read = read_schedule(packed())

        first, last = read.trips["T1"].calls
        assert (first.sequence, last.sequence, last.arrives) == (5, 9, 24 * 3600 + 600)
        runs = read.services["W"].runs_on
        days = [date(2026, 12, day) for day in (4, 5, 6, 7, 8)]
        assert [runs(day) for day in days] == [True, True, False, False, True]
        assert not runs(date(2027, 1, 4))
        assert read.routes["R1"].fare_fen == 150

    def test_takes_a_mark_of_byte_order_spaces_and_fields_that_it_doesnt_know(self) -> None:
        read = read_schedule(
            packed(stops="\ufeffstop_id,stop_lat,stop_lon,future\n S1 ,37.5 ,121.4,x\nS2,37.6,121.3,\n")
        )

        assert read.stops["S1"].latitude == 37.5

    def test_takes_a_calendar_of_single_days_only(self) -> None:
        read = read_schedule(packed(calendar=None))

        assert read.services["W"].runs_on(date(2026, 12, 5))
        assert not read.services["W"].runs_on(date(2026, 12, 8))

    @pytest.mark.parametrize("name", ["agency", "stops", "routes", "trips", "stop_times"])
    def test_refuses_one_without_a_file_or_with_an_empty_one(self, name: str) -> None:
        for text in (None, "", SMALL[f"{name}.txt"].splitlines()[0] + "\n"):
            with pytest.raises(ScheduleMalformed):
                read_schedule(packed(**{name: text}))

    @pytest.mark.parametrize(
        ("name", "old", "new"),
        [
            ("trips", "R1,W", "R9,W"),
            ("trips", "R1,W", "R1,X"),
            ("stop_times", "S2,9", "S9,9"),
            ("stop_times", "T1,24", "T9,24"),
            ("stop_times", "24:10:00,24:10:00", "23:40:00,23:40:00"),
            ("stop_times", "24:10:00,24:10:00", "24:10:00,24:09:00"),
            ("stop_times", "S2,9", "S2,5"),
            ("stop_times", "S2,9", "S2,nine"),
            ("stop_times", "24:10:00", "24:61:00"),
            ("stop_times", "24:10:00", "1000:00:00"),
            ("stops", "37.6", "97.6"),
            ("stops", "37.6", ""),
            ("stops", "37.6", "nan"),
            ("routes", "1路,3", "1路,bus"),
            ("calendar", "20261101", "2026-11-01"),
            ("calendar", "20261101", "20261301"),
            ("calendar_dates", "20261205,1", "20261205,3"),
            ("fare_attributes", "1.50", "1.505"),
            ("fare_attributes", "1.50", "-1"),
            ("fare_attributes", "1.50", "NaN"),
            ("stops", "stop_id,", "id,"),
        ],
    )
    def test_refuses_what_would_mislead(self, name: str, old: str, new: str) -> None:
        text = SMALL[f"{name}.txt"]
        assert old in text

        with pytest.raises(ScheduleMalformed):
            read_schedule(packed(**{name: text.replace(old, new)}))

    def test_refuses_one_that_runs_never(self) -> None:
        with pytest.raises(ScheduleMalformed):
            read_schedule(packed(calendar=None, calendar_dates=None))

    def test_refuses_a_bomb(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "LARGEST_FILES_BYTES", 100)

        with pytest.raises(ScheduleMalformed, match="too large"):
            read_schedule(packed())

    @given(st.binary(max_size=200), st.integers(0, 2000))
    def test_refuses_by_name_whatever_isnt_one(self, garbage: bytes, at: int) -> None:
        whole = packed()
        for content in (garbage, whole[:at], whole[:at] + garbage + whole[at + len(garbage) :]):
            try:
                read_schedule(content)
            except ScheduleMalformed:
                continue


class TestSecondsOf:
    @pytest.mark.parametrize(("text", "seconds"), [("0:00:00", 0), ("08:05:09", 29109), ("27:30:00", 99000)])
    def test_goes_on_beyond_a_day(self, text: str, seconds: int) -> None:
        assert seconds_of(text) == seconds

    @pytest.mark.parametrize("text", ["", "8:5:0", "08:60:00", "-1:00:00", "08:00", "08:00:00\n0"])
    def test_refuses_what_isnt_one(self, text: str) -> None:
        with pytest.raises(ScheduleMalformed):
            seconds_of(text)
