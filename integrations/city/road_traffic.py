"""The traffic police's party (GAJ) on the roads: speeds by the hour, accidents by chance, roadworks from the list."""

from datetime import date, datetime
from typing import Final

import msgspec

from app.kernel import clock
from integrations.city.chance import chance, one_in
from integrations.city.clock_times import minute_of_day, slot
from integrations.city.registers import Service, listed, of_everybody
from integrations.city.world import City
from integrations.departments.road_traffic import Flow, RoadConditions, RoadEvent, RoadPoint, RoadSection

RUSH: Final = (0, 0, 0, 0, 0, 5, 25, 90, 100, 60, 35, 40, 50, 40, 35, 40, 60, 100, 95, 50, 30, 20, 10, 0)
"""By hour: how much of a section's rush-hour slowness there is, in percent."""
SMOOTH_FROM_PERCENT: Final = 70
SLOW_FROM_PERCENT: Final = 40
"""Of the free speed; below the second it is congested."""
_MEASURED_MINUTES: Final = 5
_ACCIDENT_MINUTES: Final = 60
_ACCIDENT_ONE_IN: Final = 60
_ACCIDENT_PERCENT: Final = 50
_WORKS_PERCENT: Final = 25


class Works(msgspec.Struct, frozen=True, rename={"since": "from", "until": "to"}):
    """Roadworks or a closure, from one day to another, both included."""

    since: date
    until: date
    kind: RoadEvent
    says: str


class Section(msgspec.Struct, frozen=True):
    """A watched section of the list."""

    section_code: str
    road: str
    between: str
    division_code: str
    line: tuple[RoadPoint, ...]
    free_speed_kmh: int
    rush_percent: int
    works: Works | None = None


class Sections(msgspec.Struct, frozen=True):
    """Every watched section."""

    items: tuple[Section, ...]


def road_conditions(city: City) -> RoadConditions:
    """Tell how every section is now."""
    now = clock.now()
    drawn = listed("roads", Sections).items
    return RoadConditions(tuple(section_at(city.population.seed, one, now) for one in drawn))


def section_at(seed: int, section: Section, at: datetime) -> RoadSection:
    """Tell how a section is at an instant: the same for five minutes, except for the time."""
    event, says = _event(seed, section, at)
    speed = 0 if event == "closure" else _speed(seed, section, event, at)
    return RoadSection(
        section_code=section.section_code,
        road=section.road,
        between=section.between,
        division_code=section.division_code,
        line=section.line,
        free_speed_kmh=section.free_speed_kmh,
        speed_kmh=speed,
        flow="closed" if event == "closure" else flow(speed, section.free_speed_kmh),
        event=event,
        event_says=says,
        measured_at=at.replace(minute=at.minute // _MEASURED_MINUTES * _MEASURED_MINUTES, second=0, microsecond=0),
    )


def flow(speed_kmh: int, free_kmh: int) -> Flow:
    """Name a speed by its share of the free one."""
    if 100 * speed_kmh >= SMOOTH_FROM_PERCENT * free_kmh:
        return "smooth"
    return "slow" if 100 * speed_kmh >= SLOW_FROM_PERCENT * free_kmh else "congested"


def _speed(seed: int, section: Section, event: RoadEvent | None, at: datetime) -> int:
    dice = chance(seed, "road_speed", f"{section.section_code}:{slot(at, _MEASURED_MINUTES)}")
    slower = section.rush_percent * RUSH[minute_of_day(at) // 60] // 100 + dice.randrange(10)
    slower += {"accident": _ACCIDENT_PERCENT, "roadworks": _WORKS_PERCENT}.get(event or "", 0)
    return max(5, section.free_speed_kmh * (100 - slower) // 100)


def _event(seed: int, section: Section, at: datetime) -> tuple[RoadEvent | None, str | None]:
    works = section.works
    if works is not None and works.since <= at.date() <= works.until:
        return works.kind, works.says
    dice = chance(seed, "accident", f"{section.section_code}:{slot(at, _ACCIDENT_MINUTES)}")
    if one_in(dice, _ACCIDENT_ONE_IN):
        return "accident", "两车刮擦，占用一条车道，交警正在处理。"
    return None, None


SERVICES: Final[dict[str, Service]] = {"road_conditions": of_everybody(road_conditions)}
