"""A draft: opened or found again, changed field by field, thrown away."""

from typing import Final
from uuid import UUID

from app.identity.delegation_errors import GuardianshipEnded
from app.identity.minors import refuse_lone_minor
from app.kernel import clock
from app.kernel.actors import Citizen, require_level, require_matter
from app.kernel.database import execute, fetch_one, transaction
from app.kernel.ids import new_id, shard_of
from app.residents.families import was_guardian
from app.residents.people import resident
from lifecycle.cases import casebook, fields, material_rows
from lifecycle.cases.casebook import CaseFile
from lifecycle.cases.errors import CustodyElsewhere, NotTheApplicant, StepNotAllowed, SubjectUnknown
from lifecycle.cases.forms import form_of
from lifecycle.cases.states import OPEN, State
from lifecycle.cases.structs import CaseRef, FormChange, NewCase
from lifecycle.catalogue import published
from lifecycle.catalogue.structs import Matter

CITY: Final = "370600"
"""Where a case stands until its form says which office decides."""
_OPEN_STATES: Final = sorted(state.value for state in OPEN)
_INSERT: Final = """
INSERT INTO matter_case (id, shard, citizen_id, applicant_id, matter_code, matter_version, department, division, state, version,
opened_at, changed_at, applicant_as) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'draft', 1, $9, $9, $10)
ON CONFLICT (shard, citizen_id, matter_code) WHERE state = 'draft' DO NOTHING
"""


async def open_case(citizen: Citizen, wanted: NewCase) -> CaseRef:
    """Open a draft, or find again what is open already for the same matter and person, whoever of its guardians opened it.

    Refuses what the matter's form doesn't admit, `SubjectUnknown` for anybody but oneself, one's wards and whom one acts for,
    `GuardianshipEnded` for a former ward, `CustodyElsewhere`, `GuardianNeeded`, `PowerLacksScope`, and too low a level.
    """
    matter, form = published.matter(wanted.matter_code), form_of(wanted.matter_code)
    require_level(citizen, matter.level)
    require_matter(citizen, matter.code)
    subject = wanted.subject_id or citizen.id
    await _refuse_others(citizen, subject)
    async with transaction(citizen):
        found = await _open_one(subject, matter.code)
        if found is None:
            await form.admit(citizen, subject)
            found = await _insert(citizen, subject, matter)
        return ref(found)


async def _refuse_others(citizen: Citizen, subject: UUID) -> None:
    if subject not in citizen.people:
        raise GuardianshipEnded if await was_guardian(citizen.id, subject) else SubjectUnknown
    refuse_without_custody(citizen, subject)
    await refuse_alone(citizen, subject)


async def _open_one(subject: UUID, matter_code: str) -> CaseFile | None:
    row = await fetch_one(
        "SELECT * FROM matter_case WHERE shard = $1 AND citizen_id = $2 AND matter_code = $3 AND state = ANY ($4::text[]) "
        "ORDER BY id LIMIT 1",
        *(shard_of(subject), subject, matter_code, _OPEN_STATES),
    )
    return None if row is None else casebook.read_row(row)


async def _insert(citizen: Citizen, subject: UUID, matter: Matter) -> CaseFile:
    case_id = new_id(subject)
    division = (await resident(citizen.id)).division_code or CITY
    inserted = await execute(
        _INSERT,
        *(
            case_id,
            shard_of(case_id),
            subject,
            citizen.hand,
            matter.code,
            matter.version,
            matter.department.code,
            division,
        ),
        clock.now(),
        casebook.capacity(citizen, subject),
    )
    case = await _open_one(subject, matter.code)
    if case is None:
        raise StepNotAllowed(state="draft", step="open")
    if inserted:
        await casebook.add_event(case, "open", citizen)
    return case


async def change(citizen: Citizen, case_id: UUID, version: int, wanted: FormChange) -> CaseRef:
    """Change fields of a draft, or of a case that must be corrected; the version read must be the present one.

    Refuses `CaseChanged`, `FieldsWrong`, `NotTheApplicant`, and `StepNotAllowed` once it lies with the department.
    """
    async with transaction(citizen):
        case = await casebook.find_for(citizen, case_id, lock=True)
        refuse_other_hand(citizen, case)
        if case.state not in {State.DRAFT, State.CORRECTION_REQUESTED}:
            raise StepNotAllowed(state=case.state.value, step="change")
        casebook.refuse_changed(case, version)
        answers, _ = await casebook.opened(case)
        after = fields.changed(form_of(case.matter_code).form, answers, wanted.form)
        await material_rows.drop_unnamed(case, after)
        return ref(await casebook.write(case, answers=await casebook.sealed_column(case, "answers", after)))


def refuse_other_hand(citizen: Citizen, case: CaseFile) -> None:
    """Refuse (`NotTheApplicant`) a guardian who sees the case but didn't sign it; a draft is every guardian's.

    Who gave a power goes on themselves with what was submitted by it. Refuses `CustodyElsewhere` as well.
    """
    refuse_without_custody(citizen, case.citizen_id)
    in_hand = case.applicant_id in {citizen.hand, citizen.id}
    by_power = case.applicant_as == "power" and citizen.id == case.citizen_id and citizen.acting is None
    if case.state is not State.DRAFT and not in_hand and not by_power:
        raise NotTheApplicant


def refuse_without_custody(citizen: Citizen, subject: UUID) -> None:
    """Refuse (`CustodyElsewhere`) a guardian in whose custody the ward isn't: they look, and apply for nothing alone."""
    if subject in citizen.apart:
        raise CustodyElsewhere


async def refuse_alone(citizen: Citizen, subject: UUID) -> None:
    """Refuse (`GuardianNeeded`) a minor who applies for themselves while no guardian of theirs is known."""
    if subject == citizen.hand:
        await refuse_lone_minor(citizen)


def ref(case: CaseFile) -> CaseRef:
    """A case in short."""
    return CaseRef(case.id, case.number, case.state.value, case.version)
