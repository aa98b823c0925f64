"""`/v1/cases`, and the form of a matter."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter, SkipValidation

from app.identity.approval_errors import NoDeviceToAsk
from app.identity.approval_structs import ApprovalView
from app.identity.errors import GuardianNeeded, TriedTooOften
from app.kernel.actors import Citizen, Scope
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.errors import Refusal
from app.kernel.idempotency import Once
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, problems
from app.pki.proof_bundles import ZIP
from integrations.sms.errors import SmsPhoneBlocked, SmsPhoneInvalid, SmsTooFrequent, SmsUnavailable
from integrations.sms.port import SmsPort
from lifecycle.cases import confirmation, drafts, fields, prefilling, proofs, reading, signing_input, submission
from lifecycle.cases.errors import (
    CaseChanged,
    CaseNotFound,
    CaseSignatureWrong,
    ConfirmationWrong,
    CustodyElsewhere,
    FieldsWrong,
    FormIncomplete,
    MatterHasNoForm,
    NotFitFor,
    NothingProved,
    NotTheApplicant,
    NumberNeeded,
    PhoneMissing,
    ProofBroken,
    ProofNotMade,
    SignatureNeeded,
    SignedByAnother,
    StepNotAllowed,
    SubjectUnknown,
    TriedTooOftenHere,
    VersionMissing,
)
from lifecycle.cases.etags import etag, version_in
from lifecycle.cases.forms import form_of
from lifecycle.cases.structs import (
    CaseEventView,
    CaseRef,
    CaseSummary,
    CaseView,
    ConfirmationSent,
    CorrectionAnswer,
    FormChange,
    FormView,
    NewCase,
    Submission,
)

IfMatch = Annotated[
    str | None, HeaderParameter(name="If-Match", max_length=40, description="The version read, as `ETag` gave it.")
]
OnlyOpen = Annotated[
    bool, QueryParameter(name="open", description="Only cases in which somebody still has to do something.")
]
_PROVING = (
    FormIncomplete,
    SignatureNeeded,
    CaseSignatureWrong,
    SignedByAnother,
    ConfirmationWrong,
    TriedTooOftenHere,
    ProofNotMade,
)
_BODY = (BodyUnreadable, BodyWrong, ParameterWrong)

_CONFIRMING: tuple[type[Refusal], ...] = (
    CaseNotFound,
    FormIncomplete,
    StepNotAllowed,
    NotTheApplicant,
    CustodyElsewhere,
    PhoneMissing,
    TriedTooOftenHere,
    SmsPhoneInvalid,
    SmsPhoneBlocked,
    SmsTooFrequent,
    SmsUnavailable,
    ParameterWrong,
)


class CaseController(Controller):
    """Applications of oneself and one's wards."""

    path = "/v1/cases"
    tags = ("Cases",)
    opt = {LEVEL: BY_NAME, DATA: ("identity", "contact", "family", "money", "health"), "acting_for": Scope.CASES}  # noqa: RUF012 - litestar's own shape

    @post(
        "/",
        operation_id="openCase",
        responses=problems(
            MatterHasNoForm, SubjectUnknown, CustodyElsewhere, GuardianNeeded, NumberNeeded, NotFitFor, *_BODY
        ),
    )
    async def open_case(
        self, citizen: NamedDependency[Citizen], data: JSONBody[NewCase], once: NamedDependency[Once]
    ) -> Response[CaseView]:
        """Open a draft, filled in with what departments know; an open one for the same matter and person is found again."""
        opened = await once(citizen, CaseRef, lambda: drafts.open_case(citizen, data))
        await prefilling.refresh(citizen, opened.id, prefilling.AT_OPENING_SECONDS)
        return await shown(citizen, opened.id, status_code=201)

    @get("/", operation_id="listCases", responses=problems(CursorWrong, ParameterWrong))
    async def cases(
        self,
        citizen: NamedDependency[Citizen],
        only_open: OnlyOpen = False,  # noqa: FBT002 - a query parameter
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[CaseSummary]:
        """List your cases and your wards', newest first."""
        return await reading.cases(citizen, only_open=only_open, cursor=cursor, limit=limit)

    @get("/{case_id:uuid}", operation_id="getCase", responses=problems(CaseNotFound, ParameterWrong))
    async def case(self, citizen: NamedDependency[Citizen], case_id: FromPath[UUID]) -> Response[CaseView]:
        """Show a case with its form; every value says where it comes from and when it held."""
        await prefilling.refresh(citizen, case_id, prefilling.AT_READING_SECONDS)
        return await shown(citizen, case_id)

    @patch(
        "/{case_id:uuid}",
        operation_id="changeCase",
        responses=problems(
            CaseNotFound,
            CaseChanged,
            VersionMissing,
            FieldsWrong,
            StepNotAllowed,
            NotTheApplicant,
            CustodyElsewhere,
            *_BODY,
        ),
    )
    async def change(
        self,
        citizen: NamedDependency[Citizen],
        case_id: FromPath[UUID],
        data: JSONBody[FormChange],
        if_match: IfMatch = None,
    ) -> Response[CaseView]:
        """Change fields of a draft, or of a case that must be corrected; the others stay."""
        await drafts.change(citizen, case_id, version_in(if_match), data)
        return await shown(citizen, case_id)

    @get(
        "/{case_id:uuid}/signing-input",
        operation_id="getSigningInput",
        responses=problems(
            CaseNotFound, FormIncomplete, StepNotAllowed, NotTheApplicant, CustodyElsewhere, ParameterWrong
        ),
    )
    async def signing_input(self, citizen: NamedDependency[Citizen], case_id: FromPath[UUID]) -> Response[bytes]:
        """Get the exact bytes that a device signs: the form as it stands, in canonical JSON."""
        payload = await signing_input.show(citizen, case_id)
        return Response(payload, media_type="application/json", headers={"Cache-Control": "private, no-store"})

    @post(
        "/{case_id:uuid}/confirmation",
        operation_id="sendCaseConfirmation",
        status_code=200,
        responses=problems(*_CONFIRMING),
    )
    async def confirmation(
        self, citizen: NamedDependency[Citizen], case_id: FromPath[UUID], sms: NamedDependency[SkipValidation[SmsPort]]
    ) -> ConfirmationSent:
        """Have a code sent to your phone that confirms the form as it stands."""
        return await confirmation.send_code(sms, citizen, case_id)

    @post(
        "/{case_id:uuid}/approval",
        operation_id="askCaseApproval",
        responses=problems(
            CaseNotFound,
            FormIncomplete,
            StepNotAllowed,
            NotTheApplicant,
            NoDeviceToAsk,
            TriedTooOften,
            ParameterWrong,
        ),
    )
    async def approval(self, citizen: NamedDependency[Citizen], case_id: FromPath[UUID]) -> ApprovalView:
        """Ask an enrolled device of yours to approve the form as it stands, instead of a code."""
        return await confirmation.ask_approval(citizen, case_id)

    @post(
        "/{case_id:uuid}/submit",
        operation_id="submitCase",
        status_code=200,
        responses=problems(
            CaseNotFound, StepNotAllowed, NotTheApplicant, CustodyElsewhere, GuardianNeeded, *_PROVING, *_BODY
        ),
    )
    async def submit(
        self,
        citizen: NamedDependency[Citizen],
        case_id: FromPath[UUID],
        data: JSONBody[Submission],
        once: NamedDependency[Once],
    ) -> Response[CaseView]:
        """Submit a draft, signed by your device, or confirmed by a code or an approval in the app, as the matter asks."""
        if data.confirmation_code is not None:
            await confirmation.count_try(citizen, case_id)
        await once(citizen, CaseRef, lambda: submission.submit(citizen, case_id, data))
        return await shown(citizen, case_id)

    @post(
        "/{case_id:uuid}/answer-correction",
        operation_id="answerCorrection",
        status_code=200,
        responses=problems(CaseNotFound, StepNotAllowed, NotTheApplicant, CustodyElsewhere, *_PROVING, *_BODY),
    )
    async def answer_correction(
        self,
        citizen: NamedDependency[Citizen],
        case_id: FromPath[UUID],
        data: JSONBody[CorrectionAnswer],
        once: NamedDependency[Once],
    ) -> Response[CaseView]:
        """Hand in the corrected form, signed or confirmed anew."""
        if data.confirmation_code is not None:
            await confirmation.count_try(citizen, case_id)
        await once(citizen, CaseRef, lambda: submission.answer_correction(citizen, case_id, data))
        return await shown(citizen, case_id)

    @post(
        "/{case_id:uuid}/withdraw",
        operation_id="withdrawCase",
        status_code=200,
        responses=problems(CaseNotFound, StepNotAllowed, NotTheApplicant, CustodyElsewhere, ParameterWrong),
    )
    async def withdraw(
        self, citizen: NamedDependency[Citizen], case_id: FromPath[UUID], once: NamedDependency[Once]
    ) -> Response[CaseView]:
        """Withdraw a case, or throw a draft away."""
        await once(citizen, CaseRef, lambda: submission.withdraw(citizen, case_id))
        return await shown(citizen, case_id)

    @get(
        "/{case_id:uuid}/proof",
        operation_id="getCaseProof",
        media_type=ZIP,
        responses=problems(CaseNotFound, NothingProved, ProofBroken, ParameterWrong),
    )
    async def proof(self, citizen: NamedDependency[Citizen], case_id: FromPath[UUID]) -> Response[bytes]:
        """Get a bundle (ZIP) that proves with openssl alone what was signed on this case, by whom and when."""
        bundle = await proofs.export(citizen, case_id)
        headers = {
            "Cache-Control": "private, no-store",
            "Content-Disposition": f'attachment; filename="{bundle.name}"',
        }
        return Response(bundle.content, media_type=ZIP, headers=headers)

    @get("/{case_id:uuid}/events", operation_id="listCaseEvents", responses=problems(CaseNotFound, ParameterWrong))
    async def events(self, citizen: NamedDependency[Citizen], case_id: FromPath[UUID]) -> Page[CaseEventView]:
        """List everything that happened to a case, oldest first."""
        return await reading.events(citizen, case_id)


class FormController(Controller):
    """Forms of matters."""

    path = "/v1/matters"
    tags = ("Cases",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @get("/{code:str}/form", operation_id="getMatterForm", responses=problems(MatterHasNoForm))
    async def form(self, code: FromPath[str]) -> FormView:
        """Get a matter's form as JSON Schema (2020-12), with labels and hints in Chinese and English."""
        return FormView(matter_code=code, json_schema=fields.schema(form_of(code).form))


async def shown(citizen: Citizen, case_id: UUID, status_code: int = 200) -> Response[CaseView]:
    """A case as it is after what was done, with its tag."""
    view = await reading.show(citizen, case_id)
    headers = {"ETag": etag(view.version), "Cache-Control": "private, no-store"}
    return Response(view, status_code=status_code, headers=headers)
