"""The desk: a department's open cases, read from a projection that events feed; and one case as an officer sees it."""

from typing import Any, Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.kernel import clock
from app.kernel.actors import NoRight, Officer, classes_shown
from app.kernel.database import Row, execute, fetch_all, fetch_value, transaction
from app.kernel.events import Event
from app.kernel.paging import Page, decode_cursor, page
from app.kernel.words import Words
from app.residents.people import names_of
from lifecycle.cases import casebook, decisions, double_decisions, fields, notes, opinion_rows, timing
from lifecycle.cases.casebook import Answers, CaseFile, Occurrence
from lifecycle.cases.desk_lists import SUPERVISE, DeskFilter, DuePlace, Place, statement
from lifecycle.cases.desk_structs import NoteView, OpinionView, ProposalView
from lifecycle.cases.fields import Prefill
from lifecycle.cases.forms import form_of
from lifecycle.cases.reading import event_views, field_views, findings
from lifecycle.cases.states import ON_DESK, State, Step, steps_from
from lifecycle.cases.structs import DeskCase, DeskItem, WholeView
from lifecycle.cases.waivers import Waivers, waivers_of
from lifecycle.cases.wholes import whole_of
from lifecycle.cases.words import STATES
from lifecycle.catalogue import published

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


class _Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What an officer is shown of a case, as it was read in their transaction."""

    case: CaseFile
    answers: Answers
    prefill: Prefill
    happened: list[Occurrence]
    claimed: bool
    waivers: Waivers
    signature: str
    notes: list[NoteView]
    opinions: list[OpinionView]
    proposal: ProposalView | None
    whole: WholeView | None


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
    sql, arguments = statement(officer, wanted, _after(wanted, cursor), limit + 1)
    async with transaction(officer):
        rows = await fetch_all(sql, *arguments)
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


async def look_at(officer: Officer, case_id: UUID) -> DeskCase:
    """Show an officer a case: its form and history. That they looked is sealed, and the citizen sees it.

    Refuses what `decisions.find_for` refuses, and `NoRight` where the right doesn't show the kinds of data in the form.
    """
    async with transaction(officer):
        case = await decisions.find_for(officer, case_id)
        refuse_unless_shown(officer, case)
        opened = await _opened(officer, case)
        await seal_act(
            Act.CASE_LOOKED_AT, officer, about=case.citizen_id, subject=case.id, basis=Basis("case", case.named)
        )
    names = await names_of({case.applicant_id})
    return await _view(officer, opened, names.get(case.applicant_id))


async def _opened(officer: Officer, case: CaseFile) -> _Opened:
    """Read what an officer sees of a case; in their transaction."""
    answers, prefill = await casebook.opened(case)
    signature: str = await fetch_value(
        "SELECT kind FROM case_signature WHERE shard = $1 AND case_id = $2 ORDER BY id DESC LIMIT 1",
        *(case.shard, case.id),
    )
    return _Opened(
        case=case,
        answers=answers,
        prefill=prefill,
        happened=await casebook.history(case),
        claimed=await decisions.is_held(officer, case),
        waivers=await waivers_of(case, answers, prefill),
        signature=signature,
        notes=await notes.shown(officer, case),
        opinions=[await opinion_rows.view(one) for one in await opinion_rows.of_case(case)],
        proposal=await double_decisions.proposal(officer, case),
        whole=await whole_of(case),
    )


async def _view(officer: Officer, opened: _Opened, applicant_name: str | None) -> DeskCase:
    case, answers, prefill = opened.case, opened.answers, opened.prefill
    shown = field_views(case, answers, prefill, opened.waivers)
    return DeskCase(
        id=case.id,
        number=case.named,
        matter_code=case.matter_code,
        matter_version=case.matter_version,
        matter_name=published.matter(case.matter_code).name,
        bundle=opened.whole,
        state=case.state.value,
        state_name=STATES[case.state],
        version=case.version,
        division=case.division,
        submitted_at=case.submitted_at or case.opened_at,
        waiting=timing.waiting(case.clocks),
        claimed=opened.claimed,
        mine=case.officer_id == officer.id,
        signature=opened.signature,
        applicant_as=case.applicant_as,
        applicant_name=applicant_name,
        fields=[msgspec.structs.replace(one, editable=False) for one in shown],
        findings=findings(case, _given(case, answers, prefill), opened.happened),
        events=await event_views(opened.happened),
        notes=opened.notes,
        opinions=opened.opinions,
        two_officers=decisions.needs_two(case),
        proposal=opened.proposal,
        steps=double_decisions.steps(officer, case, _steps(officer, case)),
    )


def _given(case: CaseFile, answers: Answers, prefill: Prefill) -> dict[str, Any]:
    return fields.values(form_of(case.matter_code).form, answers, prefill.known)


def _steps(officer: Officer, case: CaseFile) -> list[str]:
    """The steps of a case that one officer decides."""
    if case.officer_id != officer.id:
        return []
    steps = [step.value for step in steps_from(case.state, "officer")]
    withdraws = form_of(case.matter_code).another_withdraws and Step.WITHDRAW in steps_from(case.state, "citizen")
    return [*steps, Step.WITHDRAW.value] if withdraws else steps


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
