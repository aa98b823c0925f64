"""Cases as their citizens read them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, transaction
from app.kernel.ids import shard_of
from app.kernel.paging import Page, after_id, page
from app.kernel.words import Words
from lifecycle.cases import casebook, fields
from lifecycle.cases.appeal import APPEAL
from lifecycle.cases.casebook import CaseFile, Occurrence
from lifecycle.cases.drafts import refuse_other_hand
from lifecycle.cases.errors import NotTheApplicant
from lifecycle.cases.fields import Field, Prefill
from lifecycle.cases.forms import form_of
from lifecycle.cases.states import OPEN, State, steps_from
from lifecycle.cases.structs import CaseEventView, CaseSummary, CaseView, FieldView, RemarkView, SaidView
from lifecycle.cases.words import EVENTS, STATES
from lifecycle.catalogue import published
from lifecycle.licences.reading import licences_of_case

OWN: str = "citizen"
_OPEN_STATES = sorted(state.value for state in OPEN)
_SAYING = {
    State.CORRECTION_REQUESTED: "request_correction",
    State.SUSPENDED: "suspend",
    State.NOT_ACCEPTED: "decline",
    State.REJECTED: "reject",
}
_APPEALABLE = {State.NOT_ACCEPTED, State.REJECTED}
_SELECT = """
SELECT * FROM matter_case WHERE shard = ANY ($1::int[]) AND citizen_id = ANY ($2::uuid[]) AND ($3::uuid IS NULL OR id < $3)
AND (NOT $4 OR state = ANY ($5::text[])) ORDER BY id DESC LIMIT $6
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
            _OPEN_STATES,
            limit + 1,
        )
    found = [casebook.read_row(row) for row in rows]
    return page([_summary(case) for case in found], limit, found[limit - 1].id if len(found) > limit else None)


async def show(citizen: Citizen, case_id: UUID) -> CaseView:
    """A case with its form: each value, who says so and when it held, and what can be done next."""
    async with transaction(citizen):
        case = await casebook.find(case_id)
        answers, prefill = await casebook.opened(case)
        happened = await casebook.history(case)
        licence_ids = await licences_of_case(case.citizen_id, case.id)
    matter, form = published.matter(case.matter_code), form_of(case.matter_code)
    given = fields.values(form.form, answers, prefill.known)
    return CaseView(
        id=case.id,
        number=case.number,
        matter_code=case.matter_code,
        matter_version=case.matter_version,
        matter_name=matter.name,
        subject_id=case.citizen_id,
        applicant_id=case.applicant_id,
        state=case.state.value,
        state_name=STATES[case.state],
        version=case.version,
        department=case.department,
        department_name=department_name(case.department),
        division=case.division,
        opened_at=case.opened_at,
        changed_at=case.changed_at,
        submitted_at=case.submitted_at,
        signature=matter.signature.value,
        fields=field_views(case, answers, prefill),
        unavailable=list(prefill.unavailable),
        notes=list(form.notes(given, case.submitted_at or clock.now())),
        said=_said(case, happened),
        steps=_steps(citizen, case),
        licence_ids=licence_ids,
    )


async def events(citizen: Citizen, case_id: UUID) -> Page[CaseEventView]:
    """Everything that happened to a case, oldest first."""
    async with transaction(citizen):
        happened = await casebook.history(await casebook.find(case_id))
    return Page(items=[event_view(one) for one in happened], next=None)


def field_views(case: CaseFile, answers: Mapping[str, Any], prefill: Prefill) -> list[FieldView]:
    """The fields of a case's form in the form's order, each with its value and where that comes from."""
    filled_in = case.state in {State.DRAFT, State.CORRECTION_REQUESTED}
    described = fields.fields_of(form_of(case.matter_code).form).values()
    return [_field_view(one, answers, prefill, filled_in=filled_in) for one in described]


def _field_view(one: Field, answers: Mapping[str, Any], prefill: Prefill, *, filled_in: bool) -> FieldView:
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
        required=one.required,
    )


def department_name(code: str) -> Words:
    """A department's name by its code."""
    return published.catalogue().department(code).name


def event_view(one: Occurrence) -> CaseEventView:
    """An event in words; of the actor only the kind is told."""
    remarks = [RemarkView(note.field, note.what) for note in one.detail.fields]
    by = one.actor.partition(":")[0]
    return CaseEventView(one.at, one.what, EVENTS[one.what], one.state.value, by, one.detail.reason, remarks)


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
    except NotTheApplicant:
        return []
    return [step.value for step in steps_from(case.state, "citizen")]


def _summary(case: CaseFile) -> CaseSummary:
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
    )
