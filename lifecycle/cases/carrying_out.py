"""After an approval: the department does its part, and the case is issued with its licences.

The department is asked by a job, outside every transaction, as often as it takes; while it waits the case is `approved`.
"""

from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.kernel.actors import System
from app.kernel.database import transaction
from app.kernel.jobs import enqueue
from integrations.exchange.errors import DepartmentRefused, NotKnownToDepartment
from integrations.exchange.structs import EndUser
from lifecycle.cases import casebook, fields
from lifecycle.cases.casebook import CaseFile, Detail
from lifecycle.cases.events import CaseApproved
from lifecycle.cases.forms import Applying, Approved, Settle, form_of
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


async def carry_out(job: ToCarryOut) -> None:
    """Carry out an approved case; a job, harmless when repeated.

    A department that refuses sends the case back to the officer, with its reason; one that doesn't answer is asked again.
    """
    async with transaction(OFFICE):
        case = await casebook.find(job.case_id)
        answers, prefill = await casebook.opened(case)
    if case.state is not State.APPROVED:
        return
    form = form_of(case.matter_code)
    applying = Applying(case.id, case.matter_code, case.citizen_id, case.applicant_id, EndUser("system", CARRY_OUT))
    given = fields.values(form.form, answers, prefill.known)
    try:
        settle = await form.carry_out(Approved(applying, case.named, given, case.changed_at))
    except (DepartmentRefused, NotKnownToDepartment) as refusal:
        await _reopen(case, str(refusal.facts.get("reason") or refusal.code))
        return
    await _issue(case, settle)


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
