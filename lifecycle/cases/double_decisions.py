"""Decisions of two officers (四眼原则): whoever holds the case proposes, another one confirms or sends it back.

Which matters need two stands in `two_officers.toml`, by the day from which it holds. In any other matter an officer may propose as
well, where they want a second pair of eyes. The clock runs on while a proposal waits.
"""

from uuid import UUID

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.kernel.actors import Officer
from app.kernel.database import transaction
from app.kernel.events import tell
from app.kernel.two_officers import require_not_ones_own, require_other_person
from lifecycle.cases import casebook, decisions, notes, opinion_rows
from lifecycle.cases.casebook import NOTHING_PROPOSED, CaseFile, Detail
from lifecycle.cases.desk_errors import NothingProposed
from lifecycle.cases.desk_structs import ProposalView, ProposedDecision, SendingBack
from lifecycle.cases.drafts import ref
from lifecycle.cases.events import CaseMoved
from lifecycle.cases.states import Step, next_state
from lifecycle.cases.structs import CaseRef


async def propose(officer: Officer, case_id: UUID, proposed: ProposedDecision) -> CaseRef:
    """Propose a decision in a claimed case; proposing anew replaces what waits, the same changes nothing.

    Refuses as `decisions.take` does, and `OpinionAwaited` an approval.
    """
    step = Step(proposed.step)
    async with transaction(officer):
        case = await decisions.find_claimed(officer, case_id)
        if await _is_same(officer, case, proposed):
            return ref(case)
        next_state(case.state, step, case.interrupted_in)
        if step is Step.APPROVE:
            await opinion_rows.refuse_while_awaited(case)
        case = await casebook.write(
            case,
            proposed_step=step,
            proposed_by=officer.principal,
            proposed_reason=await casebook.sealed_column(case, "proposed_reason", proposed.reason),
        )
        await _tell(officer, case, "propose", Act.DECISION_PROPOSED)
        return ref(case)


async def confirm(officer: Officer, case_id: UUID, checked: int) -> CaseRef:
    """Confirm what another officer proposed, in the case as `decisions.recheck` saw it: it is decided.

    Refuses as `decisions.find_for` does, `NothingProposed`, `SameOfficer` whoever proposed it or is concerned, `CaseChanged`,
    `StepNotAllowed` and `OpinionAwaited`.
    """
    async with transaction(officer):
        case = await _proposed(officer, case_id)
        require_other_person(case.proposed_by, officer)
        casebook.refuse_changed(case, checked)
        step, reason = Step(case.proposed_step or ""), await casebook.proposed_reason(case)
        detail = Detail(reason) if step is Step.REJECT else None
        return ref(await decisions.move(officer, case, step, detail))


async def recheck(officer: Officer, case_id: UUID) -> int:
    """Before an approval is confirmed, ask the departments again as `decisions.recheck` does; gives the version looked at."""
    async with transaction(officer):
        case = await decisions.find_for(officer, case_id)
    return case.version if case.proposed_step is not Step.APPROVE else await decisions.recheck(officer, case_id)


async def send_back(officer: Officer, case_id: UUID, why: SendingBack) -> CaseRef:
    """Send a proposed decision back, with a note that says why; whoever proposed it takes it back so.

    Refuses as `decisions.find_for` does, `NothingProposed`, and `SameOfficer` one's own affair.
    """
    async with transaction(officer):
        case = await _proposed(officer, case_id)
        await notes.write(officer, case, why.reason)
        case = await casebook.write(case, **NOTHING_PROPOSED)
        await _tell(officer, case, "send_back", Act.DECISION_SENT_BACK)
        return ref(case)


async def proposal(officer: Officer, case: CaseFile) -> ProposalView | None:
    """What waits for a second officer, in the transaction in progress."""
    if case.proposed_step is None:
        return None
    reason = await casebook.proposed_reason(case)
    approves = case.proposed_step is Step.APPROVE
    return ProposalView("approve" if approves else "reject", reason, case.proposed_by == officer.principal)


def steps(officer: Officer, case: CaseFile, plain: list[str]) -> list[str]:
    """The steps that an officer can take, given those of a case that one officer decides."""
    if decisions.needs_two(case):
        alone = [step for step in plain if step not in decisions.DECIDING]
        plain = alone if alone == plain else [*alone, "propose"]
    if case.proposed_step is None:
        return plain
    return [*plain, *([] if case.proposed_by == officer.principal else ["confirm"]), "send_back"]


async def _proposed(officer: Officer, case_id: UUID) -> CaseFile:
    case = await decisions.find_for(officer, case_id, lock=True)
    require_not_ones_own(officer, case.citizen_id, case.applicant_id)
    if case.proposed_step is None:
        raise NothingProposed
    return case


async def _is_same(officer: Officer, case: CaseFile, proposed: ProposedDecision) -> bool:
    return (
        case.proposed_by == officer.principal
        and case.proposed_step == proposed.step
        and await casebook.proposed_reason(case) == proposed.reason
    )


async def _tell(officer: Officer, case: CaseFile, what: str, act: Act) -> None:
    await casebook.add_event(case, what, officer)
    await tell(CaseMoved(citizen_id=case.citizen_id, subject_id=case.id))
    await seal_act(act, officer, about=case.citizen_id, subject=case.id, basis=Basis("case", case.named))
