"""Handing a case on (转办): to another division's office of the same department, or to a colleague.

The clock runs on: whoever passes a case on gains no time by it.
"""

from uuid import UUID

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.identity.officers import holding, in_office
from app.kernel.actors import Officer
from app.kernel.database import transaction
from app.kernel.events import tell
from app.kernel.two_officers import require_not_ones_own
from lifecycle.cases import casebook, decisions
from lifecycle.cases.casebook import NOTHING_PROPOSED, CaseFile, Detail
from lifecycle.cases.desk_errors import ColleagueUnfit, NoOfficeThere, TransferGoesNowhere
from lifecycle.cases.desk_structs import Colleague, Colleagues, Transfer
from lifecycle.cases.drafts import ref
from lifecycle.cases.errors import CaseClaimedByAnother, StepNotAllowed
from lifecycle.cases.events import CaseMoved
from lifecycle.cases.states import ON_DESK
from lifecycle.cases.structs import CaseRef


async def transfer(officer: Officer, case_id: UUID, to: Transfer) -> CaseRef:
    """Pass a case on that nobody else holds; an office finds it unclaimed, a colleague has claimed it. A repeat changes nothing.

    A decision that was proposed before isn't any more. Refuses as `decisions.find_for` does, `CaseClaimedByAnother`,
    `StepNotAllowed`, `SameOfficer` in an affair of one's own or the colleague's, `TransferGoesNowhere`, `ColleagueUnfit` and
    `NoOfficeThere`.
    """
    async with transaction(officer):
        case = await decisions.find_for(officer, case_id, lock=True)
        division = to.division or case.division
        if to.officer_id is None and division == case.division and to.division is None:
            raise TransferGoesNowhere
        if (case.division, case.officer_id) == (division, to.officer_id):
            return ref(case)
        require_not_ones_own(officer, case.citizen_id, case.applicant_id)
        if case.officer_id not in {None, officer.id} and await decisions.is_held(officer, case):
            raise CaseClaimedByAnother
        if case.state not in ON_DESK:
            raise StepNotAllowed(state=case.state.value, step="transfer")
        await _refuse_unfit(officer, case, division, to.officer_id)
        case = await casebook.write(case, division=division, officer_id=to.officer_id, **NOTHING_PROPOSED)
        await casebook.add_event(case, "transfer", officer, Detail(to.reason))
        await tell(CaseMoved(citizen_id=case.citizen_id, subject_id=case.id))
        basis = Basis("case", case.named)
        await seal_act(Act.CASE_TRANSFERRED, officer, about=case.citizen_id, subject=case.id, basis=basis)
        return ref(case)


async def colleagues(officer: Officer, case_id: UUID, division: str | None) -> Colleagues:
    """Who of the department may take a case over, where it lies or in another division. Refuses as `decisions.find_for` does."""
    async with transaction(officer):
        case = await decisions.find_for(officer, case_id)
        fit = await _fit(officer, case, division or case.division)
    return Colleagues([Colleague(one.id, one.name) for one in fit])


async def _refuse_unfit(officer: Officer, case: CaseFile, division: str, to: UUID | None) -> None:
    if to is None:
        if not await _fit(officer, case, division) and not _may(officer, case, division):
            raise NoOfficeThere(division=division)
        return
    colleague = (await in_office({to})).get(to)
    if to in (officer.id, *officer.accounts) or colleague is None or not _may(colleague, case, division):
        raise ColleagueUnfit
    require_not_ones_own(colleague, case.citizen_id, case.applicant_id)


async def _fit(officer: Officer, case: CaseFile, division: str) -> list[Officer]:
    """The other officers who may handle a case in a division and aren't concerned themselves."""
    themselves = (officer.id, *officer.accounts)
    return [
        one
        for one in await holding(case.department, decisions.RIGHT)
        if one.id not in themselves
        and _may(one, case, division)
        and (one.person_id is None or one.person_id not in {case.citizen_id, case.applicant_id})
    ]


def _may(officer: Officer, case: CaseFile, division: str) -> bool:
    return decisions.may_handle(officer, case.department, case.matter_code, division)
