"""Offering benefits: in the very transaction in which a person's agenda is looked at, so that none is forgotten and none is told twice."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.events import Event
from app.kernel.ids import new_id, shard_of
from app.kernel.phrases import Phrase
from app.kernel.words import Words
from app.keys.fields import place_of
from app.keys.persons import person_keys
from app.notices.bulk import deliver_all
from app.notices.inbox import NewNotice
from lifecycle.agenda.failures import note
from lifecycle.benefits.offers import Change, Offer, benefits, changes, content, due
from lifecycle.entitlements.judging import Judgement, judge
from lifecycle.entitlements.rules import entitlement_rule, entitlement_rules
from lifecycle.entitlements.verdicts import Verdict
from lifecycle.rules.fact_kinds import GUARDIANS
from lifecycle.rules.facts import FactDisputed, Facts

KEEPER: Final = System("benefits")
TABLE: Final = "benefit_offer"
PHRASES: Final = {
    "benefit.offered": Phrase(
        Words(zh="免申即享：{title}", en="Without an application: {title}"),
        Words(
            zh="符合条件，只需确认收款账户，也可以放弃。{because}", en="Just confirm an account, or decline. {because}"
        ),
    )
}
_OFFERS: Final = """
SELECT o.id, o.citizen_id, o.benefit, o.period, o.state, o.until, o.case_id
FROM unnest($1::int4[], $2::uuid[]) AS wanted (shard, id)
JOIN benefit_offer o ON o.shard = wanted.shard AND o.citizen_id = wanted.id FOR UPDATE OF o
"""
_INSERT: Final = """
INSERT INTO benefit_offer (id, shard, citizen_id, benefit, period, state, offered_at, changed_at, until, content)
VALUES ($1, $2, $3, $4, $5, 'offered', $6, $6, $7, $8) ON CONFLICT ON CONSTRAINT benefit_offer_once DO NOTHING
"""
_CONFIRM: Final = """
UPDATE benefit_offer SET state = 'confirmed', case_id = $3, changed_at = $4
WHERE shard = $1 AND citizen_id = $2 AND state IN ('offered', 'declined') AND benefit = ANY ($5::text[])
AND (case_id = $3 OR benefit = ANY ($6::text[]))
"""


class _New(msgspec.Struct, frozen=True):
    """An offer to make, and to whom it is told."""

    id: UUID
    person_id: UUID
    told: tuple[UUID, ...]
    judgement: Judgement
    verdict: Verdict


async def looked_at(people: Mapping[UUID, Facts], today: date) -> None:
    """Offer what is due to people whose agendas are looked at, and end what is no longer; in the system transaction in progress.

    Of a benefit whose rule fails, nothing changes.
    """
    wanted = sorted(people)
    rows = await fetch_all(_OFFERS, [shard_of(person) for person in wanted], wanted)
    kept: dict[tuple[UUID, str], list[Offer]] = defaultdict(list)
    for row in rows:
        offer = Offer(row["id"], row["benefit"], row["period"], row["state"], row["until"], row["case_id"])
        kept[row["citizen_id"], row["benefit"]].append(offer)
    judged = [(person, one) for person in wanted for one in _judged(people[person], today)]
    note(one.failed for _, one in judged if one.failed is not None)
    found = [(person, one, kept[person, one.rule.name]) for person, one in judged if one.failed is None]
    await _change([change for person, one, offers in found for change in changes(one, offers, people[person])])
    await _offer([new for person, one, offers in found if (new := _new(person, people[person], one, offers))])


async def submitted(event: Event) -> None:
    """Confirm the offers of a matter whose case was submitted, however it was opened; a witness, so in the same transaction."""
    if event.citizen_id is None or event.subject_id is None:
        return
    async with transaction(KEEPER):
        rows = await fetch_all(
            "SELECT matter_code FROM matter_case WHERE shard = $1 AND id = $2",
            *(shard_of(event.subject_id), event.subject_id),
        )
        names = [
            rule.name for row in rows for rule in entitlement_rules(row["matter_code"]) if rule.without_application
        ]
        alone = [one.rule for one in benefits() if one.by_any_case]
        await execute(
            _CONFIRM,
            *(shard_of(event.citizen_id), event.citizen_id, event.subject_id, clock.now(), names, alone),
        )


def _judged(facts: Facts, today: date) -> Iterable[Judgement]:
    return [judge(entitlement_rule(one.rule), facts, today) for one in benefits()]


def _new(person: UUID, facts: Facts, one: Judgement, offers: Sequence[Offer]) -> _New | None:
    verdict = due(one)
    if verdict is None or any(offer.period == verdict.period for offer in offers):
        return None
    return _New(new_id(person), person, _told(person, facts, one.as_of), one, verdict)


def _told(person: UUID, facts: Facts, today: date) -> tuple[UUID, ...]:
    """Who is told: the guardians of who has some, or the person."""
    try:
        guardians = facts.value(GUARDIANS) or ()
    except FactDisputed:
        guardians = ()
    return tuple(one.id for one in guardians if one.until is None or today < one.until) or (person,)


async def _change(found: Sequence[Change]) -> None:
    for change in found:
        await execute(
            "UPDATE benefit_offer SET state = $3, changed_at = $4 WHERE shard = $1 AND id = $2",
            *(shard_of(change.id), change.id, change.state, clock.now()),
        )


async def _offer(found: Sequence[_New]) -> None:
    keys = await person_keys(sorted({one.person_id for one in found})) if found else {}
    notices = []
    for one in found:
        if one.person_id not in keys:
            continue
        sealed = keys[one.person_id].seal(
            place_of(TABLE, "content", one.id), msgspec.json.encode(content(one.judgement, one.verdict))
        )
        made = await execute(
            _INSERT,
            *(one.id, shard_of(one.id), one.person_id, one.judgement.rule.name, one.verdict.period),
            *(clock.now(), one.verdict.until, sealed),
        )
        notices += [_notice(one, who) for who in one.told if made]
    await deliver_all(notices)


def _notice(one: _New, who: UUID) -> NewNotice:
    return NewNotice(
        citizen_id=who,
        phrase="benefit.offered",
        facts={"title": one.judgement.rule.title, "because": one.verdict.because},
        source_ref=f"benefit:{one.id}",
        about_id=one.person_id,
    )
