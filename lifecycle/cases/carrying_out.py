"""After an approval: the departments do their parts, one after another, and the case is issued with its licences.

What one has done is kept before the next is told, so a later one that is away or refuses undoes nothing. A department is asked by a job, outside every transaction, as often as it takes; while it waits the case is `approved`.
"""

from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.exchanges.events import AnswerSettled
from app.exchanges.settled import settled
from app.kernel.actors import System
from app.kernel.database import transaction
from app.kernel.events import tell
from app.kernel.jobs import enqueue
from integrations.exchange.errors import DepartmentAnswersLater, DepartmentRefused, NotKnownToDepartment
from integrations.exchange.structs import EndUser
from lifecycle.cases import casebook, fields
from lifecycle.cases.casebook import CaseFile, Detail
from lifecycle.cases.events import CaseApproved, CaseMoved
from lifecycle.cases.forms import Applying, Approved, MatterForm, Settle, form_of
from lifecycle.cases.parts_done import PART_DONE, PartDone
from lifecycle.cases.states import State, Step
from lifecycle.licences.issuing import issue

CARRY_OUT: Final = "cases.carry_out"
ATTEMPTS: Final = 60
"""With pauses of up to ten minutes: a department may be away for the better part of a day."""
OFFICE: Final = System("cases")


class ToCarryOut(msgspec.Struct, frozen=True):
    """The approved case."""

    case_id: UUID


async def order(event: CaseApproved) -> None:
    """Have an approved case carried out; a subscriber. A case that came back and was approved again has another event."""
    await enqueue(CARRY_OUT, ToCarryOut(event.subject_id), once=f"{CARRY_OUT}:{event.id}")


async def on_settled(event: AnswerSettled) -> None:
    """Go on with a case for which a department answered late; a subscriber."""
    said = await settled(event.subject_id)
    if said is None or said.basis.kind != "case":
        return
    case = await casebook.find(UUID(said.basis.id))
    if case.state is State.APPROVED:
        await enqueue(CARRY_OUT, ToCarryOut(case.id), once=f"{CARRY_OUT}:{event.id}")


async def carry_out(job: ToCarryOut) -> None:
    """Carry out an approved case; a job, harmless when repeated.

    A department that refuses sends the case back to the officer, with its reason; one that doesn't answer is asked again. Where one
    answers later, its answer has the case carried out on.
    """
    async with transaction(OFFICE):
        case = await casebook.find(job.case_id)
        answers, prefill = await casebook.opened(case)
        done = casebook.done_in(await casebook.history(case))
    if case.state is not State.APPROVED:
        return
    form = form_of(case.matter_code)
    applying = Applying(case.id, case.matter_code, case.citizen_id, case.applicant_id, EndUser("system", CARRY_OUT))
    given = fields.values(form.form, answers, prefill.known)
    try:
        settle = await _in_turn(form, case.id, Approved(applying, case.named, given, case.changed_at, done))
    except (DepartmentRefused, NotKnownToDepartment) as refusal:
        await _reopen(case, str(refusal.facts.get("reason") or refusal.code))
        return
    except DepartmentAnswersLater:
        return
    if settle is not None:
        await _issue(case, settle)


async def _in_turn(form: MatterForm, case_id: UUID, approved: Approved) -> Settle | None:
    """Have other departments do what is left of their parts, keep what each said, and then the matter's own.

    Nothing, where the case is approved no longer: another job was told meanwhile that it can't be done.
    """
    while (part := await form.carry_out_first(approved)) is not None:
        if not await _keep(case_id, part):
            return None
        approved = msgspec.structs.replace(approved, done={**approved.done, part.service: part.told})
    return await form.carry_out(approved)


async def _keep(case_id: UUID, part: PartDone) -> bool:
    """Keep what a department did, once; of two jobs at once the second finds it kept. Says whether the case is still approved."""
    async with transaction(OFFICE):
        case = await casebook.find(case_id, lock=True)
        if case.state is not State.APPROVED:
            return False
        if part.service not in casebook.done_in(await casebook.history(case)):
            case = await casebook.write(case)
            await casebook.add_event(case, PART_DONE, OFFICE, Detail(part=part))
            await tell(CaseMoved(citizen_id=case.citizen_id, subject_id=case.id))
        return True


async def _issue(case: CaseFile, settle: Settle) -> None:
    async with transaction(OFFICE):
        case = await casebook.find(case.id, lock=True)
        if case.state is not State.APPROVED:
            return
        for grant in await settle():
            await issue(msgspec.structs.replace(grant, matter_code=case.matter_code, division=case.division))
        await casebook.move(case, Step.ISSUE, OFFICE)
        await seal_act(Act.CASE_ISSUED, OFFICE, about=case.citizen_id, subject=case.id, basis=Basis("case", case.named))


async def _reopen(case: CaseFile, reason: str) -> None:
    async with transaction(OFFICE):
        case = await casebook.find(case.id, lock=True)
        if case.state is not State.APPROVED:
            return
        await casebook.move(case, Step.REOPEN, OFFICE, Detail(reason=reason))
        await seal_act(
            Act.CASE_REOPENED, OFFICE, about=case.citizen_id, subject=case.id, basis=Basis("case", case.named)
        )
