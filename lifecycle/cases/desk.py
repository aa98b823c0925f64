"""The desk: a department's open cases, read from a projection that events feed; and one case as an officer sees it."""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.kernel import clock
from app.kernel.actors import NoRight, Officer, classes_shown, granted
from app.kernel.database import Row, execute, fetch_all, fetch_value, transaction
from app.kernel.events import Event
from app.kernel.paging import Page, decode_cursor, page
from app.kernel.structs import Instant, Slug
from app.residents.people import names_of
from lifecycle.cases import casebook, decisions, fields, timing
from lifecycle.cases.casebook import Answers, CaseFile
from lifecycle.cases.fields import Prefill
from lifecycle.cases.forms import form_of
from lifecycle.cases.reading import event_views, field_views
from lifecycle.cases.states import ON_DESK, State, steps_from
from lifecycle.cases.structs import DeskCase, DeskItem
from lifecycle.cases.waivers import waivers_of
from lifecycle.cases.words import STATES
from lifecycle.catalogue import published

SHOWN: Final = ON_DESK | {State.APPROVED}
"""States in which a case stands on the desk's list."""
_UPSERT: Final = """
INSERT INTO desk_entry (case_id, department, matter_code, division, state, number, submitted_at, changed_at, officer_id, version,
clock, due_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (department, case_id) DO UPDATE SET state = excluded.state, division = excluded.division,
changed_at = excluded.changed_at, officer_id = excluded.officer_id, version = excluded.version, clock = excluded.clock,
due_on = excluded.due_on
WHERE desk_entry.version < excluded.version
"""
_SELECT: Final = """
SELECT * FROM desk_entry e WHERE e.department = $1 AND e.state = ANY ($2::text[])
AND ($3::text IS NULL OR e.matter_code = $3) AND ($4::text IS NULL OR starts_with(e.division, $4))
AND (e.submitted_at, e.case_id) > ($5, $6::uuid) AND ($10::date IS NULL OR (e.due_on <= $10 AND e.clock <> 'correction'))
AND EXISTS (SELECT 1 FROM unnest($7::text[], $8::text[]) AS granted (matter, division)
            WHERE granted.matter IN ('*', e.matter_code) AND (granted.division = '*' OR starts_with(e.division, granted.division)))
ORDER BY e.submitted_at, e.case_id LIMIT $9
"""


DivisionPrefix = Annotated[
    str, Meta(pattern=r"\A[0-9]{2,12}\Z", description="A division (GB/T 2260) and all below it.")
]


class DeskFilter(msgspec.Struct, frozen=True):
    """What an officer looks for: a matter, a division (and all below it), a state, what is due by a day."""

    matter: Slug | None = None
    division: DivisionPrefix | None = None
    state: State | None = None
    due_by: date | None = None


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ended: the oldest submission comes first."""

    submitted_at: Instant
    case_id: UUID


_FIRST: Final = Place(clock.from_epoch(0), UUID(int=0))


async def project(event: Event) -> None:
    """Bring the desk's list up to date with a case; a subscriber of all its events. An older state never overwrites a newer."""
    case = await casebook.find(event.subject_id)
    if case.number is None:
        return
    if case.state not in SHOWN:
        await execute("DELETE FROM desk_entry WHERE department = $1 AND case_id = $2", case.department, case.id)
        return
    await execute(
        _UPSERT,
        *(case.id, case.department, case.matter_code, case.division, case.state.value, case.number, case.submitted_at),
        *(case.changed_at, case.officer_id, case.version, case.clock and case.clock.value, case.due_on),
    )


async def desk(officer: Officer, wanted: DeskFilter, cursor: str | None, limit: int) -> Page[DeskItem]:
    """The open cases that the officer may handle, the one that has waited longest first."""
    after = decode_cursor(cursor, Place) if cursor else _FIRST
    matters, divisions = granted(officer, decisions.RIGHT, clock.today())
    states = [wanted.state] if wanted.state else sorted(SHOWN)
    async with transaction(officer):
        rows = await fetch_all(
            _SELECT,
            *(officer.department, states, wanted.matter, wanted.division),
            *(after.submitted_at, after.case_id, matters, divisions, limit + 1, wanted.due_by),
        )
        known = await decisions.holders(officer, {row["officer_id"] for row in rows})
    last = rows[limit - 1] if len(rows) > limit else None
    return page(
        [_item(officer, row, known.get(row["officer_id"])) for row in rows],
        limit,
        Place(last["submitted_at"], last["case_id"]) if last else None,
    )


async def look_at(officer: Officer, case_id: UUID) -> DeskCase:
    """Show an officer a case: its form and history. That they looked is sealed, and the citizen sees it.

    Refuses what `decisions.find_for` refuses, and `NoRight` where the right doesn't show the kinds of data in the form.
    """
    async with transaction(officer):
        case = await decisions.find_for(officer, case_id)
        refuse_unless_shown(officer, case)
        answers, prefill = await casebook.opened(case)
        happened = await casebook.history(case)
        claimed = await decisions.is_held(officer, case)
        waivers = await waivers_of(case, answers, prefill)
        signature: str = await fetch_value(
            "SELECT kind FROM case_signature WHERE shard = $1 AND case_id = $2 ORDER BY id DESC LIMIT 1",
            case.shard,
            case.id,
        )
        await seal_act(
            Act.CASE_LOOKED_AT, officer, about=case.citizen_id, subject=case.id, basis=Basis("case", case.named)
        )
    names = await names_of({case.applicant_id})
    return DeskCase(
        id=case.id,
        number=case.named,
        matter_code=case.matter_code,
        matter_version=case.matter_version,
        matter_name=published.matter(case.matter_code).name,
        state=case.state.value,
        state_name=STATES[case.state],
        version=case.version,
        division=case.division,
        submitted_at=case.submitted_at or case.opened_at,
        waiting=timing.waiting(case.clocks),
        claimed=claimed,
        mine=case.officer_id == officer.id,
        signature=signature,
        applicant_as=case.applicant_as,
        applicant_name=names.get(case.applicant_id),
        fields=[msgspec.structs.replace(one, editable=False) for one in field_views(case, answers, prefill, waivers)],
        notes=list(form_of(case.matter_code).notes(_given(case, answers, prefill), case.submitted_at or clock.now())),
        events=await event_views(happened),
        steps=[step.value for step in steps_from(case.state, "officer")] if case.officer_id == officer.id else [],
    )


def _given(case: CaseFile, answers: Answers, prefill: Prefill) -> dict[str, Any]:
    return fields.values(form_of(case.matter_code).form, answers, prefill.known)


def refuse_unless_shown(officer: Officer, case: CaseFile) -> None:
    """Refuse (`NoRight`) an officer whose right doesn't show every kind of data that the form holds."""
    shown = classes_shown(officer, decisions.RIGHT, case.matter_code, case.division, clock.today())
    missing = form_of(case.matter_code).data_classes - shown
    if missing:
        raise NoRight(action=decisions.RIGHT, matter=case.matter_code, data_classes=sorted(missing))


def _item(officer: Officer, row: Row, holder: Officer | None) -> DeskItem:
    return DeskItem(
        id=row["case_id"],
        number=row["number"],
        matter_code=row["matter_code"],
        matter_name=published.matter(row["matter_code"]).name,
        division=row["division"],
        state=row["state"],
        state_name=STATES[State(row["state"])],
        submitted_at=row["submitted_at"],
        changed_at=row["changed_at"],
        awaited=row["clock"],
        due_on=row["due_on"],
        overdue=timing.is_overdue(row["due_on"]),
        claimed=decisions.may_handle(holder, row["department"], row["matter_code"], row["division"]),
        mine=row["officer_id"] == officer.id,
    )
