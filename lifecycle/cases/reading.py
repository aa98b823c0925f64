"""Cases as their citizens read them."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec

from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Citizen, System
from app.kernel.database import fetch_all, transaction
from app.kernel.ids import shard_of
from app.kernel.paging import Page, after_id, page
from app.kernel.words import Words
from app.residents.people import names_of
from integrations.exchange import tickets
from lifecycle.cases import casebook, fields, opinion_rows, timing
from lifecycle.cases.appeal import APPEAL
from lifecycle.cases.casebook import CaseFile, Occurrence
from lifecycle.cases.drafts import refuse_other_hand
from lifecycle.cases.errors import CustodyElsewhere, NotTheApplicant
from lifecycle.cases.fields import Field, Prefill
from lifecycle.cases.forms import form_of
from lifecycle.cases.states import OPEN, State, steps_from
from lifecycle.cases.structs import (
    CaseEventView,
    CaseSummary,
    CaseView,
    FieldView,
    PromisedView,
    RemarkView,
    SaidView,
    TurnView,
)
from lifecycle.cases.waivers import Waivers, view_of, waivers_of
from lifecycle.cases.wholes import whole_of
from lifecycle.cases.words import EVENTS, STATES
from lifecycle.catalogue import published
from lifecycle.licences.reading import licences_of_case

OWN: str = "citizen"
_OFFICE = System("cases")
OPEN_STATES: Final = sorted(state.value for state in OPEN)
_SAYING = {
    State.CORRECTION_REQUESTED: "request_correction",
    State.SUSPENDED: "suspend",
    State.NOT_ACCEPTED: "decline",
    State.REJECTED: "reject",
}
_APPEALABLE = {State.NOT_ACCEPTED, State.REJECTED}
_SELECT = """
SELECT * FROM matter_case WHERE shard = ANY ($1::int[]) AND citizen_id = ANY ($2::uuid[]) AND ($3::uuid IS NULL OR id < $3)
AND (NOT $4 OR state = ANY ($5::text[])) AND ($6::text[] IS NULL OR matter_code = ANY ($6)) ORDER BY id DESC LIMIT $7
"""


async def cases(citizen: Citizen, *, only_open: bool, cursor: str | None, limit: int) -> Page[CaseSummary]:
    """The cases of the citizen and their wards, newest first."""
    people = list(citizen.people)
    async with transaction(citizen):
        rows = await fetch_all(
            _SELECT,
            sorted({shard_of(person) for person in people}),
            people,
            after_id(cursor),
            only_open,
            OPEN_STATES,
            None if citizen.acting is None else citizen.acting.matters,
            limit + 1,
        )
    found = [casebook.read_row(row) for row in rows]
    return page([summary(case) for case in found], limit, found[limit - 1].id if len(found) > limit else None)


async def show(citizen: Citizen, case_id: UUID) -> CaseView:
    """A case with its form: each value, who says so and when it held, and what can be done next."""
    async with transaction(citizen):
        case = await casebook.find_for(citizen, case_id)
        await note_ward_look(citizen, case.citizen_id)
        answers, prefill = await casebook.opened(case)
        happened = await casebook.history(case)
        licence_ids = await licences_of_case(case.citizen_id, case.id)
        waivers = await waivers_of(case, answers, prefill)
        asked = await opinion_rows.asked(case)
        promised = await _promised(case)
        whole = await whole_of(case)
    names = await names_of({case.applicant_id})
    matter, form = published.matter(case.matter_code), form_of(case.matter_code)
    given = fields.values(form.form, answers, prefill.known)
    return CaseView(
        id=case.id,
        number=case.number,
        matter_code=case.matter_code,
        matter_version=case.matter_version,
        matter_name=matter.name,
        bundle=whole,
        subject_id=case.citizen_id,
        applicant_id=case.applicant_id,
        applicant_as=case.applicant_as,
        applicant_name=names.get(case.applicant_id),
        state=case.state.value,
        state_name=STATES[case.state],
        version=case.version,
        department=case.department,
        department_name=department_name(case.department),
        division=case.division,
        opened_at=case.opened_at,
        changed_at=case.changed_at,
        submitted_at=case.submitted_at,
        waiting=timing.waiting(case.clocks),
        asked=asked,
        turn_of=_turn(case, happened),
        signature=matter.signature.value,
        fields=field_views(case, answers, prefill, waivers),
        unavailable=list(prefill.unavailable),
        notes=findings(case, given, happened),
        said=_said(case, happened),
        steps=_steps(citizen, case),
        licence_ids=licence_ids,
        promised=promised,
    )


async def _promised(case: CaseFile) -> PromisedView | None:
    if case.state is not State.APPROVED:
        return None
    async with transaction(_OFFICE):
        awaited = await tickets.of_case(case.citizen_id, case.id)
    if awaited is None:
        return None
    return PromisedView(
        department=awaited.department,
        department_name=department_name(awaited.department),
        asked_at=awaited.asked_at,
        expected_by=awaited.expected_by,
        overdue=awaited.is_overdue,
    )


def findings(case: CaseFile, given: Mapping[str, Any], happened: list[Occurrence]) -> list[Words]:
    """What both sides should know of a case: of its form, and of what its acceptance set running."""
    form, accepted_on = form_of(case.matter_code), casebook.accepted_in(happened)
    since = () if accepted_on is None else form.notes_accepted(accepted_on)
    return [*form.notes(given, case.submitted_at or clock.now()), *since]


def _turn(case: CaseFile, happened: list[Occurrence]) -> TurnView | None:
    if case.state is not State.APPROVED:
        return None
    code = form_of(case.matter_code).turn_of(casebook.done_in(happened)) or case.department
    return TurnView(code, department_name(code))


async def events(citizen: Citizen, case_id: UUID) -> Page[CaseEventView]:
    """Everything that happened to a case, oldest first."""
    async with transaction(citizen):
        case = await casebook.find_for(citizen, case_id)
        await note_ward_look(citizen, case.citizen_id)
        happened = await casebook.history(case)
    return Page(items=await event_views(happened), next=None)


def field_views(case: CaseFile, answers: Mapping[str, Any], prefill: Prefill, waivers: Waivers) -> list[FieldView]:
    """The fields of a case's form in the form's order, each with its value and where that comes from."""
    filled_in = case.state in {State.DRAFT, State.CORRECTION_REQUESTED}
    form = form_of(case.matter_code).form
    given = fields.values(form, answers, prefill.known)
    views = [
        field_view(one, answers, prefill, given=given, filled_in=filled_in) for one in fields.fields_of(form).values()
    ]
    return [_waived(view, waivers) if view.name in waivers else view for view in views]


def _waived(view: FieldView, waivers: Waivers) -> FieldView:
    return msgspec.structs.replace(view, waived=True, waiver=view_of(waivers[view.name]))


def field_view(
    one: Field, answers: Mapping[str, Any], prefill: Prefill, *, given: Mapping[str, Any], filled_in: bool
) -> FieldView:
    """A field with its value and where that comes from; what else is `given` decides whether it is asked and needed."""
    known = prefill.known.get(one.name)
    own = one.name in answers
    source = OWN if own else known.source if known else None
    return FieldView(
        name=one.name,
        label=one.label,
        hint=one.hint,
        value=answers[one.name] if own else known.value if known else None,
        source=source,
        source_name=department_name(source) if source not in {None, OWN} and source else None,
        as_of=known.as_of if known and not own else None,
        editable=one.editable and filled_in,
        required=one.is_needed(given),
        section=one.section,
        asked=one.is_asked(given),
        waived=False,
        waiver=None,
    )


def department_name(code: str) -> Words:
    """A department's name by its code."""
    return published.catalogue().department(code).name


async def event_views(happened: list[Occurrence]) -> list[CaseEventView]:
    """Events in words. A citizen who acted is named, since it may be another than whom the case concerns; officers aren't."""
    names = await names_of({actor for one in happened if (actor := one.citizen_id) is not None})
    return [_event_view(one, names) for one in happened]


def _event_view(one: Occurrence, names: Mapping[UUID, str | None]) -> CaseEventView:
    remarks = [RemarkView(note.field, note.what) for note in one.detail.fields]
    by = one.actor.partition(":")[0]
    by_name = names.get(one.citizen_id) if one.citizen_id else None
    return CaseEventView(one.at, one.what, _title(one), one.state.value, by, one.detail.reason, remarks, by_name)


def _title(one: Occurrence) -> Words:
    """What happened, and of another department's part, which one's."""
    said, part = EVENTS[one.what], one.detail.part
    if part is None:
        return said
    by = department_name(part.department)
    return Words(zh=f"{said.zh}（{by.zh}）", en=f"{said.en}: {by.en}")


def _said(case: CaseFile, happened: list[Occurrence]) -> SaidView | None:
    said = next((one for one in reversed(happened) if one.what == _SAYING.get(case.state)), None)
    if said is None:
        return None
    remarks = [RemarkView(note.field, note.what) for note in said.detail.fields]
    appeal = APPEAL if case.state in _APPEALABLE else None
    return SaidView(said.at, said.what, said.detail.reason, remarks, appeal)


def _steps(citizen: Citizen, case: CaseFile) -> list[str]:
    try:
        refuse_other_hand(citizen, case)
    except (NotTheApplicant, CustodyElsewhere):
        return []
    return [step.value for step in steps_from(case.state, "citizen")]


def summary(case: CaseFile) -> CaseSummary:
    """A case as a list shows it."""
    return CaseSummary(
        id=case.id,
        number=case.number,
        matter_code=case.matter_code,
        matter_name=published.matter(case.matter_code).name,
        subject_id=case.citizen_id,
        state=case.state.value,
        state_name=STATES[case.state],
        version=case.version,
        opened_at=case.opened_at,
        changed_at=case.changed_at,
        submitted_at=case.submitted_at,
        waiting=timing.waiting(case.clocks),
    )
