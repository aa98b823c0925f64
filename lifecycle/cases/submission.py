"""What the applicant does with a case: submit it, answer a correction, withdraw it. Each is one transaction."""

from typing import Any
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.kernel import clock
from app.kernel.actors import Citizen, require_level
from app.kernel.database import transaction
from lifecycle.cases import casebook, material_rows, proving
from lifecycle.cases.archiving import archive_confirmation
from lifecycle.cases.casebook import CaseFile, Detail
from lifecycle.cases.drafts import ref, refuse_alone, refuse_other_hand
from lifecycle.cases.forms import form_of
from lifecycle.cases.numbers import next_number
from lifecycle.cases.signing_input import Complete, complete
from lifecycle.cases.states import State, Step, next_state
from lifecycle.cases.structs import CaseRef, CorrectionAnswer, Submission
from lifecycle.catalogue import published
from lifecycle.catalogue.structs import Signature


async def submit(citizen: Citizen, case_id: UUID, given: Submission) -> CaseRef:
    """Submit a draft: from now on it is this citizen's application, and the department's to decide.

    Refuses `FormIncomplete`, whatever is wrong with the signature or code, `GuardianNeeded`, and `StepNotAllowed` for anything but
    a draft.
    """
    async with transaction(citizen):
        case = await _lock(citizen, case_id, Step.SUBMIT)
        await refuse_alone(citizen, case.citizen_id)
        matter = published.matter(case.matter_code)
        require_level(citizen, matter.level)
        form = await complete(citizen, case)
        proof = await proving.prove(citizen, _subject(case), matter.signature, given, form.payload)
        return await _submitted(citizen, case, form, proof)


async def _submitted(citizen: Citizen, case: CaseFile, form: Complete, proof: proving.Proof) -> CaseRef:
    now = clock.now()
    number = await next_number(now.date(), published.catalogue().stage(published.matter(case.matter_code).stage).code)
    changes: dict[str, Any] = {
        "applicant_id": citizen.hand,
        "applicant_as": casebook.capacity(citizen, case.citizen_id),
        "number": number,
        "submitted_at": now,
        "division": form_of(case.matter_code).division(form.values) or case.division,
    }
    case = await casebook.move(case, Step.SUBMIT, citizen, **changes)
    await proving.keep(case, proof, form.payload)
    await material_rows.keep_signed(case, form.values)
    await seal_act(Act.CASE_SUBMITTED, citizen, about=case.citizen_id, subject=case.id)
    return ref(case)


async def submit_by_bundle(citizen: Citizen, case_id: UUID, bundle_id: UUID, form_sha256: str) -> CaseRef:
    """Submit a draft that is a step of a bundle, by what its applicant signed for the bundle as a whole (its digest is named).

    Refuses `FormIncomplete`, and as `submit` does otherwise.
    """
    async with transaction(citizen):
        case = await _lock(citizen, case_id, Step.SUBMIT)
        form = await complete(citizen, case)
        about = {"case_id": case.id, "bundle_id": bundle_id, "bundle_form_sha256": form_sha256}
        archived = await archive_confirmation(citizen.hand, about, form.payload)
        return await _submitted(citizen, case, form, proving.Proof(Signature.CONFIRMED, archived=archived))


async def answer_correction(citizen: Citizen, case_id: UUID, given: CorrectionAnswer) -> CaseRef:
    """Hand in a corrected form, signed anew; the case goes on where it stood.

    Refuses `StepNotAllowed` where no correction is asked for, so an answer counts once.
    """
    async with transaction(citizen):
        case = await _lock(citizen, case_id, Step.ANSWER_CORRECTION)
        matter = published.matter(case.matter_code)
        require_level(citizen, matter.level)
        form = await complete(citizen, case)
        proof = await proving.prove(
            citizen,
            _subject(case),
            matter.signature,
            Submission(given.signature, given.confirmation_code, given.approval_id),
            form.payload,
        )
        detail = Detail(reason=given.remark) if given.remark else None
        case = await casebook.move(case, Step.ANSWER_CORRECTION, citizen, detail, **_office(case, form.values))
        await proving.keep(case, proof, form.payload)
        await material_rows.keep_signed(case, form.values)
        await seal_act(Act.CASE_CORRECTED, citizen, about=case.citizen_id, subject=case.id)
        return ref(case)


def _office(case: CaseFile, values: dict[str, Any]) -> dict[str, Any]:
    """Which office decides a corrected form; where it is another, nobody there has claimed the case yet."""
    division = form_of(case.matter_code).division(values) or case.division
    return {} if division == case.division else {"division": division, "officer_id": None}


async def withdraw(citizen: Citizen, case_id: UUID) -> CaseRef:
    """Withdraw a case, or throw a draft away; it can't be taken up again."""
    async with transaction(citizen):
        case = await _lock(citizen, case_id, Step.WITHDRAW)
        was_draft = case.state is State.DRAFT
        case = await casebook.move(case, Step.WITHDRAW, citizen)
        if not was_draft:
            await seal_act(Act.CASE_WITHDRAWN, citizen, about=case.citizen_id, subject=case.id)
        return ref(case)


def _subject(case: CaseFile) -> proving.Subject:
    return proving.Subject("case_id", case.id)


async def _lock(citizen: Citizen, case_id: UUID, step: Step) -> CaseFile:
    case = await casebook.find_for(citizen, case_id, lock=True)
    refuse_other_hand(citizen, case)
    next_state(case.state, step, case.interrupted_in)
    return case
