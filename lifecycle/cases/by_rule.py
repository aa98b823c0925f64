"""Decisions by rule (秒批): an application that departments' data bears out whole is granted at once, without an officer.

Nothing is ever refused by rule: whatever isn't clear waits for an officer (个人信息保护法, article 24).
"""

from contextlib import suppress
from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.exchanges.events import AnswerSettled
from app.exchanges.settled import settled
from app.kernel.actors import System
from app.kernel.database import transaction
from app.kernel.jobs import enqueue
from app.keys.persons import PersonErased
from integrations.exchange.errors import DepartmentUnavailable
from integrations.exchange.structs import EndUser
from lifecycle.cases import casebook, fields
from lifecycle.cases.casebook import Answers, CaseFile
from lifecycle.cases.errors import FormIncomplete
from lifecycle.cases.events import CaseSubmitted
from lifecycle.cases.fields import Prefill
from lifecycle.cases.forms import Applying, find_form, form_of
from lifecycle.cases.states import State, Step
from lifecycle.cases.waivers import waivers_of

DECIDE: Final = "cases.decide_by_rule"
ATTEMPTS: Final = 12
"""With pauses of up to ten minutes; after that an officer decides."""
RULE: Final = System("rules")


class ToDecide(msgspec.Struct, frozen=True):
    """The submitted case."""

    case_id: UUID


async def order(event: CaseSubmitted) -> None:
    """Have a case decided that its matter may decide by rule, unless whom it concerns was erased meanwhile; a subscriber."""
    case = await casebook.find(event.subject_id)
    with suppress(PersonErased):
        answers, prefill = await casebook.opened(case)
        if await _decides_itself(case, answers, prefill):
            await enqueue(DECIDE, ToDecide(case.id), once=f"{DECIDE}:{event.id}")


async def on_settled(event: AnswerSettled) -> None:
    """Go on with a case that its rule may decide, once a department answered late for it; a subscriber."""
    said = await settled(event.subject_id)
    if said is not None and said.basis.kind == "case" and said.end_user.id == DECIDE:
        await enqueue(DECIDE, ToDecide(UUID(said.basis.id)), once=f"{DECIDE}:{event.id}")


async def decide(job: ToDecide) -> None:
    """Grant the case if departments say today what its citizen signed; a job, harmless when repeated.

    One that doesn't answer is asked again. Where facts changed, an officer took the case up, or the rule wouldn't grant it today, it is
    the officer's.
    """
    async with transaction(RULE):
        case = await casebook.find(job.case_id)
        answers, prefill = await casebook.opened(case)
        if not _is_open(case) or not await _decides_itself(case, answers, prefill):
            return
    applying = Applying(case.id, case.matter_code, case.citizen_id, case.applicant_id, EndUser("system", DECIDE))
    now = await form_of(case.matter_code).prefill(applying)
    if now.unavailable:
        raise DepartmentUnavailable(departments=list(now.unavailable), retry_after_seconds=60)
    if not fields.differing(prefill.known, now.known):
        await _grant(case)


async def _grant(seen: CaseFile) -> None:
    async with transaction(RULE):
        case = await casebook.find(seen.id, lock=True)
        if not _is_open(case) or case.version != seen.version:
            return
        case = await casebook.move(case, Step.ACCEPT, RULE, what="accept_by_rule")
        await _seal(Act.CASE_ACCEPTED, case)
        case = await casebook.move(case, Step.APPROVE, RULE, what="approve_by_rule")
        await _seal(Act.CASE_APPROVED, case)


async def _decides_itself(case: CaseFile, answers: Answers, prefill: Prefill) -> bool:
    """Whether the rule grants it; a matter that is no longer offered, or whose form has grown since, is an officer's to decide."""
    form = find_form(case.matter_code)
    if form is None:
        return False
    given, waivers = fields.values(form.form, answers, prefill.known), await waivers_of(case, answers, prefill)
    try:
        return form.decides_itself(fields.whole(form.form, given, waivers))
    except FormIncomplete:
        return False


def _is_open(case: CaseFile) -> bool:
    return case.state is State.SUBMITTED and case.officer_id is None


async def _seal(act: Act, case: CaseFile) -> None:
    await seal_act(act, RULE, about=case.citizen_id, subject=case.id, basis=Basis("case", case.named))
