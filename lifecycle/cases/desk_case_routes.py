"""`/v1/officer/cases/{case_id}/…`: notes, passing on, other departments' opinions, decisions of two officers."""

from typing import Final
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from app.kernel.actors import NoRight, Officer, SameOfficer
from app.kernel.errors import Refusal
from app.kernel.idempotency import Once
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, field_problem, problems
from lifecycle.cases import double_decisions, notes, opinions, transfers
from lifecycle.cases.desk_errors import (
    ColleagueUnfit,
    NobodyToAdvise,
    NoOfficeThere,
    NothingProposed,
    OpinionAskedAlready,
    OpinionAwaited,
    TransferGoesNowhere,
)
from lifecycle.cases.desk_structs import (
    Colleagues,
    DivisionCode,
    NewNote,
    NoteView,
    OpinionAsking,
    OpinionRef,
    ProposedDecision,
    SendingBack,
    Transfer,
)
from lifecycle.cases.errors import (
    CaseChanged,
    CaseClaimedByAnother,
    CaseNotClaimed,
    CaseNotFound,
    FactsChanged,
    FactsUnchecked,
    FieldsWrong,
    StepNotAllowed,
)
from lifecycle.cases.structs import CaseRef

_SEEING: Final[tuple[type[Refusal], ...]] = (CaseNotFound, NoRight, ParameterWrong)
_ACTING: Final[tuple[type[Refusal], ...]] = (*_SEEING, SameOfficer, StepNotAllowed)
_HOLDING: Final[tuple[type[Refusal], ...]] = (*_ACTING, CaseClaimedByAnother, CaseNotClaimed)
_BODY: Final[tuple[type[Refusal], ...]] = (BodyUnreadable, BodyWrong)


class DeskWorkController(Controller):
    """What an officer does with a case beside deciding it alone."""

    path = "/v1/officer/cases/{case_id:uuid}"
    tags = ("Desk",)

    @post("/notes", operation_id="noteOnCase", responses=problems(*_ACTING, *_BODY))
    async def note(
        self,
        officer: NamedDependency[Officer],
        case_id: FromPath[UUID],
        data: JSONBody[NewNote],
        once: NamedDependency[Once],
    ) -> NoteView:
        """Note something for colleagues; notes are never changed. The citizen isn't shown them, but gets them with their data."""
        return await once(officer, NoteView, lambda: notes.add(officer, case_id, data))

    @get("/colleagues", operation_id="listColleagues", responses=problems(*_SEEING))
    async def colleagues(
        self,
        officer: NamedDependency[Officer],
        case_id: FromPath[UUID],
        division: FromQuery[DivisionCode | None] = None,
    ) -> Colleagues:
        """List who of your department may take a case over, where it lies or in another division."""
        return await transfers.colleagues(officer, case_id, _division(division))

    @post(
        "/transfer",
        operation_id="transferCase",
        status_code=200,
        responses=problems(*_ACTING, CaseClaimedByAnother, TransferGoesNowhere, ColleagueUnfit, NoOfficeThere, *_BODY),
    )
    async def transfer(
        self,
        officer: NamedDependency[Officer],
        case_id: FromPath[UUID],
        data: JSONBody[Transfer],
        once: NamedDependency[Once],
    ) -> CaseRef:
        """Pass a case on (转办) to another division's office or to a colleague. The citizen sees it, and the clock runs on."""
        return await once(officer, CaseRef, lambda: transfers.transfer(officer, case_id, data))

    @post(
        "/opinions",
        operation_id="askOpinion",
        responses=problems(*_HOLDING, FieldsWrong, NobodyToAdvise, OpinionAskedAlready, *_BODY),
    )
    async def ask_opinion(
        self,
        officer: NamedDependency[Officer],
        case_id: FromPath[UUID],
        data: JSONBody[OpinionAsking],
        once: NamedDependency[Once],
    ) -> OpinionRef:
        """Ask another department's opinion (征求意见), passing on the fields that it needs. The clock runs on; an approval waits."""
        return await once(officer, OpinionRef, lambda: opinions.ask(officer, case_id, data))

    @post(
        "/propose",
        operation_id="proposeDecision",
        status_code=200,
        responses=problems(*_HOLDING, OpinionAwaited, *_BODY),
    )
    async def propose(
        self,
        officer: NamedDependency[Officer],
        case_id: FromPath[UUID],
        data: JSONBody[ProposedDecision],
        once: NamedDependency[Once],
    ) -> CaseRef:
        """Propose a decision to a second officer (四眼原则); of a rejection the citizen is told the reason once it is confirmed."""
        return await once(officer, CaseRef, lambda: double_decisions.propose(officer, case_id, data))

    @post(
        "/confirm",
        operation_id="confirmDecision",
        status_code=200,
        responses=problems(*_ACTING, NothingProposed, OpinionAwaited, CaseChanged, FactsChanged, FactsUnchecked),
    )
    async def confirm(
        self, officer: NamedDependency[Officer], case_id: FromPath[UUID], once: NamedDependency[Once]
    ) -> CaseRef:
        """Confirm what another officer proposed: the case is decided. Before an approval the departments' facts are asked for again."""
        checked = await double_decisions.recheck(officer, case_id)
        return await once(officer, CaseRef, lambda: double_decisions.confirm(officer, case_id, checked))

    @post(
        "/send-back",
        operation_id="sendDecisionBack",
        status_code=200,
        responses=problems(*_SEEING, SameOfficer, NothingProposed, *_BODY),
    )
    async def send_back(
        self,
        officer: NamedDependency[Officer],
        case_id: FromPath[UUID],
        data: JSONBody[SendingBack],
        once: NamedDependency[Once],
    ) -> CaseRef:
        """Send a proposed decision back, with a note that says why."""
        return await once(officer, CaseRef, lambda: double_decisions.send_back(officer, case_id, data))


def _division(division: str | None) -> str | None:
    try:
        return msgspec.convert(division, DivisionCode | None)
    except msgspec.ValidationError as error:
        raise ParameterWrong(errors=(field_problem(error),)) from error
