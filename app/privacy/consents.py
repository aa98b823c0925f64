"""Consents: read, changed, and asked for by other rooms at every use, so that one that was withdrawn is withdrawn at once.

A consent is about one person's data. Each person decides about their own from 14 on; for a child below that age a guardian does
(个人信息保护法 art. 31). It ends by itself on a day that can be chosen, and its owner is reminded before.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Citizen, System
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.privacy.deciding import refuse_unless_deciding
from app.privacy.errors import ConsentsChanged, ConsentTooLong, PurposeUnknown
from app.privacy.events import ConsentEnded, ConsentExpiring, ConsentGiven
from app.privacy.limits import limit_today
from app.privacy.purposes import PURPOSES, Purpose
from app.privacy.structs import ConsentChoice, ConsentChoices, ConsentsView, ConsentView

_KEEPER: Final = System("privacy")
_ENDS: Final = "coalesce(ends_at, at + interval '365 days')"
_NEWEST: Final = f"""
SELECT DISTINCT ON (purpose) purpose, version, given, at, {_ENDS} AS ends_at FROM consent
WHERE shard = $1 AND citizen_id = $2 ORDER BY purpose, version DESC
"""
_IS_GIVEN: Final = f"""
SELECT given AND {_ENDS} > $4 FROM consent WHERE shard = $1 AND citizen_id = $2 AND purpose = $3 ORDER BY version DESC LIMIT 1
"""
_GIVEN_BY: Final = """
SELECT newest.citizen_id FROM unnest($1::int4[], $2::uuid[]) AS wanted (shard, id)
CROSS JOIN LATERAL (SELECT * FROM consent c WHERE c.shard = wanted.shard AND c.citizen_id = wanted.id AND c.purpose = $3
    ORDER BY c.version DESC LIMIT 1) newest WHERE newest.given AND coalesce(newest.ends_at, newest.at + interval '365 days') > $4
"""
_ENDING: Final = """
SELECT c.id, c.citizen_id FROM consent c WHERE c.given AND c.ends_at > $1 AND c.ends_at <= $2 AND NOT EXISTS (
  SELECT 1 FROM consent later WHERE later.shard = c.shard AND later.citizen_id = c.citizen_id AND later.purpose = c.purpose
  AND later.version > c.version)
"""
_INSERT: Final = """
INSERT INTO consent (id, shard, citizen_id, purpose, version, given, at, ends_at, decided_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


async def my_consents(citizen: Citizen, person_id: UUID | None = None) -> ConsentsView:
    """Everything that the citizen (or a ward below 14) can allow, and what was chosen; refuses `NotYoursToDecide`."""
    person = person_id or citizen.id
    async with transaction(citizen):
        await refuse_unless_deciding(citizen, person)
        await note_ward_look(citizen, person)
        rows = await fetch_all(_NEWEST, shard_of(person), person)
    chosen = {row["purpose"]: row for row in rows}
    return ConsentsView(
        version=max((row["version"] for row in rows), default=0),
        items=[_view(purpose, chosen.get(purpose.code)) for purpose in PURPOSES.values()],
        person_id=person,
    )


async def choose(citizen: Citizen, choices: ConsentChoices, expected: int | None) -> ConsentsView:
    """Give or take back consents; what is as chosen already isn't written again.

    Refuses `PurposeUnknown`, `ConsentTooLong`, `NotYoursToDecide`, and `ConsentsChanged` when `expected` (from `If-Match`) isn't the
    present version.
    """
    wanted = {choice.purpose: choice for choice in choices.items}
    _refuse_unless_possible(choices)
    person = choices.person_id or citizen.id
    async with transaction(citizen):
        await _lock(person)
        before = await my_consents(citizen, person)
        if expected is not None and expected != before.version:
            raise ConsentsChanged(version=before.version)
        changes = [wanted[item.purpose] for item in before.items if _changes(item, wanted.get(item.purpose))]
        for choice in changes:
            await _write(citizen, person, choice, before.version + 1)
        if changes:
            await seal_act(Act.CONSENTS_CHANGED, citizen, about=person)
        return await my_consents(citizen, person)


async def is_given(person_id: UUID, purpose: Purpose) -> bool:
    """Whether a purpose is allowed now for a person's data; it isn't where nobody ever chose. Ask at each use, never keep it."""
    async with transaction(_KEEPER):
        given = await fetch_value(_IS_GIVEN, shard_of(person_id), person_id, purpose.code, clock.now())
    return bool(given)


async def given_by(people: Iterable[UUID], purpose: Purpose) -> set[UUID]:
    """Who of some people allows a purpose now; in the system transaction in progress."""
    wanted = sorted(set(people))
    rows = await fetch_all(_GIVEN_BY, [shard_of(person) for person in wanted], wanted, purpose.code, clock.now())
    return {row["citizen_id"] for row in rows}


async def purpose_of(consent_id: UUID) -> Purpose | None:
    """Which purpose a consent is about."""
    async with transaction(_KEEPER):
        row = await fetch_one(
            "SELECT purpose FROM consent WHERE shard = $1 AND id = $2", shard_of(consent_id), consent_id
        )
    return None if row is None else PURPOSES.get(row["purpose"])


async def look_ahead() -> None:
    """Tell of consents that end soon, and of those that ended in the last two days; run daily, and harmless when repeated."""
    now = clock.now()
    soon = now + timedelta(days=limit_today("consent_reminder_days"))
    async with transaction(_KEEPER):
        for row in await fetch_all(_ENDING, now, soon):
            await tell(ConsentExpiring(citizen_id=row["citizen_id"], subject_id=row["id"]))
        for row in await fetch_all(_ENDING, now - timedelta(days=2), now):
            await tell(ConsentEnded(citizen_id=row["citizen_id"], subject_id=row["id"]))


def _refuse_unless_possible(choices: ConsentChoices) -> None:
    latest = clock.today() + timedelta(days=limit_today("consent_longest_days"))
    for choice in choices.items:
        if choice.purpose not in PURPOSES:
            raise PurposeUnknown(purpose=choice.purpose)
        if choice.valid_to is not None and not clock.today() <= choice.valid_to <= latest:
            raise ConsentTooLong(latest=latest)


def _changes(item: ConsentView, choice: ConsentChoice | None) -> bool:
    """Whether a choice says something new: given or not, or another last day."""
    if choice is None:
        return False
    return choice.given != item.given or (choice.given and choice.valid_to not in {None, item.valid_to})


async def _lock(person_id: UUID) -> None:
    """Let two changes at once follow each other; the unique version stays the truth."""
    await fetch_value("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", f"consents {person_id}")


async def _write(citizen: Citizen, person: UUID, choice: ConsentChoice, version: int) -> None:
    row_id = new_id(person)
    ends_at = _end_of(choice.valid_to) if choice.given else None
    await execute(
        _INSERT,
        *(row_id, shard_of(row_id), person, choice.purpose, version, choice.given, clock.now(), ends_at, citizen.id),
    )
    event = ConsentGiven if choice.given else ConsentEnded
    await tell(event(citizen_id=person, subject_id=row_id))


def _end_of(valid_to: date | None) -> datetime:
    """The end of the chosen last day, or of the usual one, in Shanghai."""
    last = valid_to or clock.today() + timedelta(days=limit_today("consent_default_days"))
    return datetime.combine(last + timedelta(days=1), datetime.min.time(), clock.SHANGHAI)


def _view(purpose: Purpose, row: Row | None) -> ConsentView:
    given = bool(row and row["given"] and row["ends_at"] > clock.now())
    return ConsentView(
        purpose=purpose.code,
        kind=purpose.kind,
        title=purpose.title,
        given=given,
        at=row["at"] if row else None,
        valid_to=(clock.local(row["ends_at"]) - timedelta(days=1)).date() if row and given else None,
        department=purpose.department or None,
        expired=bool(row and row["given"]) and not given,
    )
