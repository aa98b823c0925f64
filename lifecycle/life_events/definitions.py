"""What each life event takes, read from `life_events.toml` and checked against the catalogue."""

from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.structs import Slug
from app.kernel.words import Words
from app.records.kinds import RecordKind
from lifecycle.bundles.definitions import Bundle, bundles
from lifecycle.catalogue import published
from lifecycle.catalogue.structs import EventCode, Matter
from lifecycle.life_events.errors import LifeEventUnknown
from lifecycle.rules.data_files import DataFileError, read_tables

PATH: Final = Path(__file__).parent / "life_events.toml"
Declarer = Literal["self", "guardian"]
DetailType = Literal["date", "line", "division", "count", "amount_fen"]
Sex = Literal["male", "female"]
Round = Literal["birthday", "school"]
Days = Annotated[int, Meta(ge=0)]


class DetailText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing that can be said of an event, and between which bounds."""

    name: Slug
    type: DetailType
    title: Words
    required: bool = False
    days_before: Days = 0
    """Of a date: how long before the event it may lie; it is never later than the event may be."""
    least: int = 0
    most: int = 100_000_000_000


class LeastAges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The parameters of a least age, where the law has one for each sex."""

    male: str
    female: str


class DateRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """By which birthday an event comes; `school`: to all of a year of entry on one day. `age` names a dated parameter."""

    age: str
    round: Round
    sex: Sex | None = None


class Definition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A life event: who declares it, what is plausible, how long it matters."""

    code: EventCode
    stage: Slug
    record: RecordKind
    declared_by: tuple[Declarer, ...]
    sex: Sex | None = None
    least_age: str | None = None
    least_age_by_sex: LeastAges | None = None
    past_days: Days | None = None
    future_days: Days = 0
    for_days: Days | None = None
    single: bool = False
    silent_when_told: bool = False
    calendar: bool = False
    details: tuple[DetailText, ...] = ()
    by_date: DateRule | None = None

    @property
    def name(self) -> Words:
        """How people call it, by the catalogue."""
        return published.catalogue().life_events[self.code].name

    @property
    def matters(self) -> tuple[Matter, ...]:
        """The matters that it brings up."""
        return tuple(one for one in published.catalogue().matters if self.code in one.trigger_events)

    @property
    def bundles(self) -> tuple[Bundle, ...]:
        """The bundles that it brings up."""
        return tuple(one for one in bundles().values() if one.event == self.code)


def read_definitions(path: Path = PATH) -> dict[str, Definition]:
    """Read and check every definition; mistakes are told with file and line."""
    found: dict[str, Definition] = {}
    for line, one in read_tables(path, "life_event", Definition):
        if one.code in found:
            raise DataFileError(path, line, "code", "stands here twice")
        if len({detail.name for detail in one.details}) != len(one.details):
            raise DataFileError(path, line, "details", "a detail stands here twice")
        if one.calendar and (one.declared_by or one.by_date):
            raise DataFileError(path, line, "calendar", "what comes for everybody is recorded of nobody")
        found[one.code] = one
    return found


@cache
def definitions() -> dict[str, Definition]:
    """Every life event by its code, in the order of a life."""
    return read_definitions()


def definition_of(code: str) -> Definition:
    """A life event by its code; refuses `LifeEventUnknown`."""
    found = definitions().get(code)
    if found is None:
        raise LifeEventUnknown(event=code)
    return found
