"""A case's form made whole, and the bytes that stand for it when it is signed."""

from typing import Any
from uuid import UUID

import msgspec

from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import transaction
from lifecycle.cases import casebook, fields, signing
from lifecycle.cases.casebook import CaseFile
from lifecycle.cases.drafts import refuse_other_hand
from lifecycle.cases.errors import FormIncomplete
from lifecycle.cases.forms import form_of
from lifecycle.cases.states import State, Step, next_state
from lifecycle.cases.waivers import Waivers, waivers_of


class Complete(msgspec.Struct, frozen=True):
    """A complete form: its values by name, and the canonical bytes that are signed."""

    values: dict[str, Any]
    payload: bytes


async def show(citizen: Citizen, case_id: UUID) -> bytes:
    """Show the bytes to sign; refuses as `payload_of` does. A guardian's look is noted."""
    async with transaction(citizen):
        payload = await payload_of(citizen, case_id)
        await note_ward_look(citizen, (await casebook.find(case_id)).citizen_id)
        return payload


async def payload_of(citizen: Citizen, case_id: UUID) -> bytes:
    """The bytes to sign for a case as it stands.

    Refuses `FormIncomplete` with everything that is missing or contradicts itself, and a case that can't be submitted now.
    """
    async with transaction(citizen):
        case = await casebook.find_for(citizen, case_id)
        refuse_other_hand(citizen, case)
        next_state(case.state, submitting(case), case.interrupted_in)
        return (await complete(citizen, case)).payload


def submitting(case: CaseFile) -> Step:
    """The step that hands the form in: for the first time, or corrected."""
    return Step.ANSWER_CORRECTION if case.state is State.CORRECTION_REQUESTED else Step.SUBMIT


async def complete(citizen: Citizen, case: CaseFile) -> Complete:
    """Make the case's form whole in the transaction in progress; refuses `FormIncomplete`."""
    matter_form = form_of(case.matter_code)
    answers, prefill = await casebook.opened(case)
    given = fields.values(matter_form.form, answers, prefill.known)
    waivers = await waivers_of(case, answers, prefill)
    form = fields.whole(matter_form.form, given, waivers)
    # A correction keeps the day on which the applicant first asked, as a period's end is kept by asking in time.
    asked_on = clock.local(case.submitted_at or clock.now()).date()
    problems = (*matter_form.problems(form), *matter_form.problems_on(form, asked_on))
    if problems:
        raise FormIncomplete(errors=problems)
    return Complete(given, signing.canonical(to_sign(citizen, case, given, waivers)))


def to_sign(citizen: Citizen, case: CaseFile, given: dict[str, Any], waivers: Waivers) -> signing.ToSign:
    """What the citizen's signature covers."""
    return signing.ToSign(
        case_id=case.id,
        matter_code=case.matter_code,
        matter_version=case.matter_version,
        subject_id=case.citizen_id,
        applicant_id=citizen.hand,
        form=given,
        waived={name: waiver.signed for name, waiver in waivers.items()},
    )
