"""Classes that end or change as life goes on: a pupil leaves school, somebody turns 65. Judged when a fact changes, on its last day, and yearly.

A class that is no longer due gives way to the next one on the same card, and its holder is told; a better one that has become due is
offered once, and taken by having the card replaced.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import structlog

from app.audit.acts import Act, seal_act
from app.card import class_judge
from app.card.class_judge import Judged
from app.card.classes import CardClass
from app.card.events import CardClassDue, CardClassEnded
from app.card.limits import limit_on
from app.card.receipts import SYSTEM
from app.kernel import clock
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.events import tell
from app.kernel.ids import shard_of

_log = structlog.get_logger()
_BATCH: Final = 500
_COLUMNS: Final = "c.id, c.shard, c.citizen_id, c.card_class, c.class_until, c.class_judged_on, c.class_offered"
_LIVING: Final = "c.state NOT IN ('replaced', 'cancelled')"
_OF_PEOPLE: Final = f"""
SELECT {_COLUMNS} FROM unnest($1::int4[], $2::uuid[]) AS wanted (shard, id)
JOIN card c ON c.shard = wanted.shard AND c.citizen_id = wanted.id AND {_LIVING}
"""
_DUE: Final = f"""
SELECT c.id, c.citizen_id FROM card c WHERE c.card_class <> 'ordinary' AND {_LIVING} AND (c.class_until < $1 OR c.class_judged_on <= $2)
AND c.id > $3 ORDER BY c.id LIMIT $4
"""
_OFFERED: Final = (CardClass.ELDER_65, CardClass.ELDER_60)
"""Classes that come to everybody with the years."""


def class_then(card_class: CardClass, until: date | None, judged: Mapping[CardClass, Judged], today: date) -> CardClass:
    """The class that a card has from now on. Pure.

    One that can't be judged just now lasts until its last day; what follows the class from 60 on is that from 65 on.
    """
    found = judged.get(card_class)
    over = until is not None and until < today
    if found is None or not found.known:
        return CardClass.ORDINARY if over else card_class
    if found.entitled:
        return card_class
    senior = judged.get(CardClass.ELDER_65)
    follows = card_class is CardClass.ELDER_60 and senior is not None and senior.entitled
    return CardClass.ELDER_65 if follows else CardClass.ORDINARY


async def cards_of(people: Sequence[UUID]) -> list[Row]:
    """The cards of some people, with their classes; in a system transaction."""
    return await fetch_all(_OF_PEOPLE, [shard_of(one) for one in people], list(people))


async def settle_class(card: Row, judged: Mapping[CardClass, Judged], today: date) -> None:
    """Let a card's class follow what was judged, in the system transaction in progress; doing it again changes nothing."""
    before = CardClass(card["card_class"])
    after = class_then(before, card["class_until"], judged, today) if before is not CardClass.ORDINARY else before
    if after is not before:
        await _change(card, before, after, judged)
    elif before is CardClass.ORDINARY:
        await _offer(card, judged)
    elif (found := judged.get(before)) is not None and found.entitled:
        await _keep(card, found.until, today)


async def look_through() -> None:
    """Judge again the classes that have ended or were judged a year ago; a timetable's. One that fails hides no other."""
    today = clock.today()
    late = today - timedelta(days=limit_on(today, "class_judged_days"))
    after = UUID(int=0)
    while True:
        async with transaction(SYSTEM):
            due = await fetch_all(_DUE, today, late, after, _BATCH)
        for card in due:
            await _tried(card, today)
        if len(due) < _BATCH:
            return
        after = due[-1]["id"]


async def _tried(card: Row, today: date) -> None:
    try:
        await _judge_again(card["citizen_id"], today)
    except Exception:  # noqa: BLE001 - whatever one card's judge fails of, the others are judged
        _log.exception("class_not_judged", card=str(card["id"]))


async def _judge_again(person_id: UUID, today: date) -> None:
    async with transaction(SYSTEM):
        found = await cards_of([person_id])
    for card in found:
        wanted = {CardClass(card["card_class"]), CardClass.ELDER_65}
        judged = {one: await class_judge.judge(person_id, one) for one in wanted}
        async with transaction(SYSTEM):
            await settle_class(card, judged, today)
            await execute(
                "UPDATE card SET class_judged_on = $3 WHERE shard = $1 AND id = $2", card["shard"], card["id"], today
            )


async def _change(card: Row, before: CardClass, after: CardClass, judged: Mapping[CardClass, Judged]) -> None:
    until = judged[after].until if after in judged else None
    changed = await fetch_one(
        "UPDATE card SET card_class = $4, class_until = $5, class_judged_on = $6 WHERE shard = $1 AND id = $2 AND card_class = $3 RETURNING id",
        *(card["shard"], card["id"], before.value, after.value, until, clock.today()),
    )
    if changed is not None:
        await tell(CardClassEnded(citizen_id=card["citizen_id"], subject_id=card["id"]))
        await seal_act(Act.CARD_CLASS_CHANGED, SYSTEM, about=card["citizen_id"], subject=card["id"])


async def _offer(card: Row, judged: Mapping[CardClass, Judged]) -> None:
    due = next((one for one in _OFFERED if one in judged and judged[one].entitled), None)
    if due is None or due == card["class_offered"]:
        return
    offered = await fetch_one(
        "UPDATE card SET class_offered = $3 WHERE shard = $1 AND id = $2 AND class_offered IS DISTINCT FROM $3 RETURNING id",
        *(card["shard"], card["id"], due.value),
    )
    if offered is not None:
        await tell(CardClassDue(citizen_id=card["citizen_id"], subject_id=card["id"]))


async def _keep(card: Row, until: date | None, today: date) -> None:
    if until != card["class_until"]:
        await execute(
            "UPDATE card SET class_until = $3, class_judged_on = $4 WHERE shard = $1 AND id = $2",
            *(card["shard"], card["id"], until, today),
        )
