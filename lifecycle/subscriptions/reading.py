"""What can be switched on, what is on, and what was agreed to when."""

from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.ids import shard_of
from app.kernel.paging import Page, decode_cursor, page
from app.privacy.deciding import refuse_unless_deciding
from app.privacy.purposes import PUSH_ADVERTISING
from app.privacy.taken_back import not_taken_back_since
from lifecycle.catalogue import published
from lifecycle.catalogue.index import Filter
from lifecycle.catalogue.structs import Kind
from lifecycle.subscriptions import pushes
from lifecycle.subscriptions.pushes import Push
from lifecycle.subscriptions.structs import (
    AskView,
    Standing,
    SubscriptionChange,
    SubscriptionInFull,
    SubscriptionView,
)

_ALL: Final = 1000
_ON: Final = f"""
SELECT s.*, {not_taken_back_since("s", "s.agreed_at", "p.purpose", "$4")} AS heard,
    {not_taken_back_since("s", "s.agreed_at", "$7", "$4")} AS advertising_heard
FROM unnest($5::text[], $6::text[]) AS p (matter, purpose) JOIN subscription s ON s.matter = p.matter
WHERE s.shard = $1 AND s.citizen_id = $2 AND s.reader_id = $3 AND s.ended_at IS NULL
"""
_HISTORY: Final = """
SELECT * FROM subscription WHERE shard = $1 AND citizen_id = $2 AND reader_id = $3 AND matter = $4 ORDER BY id DESC
"""


class Place(msgspec.Struct, frozen=True, array_like=True):
    """How many were shown before."""

    after: Annotated[int, Meta(ge=0, le=10_000)]


class Wanted(msgspec.Struct, frozen=True):
    """Which matters are looked for, and for whom: a stage, words, only what is on."""

    person_id: UUID | None = None
    stage: str | None = None
    words: str = ""
    only_on: bool = False


async def subscriptions(citizen: Citizen, wanted: Wanted, cursor: str | None, limit: int) -> Page[SubscriptionView]:
    """Every push matter, the best fitting first, then by stage, and whether it is on for the citizen or a ward below 14.

    Refuses `NotYoursToDecide`, `DecidesThemselves`, `StageUnknown`, `CursorWrong`.
    """
    after = decode_cursor(cursor, Place).after if cursor else 0
    found = published.catalogue().page(Filter(stage=wanted.stage, kind=Kind.PUSH, words=wanted.words), None, _ALL)
    matters = [pushes.push_of(published.matter(one.code)) for one in found.items]
    person = wanted.person_id or citizen.id
    async with transaction(citizen):
        await refuse_unless_deciding(citizen, person)
        await note_ward_look(citizen, person)
        rows = await rows_on(citizen, person, [push for push in matters if push])
    known = [view(push, person, rows.get(push.matter.code)) for push in matters if push]
    shown = [one for one in known if not wanted.only_on or one.standing != "off"]
    return page(shown[after : after + limit + 1], limit, Place(after + limit))


async def subscription(citizen: Citizen, matter_code: str, person_id: UUID | None) -> SubscriptionInFull:
    """One push matter with everything that was agreed to about it; refuses `MatterUnknown` and `NotPushed` besides."""
    push, person = pushes.find(matter_code), person_id or citizen.id
    async with transaction(citizen):
        await refuse_unless_deciding(citizen, person)
        await note_ward_look(citizen, person)
        rows = await rows_on(citizen, person, [push])
        past = await fetch_all(_HISTORY, shard_of(person), person, citizen.id, matter_code)
    shown = view(push, person, rows.get(matter_code))
    return SubscriptionInFull(
        **{name: getattr(shown, name) for name in SubscriptionView.__struct_fields__},
        history=[_change(row) for row in past],
    )


async def rows_on(citizen: Citizen, person: UUID, wanted: list[Push]) -> dict[str, Row]:
    """What the citizen has on for a person, by matter; `heard` says that its purpose (or advertising) wasn't taken back since."""
    rows = await fetch_all(
        _ON,
        *(shard_of(person), person, citizen.id, clock.now()),
        *([push.matter.code for push in wanted], [push.purpose.code for push in wanted], PUSH_ADVERTISING.code),
    )
    return {row["matter"]: row for row in rows}


def standing(push: Push, row: Row | None) -> Standing:
    """Whether something is sent, or why not."""
    if row is None:
        return "off"
    if row["terms"] != push.terms:
        return "terms_changed"
    return "on" if row["heard"] else "silenced"


def view(push: Push, person: UUID, row: Row | None) -> SubscriptionView:
    """A push matter as whoever decides about a person sees it."""
    matter, facts = push.matter, push.facts
    return SubscriptionView(
        matter=matter.code,
        name=matter.name,
        summary=matter.summary,
        stage=matter.stage,
        department=matter.department,
        version=matter.version,
        sends=push.text.sends,
        uses=push.text.uses,
        how_often=push.text.how_often,
        sender=facts.sender,
        advertising=facts.advertising,
        sensitive=facts.sensitive,
        from_age=facts.from_age,
        below_age=facts.below_age,
        asks=tuple(AskView(ask.code, ask.name, ask.choices, ask.shape or None) for ask in facts.every_ask),
        purpose=push.purpose.code,
        person_id=person,
        standing=standing(push, row),
        since=row["agreed_at"] if row else None,
        agreed_version=row["matter_version"] if row else None,
        advertising_agreed=bool(row and row["advertising"] and row["advertising_heard"]),
        topics=list(row["topics"]) if row else [],
    )


def _change(row: Row) -> SubscriptionChange:
    return SubscriptionChange(
        version=row["matter_version"],
        agreed_at=row["agreed_at"],
        advertising=row["advertising"],
        sensitive_data=row["sensitive"],
        level=row["level"],
        client_id=row["client_id"],
        ended_at=row["ended_at"],
        ended_by=row["ended_by"],
    )
