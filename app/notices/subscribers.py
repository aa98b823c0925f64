"""Campaigns about a matter that people switch on: they reach its subscribers within the audience, and nobody else.

The room that knows who switched what on lies above and registers itself here.
"""

from datetime import datetime
from typing import Final, Literal, Protocol
from uuid import UUID

import msgspec

from app.kernel.words import Words
from app.notices.audiences import Condition
from app.notices.errors import (
    AdvertiserMissing,
    AnotherDepartmentsMatter,
    NoAdvertisements,
    NothingUrgent,
    NotPushed,
    TopicUnknown,
)
from app.notices.limits import limit_today
from app.notices.structs import About, DivisionReach

Advertising = Literal["never", "some", "always"]
"""Whether what is sent of a matter is advertising; `some` is sent only to who agreed to it besides."""
FROM_SUBSCRIBERS: Final = """{table} s JOIN LATERAL (
    SELECT id, shard, birth_date, division_code, died_on, merged_into FROM resident
    WHERE resident.shard = s.shard AND resident.id = s.citizen_id OFFSET 0
) r ON true"""
"""Choices, each with whom it is about. `OFFSET 0` keeps the planner from going through all residents instead."""


class PushMatter(msgspec.Struct, frozen=True, kw_only=True):
    """A matter that people switch on, as campaigns need to know it: at the most `most` in `days` days reach one person."""

    code: str
    name: Words
    department: str
    advertising: Advertising
    urgent: bool
    most: int
    days: int


class Choice(msgspec.Struct, frozen=True):
    """That a matter was switched on, whose it is, and where it is switched off."""

    matter: str
    name: Words
    department: str
    since: datetime
    switch_off: str


class Subscribers(Protocol):
    """Who switched matters on. `table` holds the choices: each its `shard`, whose it is (`citizen_id`), who is told (`reader_id`)."""

    table: str

    def find(self, matter: str) -> PushMatter | None:
        """A matter that can be switched on; nothing if there is none of that code."""

    def unknown_topics(self, about: About) -> tuple[str, ...]:
        """What a campaign names as topics that the matter doesn't have."""

    def compiled(self, about: About, condition: Condition) -> str:
        """The SQL condition over the table's `s` and `resident r` of the choices that hold now."""

    async def chosen(self, reader_id: UUID, person_id: UUID, matter: str, before: datetime) -> Choice | None:
        """The choice by which somebody was told something of a matter at a time."""


class _Registered:
    subscribers: Subscribers | None = None


def register_subscribers(subscribers: Subscribers) -> None:
    """Make known who knows of choices; doing it again replaces it."""
    _Registered.subscribers = subscribers


def subscribers() -> Subscribers:
    """Whoever knows of choices."""
    if _Registered.subscribers is None:
        raise LookupError
    return _Registered.subscribers


def refuse_unless_theirs(department: str, about: About) -> PushMatter:
    """The matter of a campaign of a department's.

    Refuses `NotPushed`, `AnotherDepartmentsMatter`, `TopicUnknown`; `AdvertiserMissing` where the matter is advertising and nobody is
    named, `NoAdvertisements` where it carries none (广告法 art. 14), `NothingUrgent` where nothing is sent besides.
    """
    matter = subscribers().find(about.matter)
    if matter is None:
        raise NotPushed(matter=about.matter)
    if matter.department != department:
        raise AnotherDepartmentsMatter(matter=about.matter, department=matter.department)
    if unknown := subscribers().unknown_topics(about):
        raise TopicUnknown(topics=list(unknown))
    if matter.advertising == "always" and about.advertiser is None:
        raise AdvertiserMissing(matter=about.matter)
    if matter.advertising == "never" and about.advertiser is not None:
        raise NoAdvertisements(matter=about.matter)
    if about.urgent and not matter.urgent:
        raise NothingUrgent(matter=about.matter)
    return matter


def counted(people: int) -> tuple[int, int | None]:
    """A number of subscribers as officers see it: rounded down to so many, below which it is said only that they are fewer."""
    fewest = limit_today("fewest_counted")
    return people - people % fewest, fewest if people < fewest else None


def counted_by_division(divisions: list[DivisionReach]) -> list[DivisionReach]:
    """The divisions that have enough subscribers to be named, each rounded down."""
    known = [(one.division_code, *counted(one.people)) for one in divisions]
    return [DivisionReach(code, people) for code, people, fewer_than in known if fewer_than is None]
