"""The police's party on the roads: speeds by the hour, events, and what is the same for five minutes."""

from datetime import datetime, timedelta

import pytest

from app.kernel.clock import SHANGHAI
from integrations.city.registers import listed
from integrations.city.road_traffic import Section, Sections, flow, road_conditions, section_at
from tests.makers.city_people import a_town_of_registers

SECTIONS: tuple[Section, ...] = listed("roads", Sections).items
SEED = 370600
NIGHT, RUSH = (datetime(2027, 6, 7, hour, 2, tzinfo=SHANGHAI) for hour in (2, 8))


def a_section_with(kind: str) -> Section:
    """A section where something of the list is going on."""
    return next(one for one in SECTIONS if one.works is not None and one.works.kind == kind)


class TestSpeed:
    def test_is_never_above_the_free_one(self) -> None:
        hours = [NIGHT + timedelta(hours=hour) for hour in range(24)]

        told = [section_at(SEED, one, at) for one in SECTIONS for at in hours]

        assert all(0 <= one.speed_kmh <= one.free_speed_kmh for one in told)

    def test_falls_in_the_rush_hours(self) -> None:
        night = sum(section_at(SEED, one, NIGHT).speed_kmh for one in SECTIONS)
        rush = sum(section_at(SEED, one, RUSH).speed_kmh for one in SECTIONS)

        assert rush < night

    @pytest.mark.parametrize(
        ("speed", "named"), [(70, "smooth"), (69, "slow"), (40, "slow"), (39, "congested"), (0, "congested")]
    )
    def test_is_named_by_its_share(self, speed: int, named: str) -> None:
        assert flow(speed, 100) == named

    def test_is_the_same_for_five_minutes(self) -> None:
        first, last = RUSH.replace(minute=5), RUSH.replace(minute=9, second=59)

        assert [section_at(SEED, one, first) for one in SECTIONS] == [section_at(SEED, one, last) for one in SECTIONS]


class TestEvents:
    def test_close_a_road_from_the_first_to_the_last_day(self) -> None:
        section = a_section_with("closure")
        assert section.works is not None
        noon = datetime(
            section.works.until.year, section.works.until.month, section.works.until.day, 12, tzinfo=SHANGHAI
        )

        last, after = section_at(SEED, section, noon), section_at(SEED, section, noon + timedelta(days=1))

        assert (last.flow, last.speed_kmh, last.event) == ("closed", 0, "closure")
        assert after.event != "closure"
        assert after.speed_kmh > 0

    def test_are_explained_wherever_there_is_one(self) -> None:
        told = [section_at(SEED, one, NIGHT + timedelta(hours=hour)) for one in SECTIONS for hour in range(48)]

        assert all((one.event is None) == (one.event_says is None) for one in told)
        assert any(one.event == "accident" for one in told)


def test_every_section_of_the_list_is_told() -> None:
    assert (
        len(road_conditions(a_town_of_registers()).items)
        == len({one.section_code for one in SECTIONS})
        == len(SECTIONS)
    )
