"""The desk: a department's open cases, read from a projection that events feed; and one case as an officer sees it."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.kernel import clock
from app.kernel.actors import NoRight, Officer, classes_shown, granted, may
from app.kernel.database import Row, execute, fetch_all, fetch_value, transaction
from app.kernel.events import Event
from app.kernel.paging import Page, decode_cursor, page
from app.kernel.structs import Instant, Slug
from app.kernel.words import Words
from app.residents.people import names_of
from lifecycle.cases import casebook, decisions, double_decisions, fields, notes, opinion_rows, timing
from lifecycle.cases.casebook import Answers, CaseFile
from lifecycle.cases.fields import Prefill
from lifecycle.cases.forms import form_of
from lifecycle.cases.reading import event_views, field_views
from lifecycle.cases.states import ON_DESK, State, steps_from
from lifecycle.cases.structs import DeskCase, DeskItem
from lifecycle.cases.waivers import waivers_of
from lifecycle.cases.words import STATES
from lifecycle.catalogue import published

SUPERVISE: Final = "supervise"
ACTIONS: Final = {SUPERVISE: Words(zh="督办逾期办件", en="Supervise late cases")}
SHOWN: Final = ON_DESK | {State.APPROVED}
"""States in which a case stands on the desk's list."""
_UPSERT: Final = """
INSERT INTO desk_entry (case_id, department, matter_code, division, state, number, submitted_at, changed_at, officer_id, version,
clock, due_on, proposed, escalated) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (department, case_id) DO UPDATE SET proposed = excluded.proposed, escalated = excluded.escalated, state = excluded.state, division = excluded.division,
changed_at = excluded.changed_at, officer_id = excluded.officer_id, version = excluded.version, clock = excluded.clock,
due_on = excluded.due_on
WHERE desk_entry.version < excluded.version
"""
_ORDERS: Final = {"submitted": "e.submitted_at", "due": "e.due_on"}
_OFFICE_IS_AWAITED: Final = "e.due_on IS NOT NULL AND e.clock <> 'correction'"
_GRANTED: Final = """
EXISTS (SELECT 1 FROM unnest({}::text[], {}::text[]) AS granted (matter, division)
    WHERE granted.matter IN ('*', e.matter_code) AND (granted.division = '*' OR starts_with(e.division, granted.division)))
"""


Given = Callable[[object], str]
"""Takes an argument of a statement, and gives its placeholder."""
DivisionPrefix = Annotated[
    str, Meta(pattern=r"\A[0-9]{2,12}\Z", description="A division (GB/T 2260) and all below it.")
]


Order = Literal["submitted", "due"]


class DeskFilter(msgspec.Struct, frozen=True):
    """What an officer looks for: a matter, a division (and all below it), a state, what is due by a day or is late already.

    `mine` are claimed by whoever asks, `proposed` wait for a second officer, `escalated` are for supervisors. By `order` the longest
    waiting comes first, or what is due first; by the latter only what the office must do by a day is listed.
    """

    matter: Slug | None = None
    division: DivisionPrefix | None = None
    state: State | None = None
    due_by: date | None = None
    overdue: bool = False
    mine: bool = False
    proposed: bool = False
    escalated: bool = False
    order: Order = "submitted"


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ended: the oldest submission comes first."""

    submitted_at: Instant
    case_id: UUID


class DuePlace(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ended: what is due first comes first."""

    due_on: date
    case_id: UUID


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
        *(case.proposed_step is not None, case.escalated_on is not None),
    )


async def desk(officer: Officer, wanted: DeskFilter, cursor: str | None, limit: int) -> Page[DeskItem]:
    """The open cases that the officer may handle, the one that has waited longest first (or is due first).

    Refuses `NoRight` whoever asks for escalated cases and supervises nothing, and `CursorWrong` one of another order.
    """
    sql, arguments = _statement(officer, wanted, _after(wanted, cursor))
    async with transaction(officer):
        rows = await fetch_all(f"{sql} LIMIT ${len(arguments) + 1}", *arguments, limit + 1)
        known = await decisions.holders(officer, {row["officer_id"] for row in rows})
    last = rows[limit - 1] if len(rows) > limit else None
    return page(
        [_item(officer, row, known.get(row["officer_id"])) for row in rows],
        limit,
        _place(wanted, last) if last else None,
    )


def _after(wanted: DeskFilter, cursor: str | None) -> Place | DuePlace | None:
    if cursor is None:
        return None
    return decode_cursor(cursor, DuePlace) if wanted.order == "due" else decode_cursor(cursor, Place)


def _place(wanted: DeskFilter, row: Row) -> Place | DuePlace:
    if wanted.order == "due":
        return DuePlace(row["due_on"], row["case_id"])
    return Place(row["submitted_at"], row["case_id"])


def _statement(officer: Officer, wanted: DeskFilter, after: Place | DuePlace | None) -> tuple[str, list[object]]:
    """The statement of a page, with nothing in it that wasn't asked for, so that each finds its index."""
    arguments: list[object] = [officer.department]

    def given(value: object) -> str:
        arguments.append(value)
        return f"${len(arguments)}"

    by = _ORDERS[wanted.order]
    narrowed = ["e.department = $1", *_narrowed(officer, wanted, given)]
    if after is not None:
        key = after.due_on if isinstance(after, DuePlace) else after.submitted_at
        narrowed.append(f"({by}, e.case_id) > ({given(key)}, {given(after.case_id)})")
    sql = f"SELECT * FROM desk_entry e WHERE {' AND '.join(narrowed)} ORDER BY {by}, e.case_id"
    return sql, arguments


def _narrowed(officer: Officer, wanted: DeskFilter, given: Given) -> Iterator[str]:
    """The conditions that narrow a list: to what the officer may see, and to what they ask for."""
    today = clock.today()
    yield from _rights(officer, wanted, given)
    if wanted.order == "due" or wanted.due_by is not None or wanted.overdue:
        yield _OFFICE_IS_AWAITED
    asked: tuple[tuple[str, object], ...] = (
        ("e.due_on <= {}", wanted.due_by),
        ("e.due_on < {}", today if wanted.overdue else None),
        ("e.matter_code = {}", wanted.matter),
        ("starts_with(e.division, {})", wanted.division),
        ("e.state = {}", wanted.state and wanted.state.value),
        ("e.officer_id = {}", officer.id if wanted.mine else None),
    )
    yield from (condition.format(given(value)) for condition, value in asked if value is not None)
    if wanted.proposed:
        yield "e.proposed"


def _rights(officer: Officer, wanted: DeskFilter, given: Given) -> Iterator[str]:
    """What the officer may see: what their rights cover, or all that was escalated in the department they supervise."""
    today = clock.today()
    if wanted.escalated:
        if not may(officer, SUPERVISE, None, None, today):
            raise NoRight(action=SUPERVISE)
        yield "e.escalated"
    elif not may_all(officer, today):
        matters, divisions = granted(officer, decisions.RIGHT, today)
        yield _GRANTED.format(given(matters), given(divisions))


def may_all(officer: Officer, today: date) -> bool:
    """Whether an officer may handle every matter everywhere, so that nothing has to be narrowed."""
    return ("*", "*") in zip(*granted(officer, decisions.RIGHT, today), strict=True)


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
        noted = await notes.shown(officer, case)
        asked = [await opinion_rows.view(one) for one in await opinion_rows.of_case(case)]
        proposal = await double_decisions.proposal(officer, case)
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
        findings=list(
            form_of(case.matter_code).notes(_given(case, answers, prefill), case.submitted_at or clock.now())
        ),
        events=await event_views(happened),
        notes=noted,
        opinions=asked,
        two_officers=decisions.needs_two(case),
        proposal=proposal,
        steps=double_decisions.steps(officer, case, _steps(officer, case)),
    )


def _given(case: CaseFile, answers: Answers, prefill: Prefill) -> dict[str, Any]:
    return fields.values(form_of(case.matter_code).form, answers, prefill.known)


def _steps(officer: Officer, case: CaseFile) -> list[str]:
    """The steps of a case that one officer decides."""
    return [step.value for step in steps_from(case.state, "officer")] if case.officer_id == officer.id else []


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
        proposed=row["proposed"],
        escalated=row["escalated"],
    )
