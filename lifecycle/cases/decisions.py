"""What officers do with a case: claim it, and take the steps that lead to its decision. Each is one transaction.

An officer sees the cases of their department for which they hold the right `handle` in the case's division; they take steps only in
what they have claimed. A claim holds as long as its officer may handle the case, however long that is. It is asked for when a colleague
looks or claims, and no event ends it: so a dismissal, a right that was withdrawn and one that ran out all count from their moment on.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.identity.officers import in_office
from app.kernel import clock
from app.kernel.actors import Actor, Officer, may, require_right
from app.kernel.database import transaction
from app.kernel.errors import FieldProblem
from app.kernel.events import tell
from app.kernel.two_officers import require_not_ones_own
from app.kernel.words import Words
from integrations.exchange.structs import EndUser
from lifecycle.appointments.counter import received_today
from lifecycle.cases import casebook, fields, opinion_rows, second_officers, timing
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.casebook import CaseFile, Detail, FieldNote
from lifecycle.cases.clocks import ClockKind
from lifecycle.cases.desk_errors import SecondOfficerDecides
from lifecycle.cases.drafts import ref
from lifecycle.cases.errors import (
    CaseClaimedByAnother,
    CaseNotClaimed,
    CaseNotFound,
    FactsChanged,
    FactsUnchecked,
    FieldsWrong,
    NotInPerson,
    StepNotAllowed,
)
from lifecycle.cases.events import CaseMoved
from lifecycle.cases.forms import Applying, Standing, form_of
from lifecycle.cases.states import ON_DESK, State, Step, next_state
from lifecycle.cases.structs import CaseRef, CorrectionAsked, Refusing

RIGHT: Final = "handle"
ACTIONS: Final = {RIGHT: Words(zh="办理办件", en="Handle cases")}
"""What officers can be granted in this room."""
DECIDING: Final = frozenset({Step.APPROVE, Step.REJECT})
DECIDABLE: Final = frozenset({State.ACCEPTED, State.REVIEWING})
"""States in which a case can be approved or rejected."""
VOID: Final = Detail(reason="原经办人员已不能继续办理，办件退回重新领取。")
"""Why a claim ended that its officer didn't give up."""
_ACTS: Final[dict[Step, Act]] = {
    Step.ACCEPT: Act.CASE_ACCEPTED,
    Step.DECLINE: Act.CASE_DECLINED,
    Step.REQUEST_CORRECTION: Act.CORRECTION_REQUESTED,
    Step.REVIEW: Act.CASE_UNDER_REVIEW,
    Step.SUSPEND: Act.CASE_SUSPENDED,
    Step.RESUME: Act.CASE_RESUMED,
    Step.APPROVE: Act.CASE_APPROVED,
    Step.REJECT: Act.CASE_REJECTED,
    Step.WITHDRAW: Act.CASE_WITHDRAWN,
}
_NAMED: Final = {Step.WITHDRAW: "withdraw_at_counter"}
"""What a step is called where an officer takes it that is otherwise the citizen's."""


async def find_for(officer: Officer, case_id: UUID, *, lock: bool = False) -> CaseFile:
    """A submitted case of the officer's department, in the transaction in progress.

    Refuses `CaseNotFound` for drafts and other departments' cases, and `NoRight` without a grant for the matter and division.
    """
    case = await casebook.find(case_id, lock=lock)
    if case.number is None or case.department != officer.department:
        raise CaseNotFound
    require_right(officer, RIGHT, case.matter_code, case.division, clock.today())
    return case


async def holders(officer: Officer, claimed_by: Collection[UUID | None]) -> dict[UUID | None, Officer]:
    """Those who claimed cases, by id: the officer who asks, and others who aren't dismissed."""
    others = await in_office({one for one in claimed_by if one not in {None, officer.id}})
    return {one.id: one for one in (officer, *others.values())}


def may_handle(holder: Officer | None, department: str, matter_code: str, division: str) -> bool:
    """Whether somebody who claimed a case of a department may handle it today; one who is gone may not."""
    return (
        holder is not None
        and holder.department == department
        and may(holder, RIGHT, matter_code, division, clock.today())
    )


async def is_held(officer: Officer, case: CaseFile) -> bool:
    """Whether a case, as the officer sees it, is claimed by somebody who may handle it today."""
    holder = (await holders(officer, [case.officer_id])).get(case.officer_id)
    return may_handle(holder, case.department, case.matter_code, case.division)


async def claim(officer: Officer, case_id: UUID) -> CaseRef:
    """Claim a case; of two officers at once one gets it, and from one who may handle it no longer it is taken over.

    Claiming it again changes nothing. Refuses `SameOfficer` one's own affair.
    """
    async with transaction(officer):
        case = await find_for(officer, case_id, lock=True)
        require_not_ones_own(officer, case.citizen_id, case.applicant_id)
        if case.officer_id is not None and not await is_held(officer, case):
            case = await _hand(OFFICE, case, "release", None, VOID)
        _refuse_others(officer, case)
        if case.state not in ON_DESK:
            raise StepNotAllowed(state=case.state.value, step="claim")
        if case.officer_id is None:
            case = await _hand(officer, case, "claim", officer.id)
        return ref(case)


async def release(officer: Officer, case_id: UUID) -> CaseRef:
    """Put a claimed case back on the desk."""
    async with transaction(officer):
        case = await find_for(officer, case_id, lock=True)
        _refuse_others(officer, case)
        if case.officer_id is not None:
            case = await _hand(officer, case, "release", None)
        return ref(case)


async def _hand(actor: Actor, case: CaseFile, what: str, to: UUID | None, why: Detail | None = None) -> CaseFile:
    case = await casebook.write(case, officer_id=to)
    await casebook.add_event(case, what, actor, why)
    await tell(CaseMoved(citizen_id=case.citizen_id, subject_id=case.id))
    await _seal(Act.CASE_CLAIMED if to else Act.CASE_RELEASED, actor, case)
    return case


async def take(officer: Officer, case_id: UUID, step: Step, detail: Detail | None = None) -> CaseRef:
    """Take a step in a claimed case.

    Refuses as `find_claimed` does, `StepNotAllowed`, `OpinionAwaited` an approval, and `SecondOfficerDecides` a decision of a matter
    that one officer doesn't decide alone.
    """
    async with transaction(officer):
        case = await find_claimed(officer, case_id)
        if step in DECIDING and needs_two(case):
            raise SecondOfficerDecides
        return ref(await move(officer, case, step, detail))


async def find_claimed(officer: Officer, case_id: UUID) -> CaseFile:
    """A case that the officer has claimed, locked, in the transaction in progress.

    Refuses as `find_for` does, `SameOfficer` one's own affair, `CaseClaimedByAnother` and `CaseNotClaimed`.
    """
    case = await find_for(officer, case_id, lock=True)
    require_not_ones_own(officer, case.citizen_id, case.applicant_id)
    _refuse_others(officer, case)
    if case.officer_id is None:
        raise CaseNotClaimed
    return case


async def move(officer: Officer, case: CaseFile, step: Step, detail: Detail | None = None) -> CaseFile:
    """Take a step in a locked case and seal it, in the transaction in progress; a decision after its day is noted as late.

    Refuses `StepNotAllowed`, and `OpinionAwaited` an approval while another department's opinion is awaited.
    """
    next_state(case.state, step, case.interrupted_in)
    await _refuse_by_law(case, step)
    if step is Step.APPROVE:
        await opinion_rows.refuse_while_awaited(case)
    if step in DECIDING and _is_late(case):
        await casebook.add_event(case, "overdue", OFFICE)
    case = await casebook.move(case, step, officer, detail, what=_NAMED.get(step))
    await _seal(_ACTS[step], officer, case)
    return case


def needs_two(case: CaseFile) -> bool:
    """Whether two officers decide a case (四眼原则)."""
    return second_officers.decide(case.matter_code, clock.today())


def _is_late(case: CaseFile) -> bool:
    """Whether a decision's day is over and the calendar's job hasn't noted it yet."""
    return case.clock is ClockKind.DECISION and timing.is_overdue(case.due_on) and case.overdue_on is None


async def withdraw(officer: Officer, case_id: UUID, why: Refusing) -> CaseRef:
    """Note that somebody else whose will the application needs withdrew it at the counter; `why` says who.

    Refuses `StepNotAllowed` of a matter that its applicant alone withdraws, and what `take` refuses.
    """
    async with transaction(officer):
        case = await find_for(officer, case_id)
        if not form_of(case.matter_code).another_withdraws:
            raise StepNotAllowed(state=case.state.value, step=Step.WITHDRAW.value)
        return await take(officer, case_id, Step.WITHDRAW, Detail(why.reason))


async def _refuse_by_law(case: CaseFile, step: Step) -> None:
    """Refuse what the matter's law doesn't allow now; `NotInPerson` a step for which nobody came to the counter today."""
    form = form_of(case.matter_code)
    if step in form.in_person and not await received_today(case.citizen_id, case.matter_code):
        raise NotInPerson
    answers, prefill = await casebook.opened(case)
    values = fields.values(form.form, answers, prefill.known)
    form.allow(step, Standing(case.citizen_id, values, await casebook.accepted_on(case)))


async def request_correction(officer: Officer, case_id: UUID, asked: CorrectionAsked) -> CaseRef:
    """Ask the applicant to correct the form; everything at once, field by field. Refuses fields that the form doesn't have."""
    async with transaction(officer):
        case = await find_for(officer, case_id)
        known = fields.fields_of(form_of(case.matter_code).form)
        wrong = [
            FieldProblem(pointer=f"/fields/{place}/field", code="unknown", message="no such field")
            for place, remark in enumerate(asked.fields)
            if remark.field not in known
        ]
        if wrong:
            raise FieldsWrong(errors=tuple(wrong))
        notes = tuple(FieldNote(remark.field, remark.what) for remark in asked.fields)
        return await take(officer, case_id, Step.REQUEST_CORRECTION, Detail(asked.reason, notes))


async def refuse(officer: Officer, case_id: UUID, step: Step, why: Refusing) -> CaseRef:
    """Decline, reject or suspend, with the reason that the citizen is told (and, of a decision, the way to appeal)."""
    return await take(officer, case_id, step, Detail(why.reason))


async def recheck(officer: Officer, case_id: UUID) -> int:
    """Before an approval, ask the departments again; outside every transaction. Gives the version that was looked at.

    Of a case that can't be approved as it stands nobody is asked, and `approve` refuses it; it isn't refused here, because a repeated
    request is to get its first answer.
    Refuses `FactsUnchecked` while one can't be asked, and `FactsChanged` where one says otherwise than what the citizen signed, and what the
    matter's `look_into` refuses.
    """
    async with transaction(officer):
        case = await find_for(officer, case_id)
        answers, prefill = await casebook.opened(case)
    if case.state not in DECIDABLE:
        return case.version
    applying = Applying(
        case.id, case.matter_code, case.citizen_id, case.applicant_id, EndUser("officer", str(officer.id))
    )
    form = form_of(case.matter_code)
    now = await form.prefill(applying)
    if now.unavailable:
        raise FactsUnchecked(departments=list(now.unavailable))
    differing = fields.differing(prefill.known, now.known)
    if differing:
        raise FactsChanged(fields=differing)
    await form.look_into(applying, fields.values(form.form, answers, prefill.known))
    return case.version


async def approve(officer: Officer, case_id: UUID, checked: int) -> CaseRef:
    """Approve the case as `recheck` saw it; refuses `CaseChanged` where it was changed since."""
    async with transaction(officer):
        case = await find_for(officer, case_id, lock=True)
        casebook.refuse_changed(case, checked)
        return await take(officer, case_id, Step.APPROVE)


def _refuse_others(officer: Officer, case: CaseFile) -> None:
    if case.officer_id not in {None, officer.id}:
        raise CaseClaimedByAnother


async def _seal(act: Act, actor: Actor, case: CaseFile) -> None:
    await seal_act(act, actor, about=case.citizen_id, subject=case.id, basis=Basis("case", case.named))
