"""`/v1/bundles`, and `/v1/me/bundles`."""

from uuid import UUID

from litestar import Controller, Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, SkipValidation

from app.identity.errors import GuardianNeeded
from app.kernel.actors import AssuranceTooLow, Citizen
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.idempotency import Once
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, problems
from integrations.sms.errors import SmsPhoneBlocked, SmsPhoneInvalid, SmsTooFrequent, SmsUnavailable
from integrations.sms.port import SmsPort
from lifecycle.bundles import bundles, filling_in, reading
from lifecycle.bundles.errors import (
    BundleNotFound,
    BundleStateWrong,
    BundleUnknown,
    StepNotFailed,
    StepNotOptional,
    StepUnknown,
)
from lifecycle.bundles.structs import (
    BundleChange,
    BundleOffer,
    BundleRef,
    BundleSubmission,
    BundleSummary,
    BundleView,
    NewBundle,
)
from lifecycle.cases import confirmation
from lifecycle.cases.errors import (
    CaseChanged,
    CaseSignatureWrong,
    ConfirmationWrong,
    CustodyElsewhere,
    FieldsWrong,
    FormIncomplete,
    NotFitFor,
    NotTheApplicant,
    NumberNeeded,
    PhoneMissing,
    ProofNotMade,
    SignatureNeeded,
    SignedByAnother,
    SubjectUnknown,
    TriedTooOftenHere,
    VersionMissing,
)
from lifecycle.cases.etags import etag, version_in
from lifecycle.cases.routes import IfMatch
from lifecycle.cases.structs import CaseRef, ConfirmationSent

_BODY = (BodyUnreadable, BodyWrong, ParameterWrong)
_FINDING = (BundleNotFound, ParameterWrong)
_SIGNING = (
    FormIncomplete,
    SignatureNeeded,
    CaseSignatureWrong,
    SignedByAnother,
    ConfirmationWrong,
    TriedTooOftenHere,
    ProofNotMade,
)
_SENDING = (PhoneMissing, TriedTooOftenHere, SmsPhoneInvalid, SmsPhoneBlocked, SmsTooFrequent, SmsUnavailable)


class BundleOfferController(Controller):
    """What can be done in one go."""

    path = "/v1/bundles"
    tags = ("Bundles",)

    @get("/", operation_id="listBundleOffers", opt={"public": True})
    async def offers(self) -> Page[BundleOffer]:
        """List every bundle: several matters of several departments with one form."""
        return reading.offers()

    @get("/{code:str}", operation_id="getBundleOffer", opt={"public": True}, responses=problems(BundleUnknown))
    async def offer(self, code: FromPath[str]) -> BundleOffer:
        """Show a bundle's steps, what each needs, and which papers departments share so that nobody need bring them."""
        return reading.offer(code)

    @post(
        "/{code:str}/cases",
        operation_id="openBundle",
        opt={LEVEL: BY_NAME, DATA: ("identity", "contact", "family")},
        responses=problems(BundleUnknown, SubjectUnknown, CustodyElsewhere, GuardianNeeded, AssuranceTooLow, *_BODY),
    )
    async def open(
        self,
        citizen: NamedDependency[Citizen],
        code: FromPath[str],
        data: JSONBody[NewBundle],
        once: NamedDependency[Once],
    ) -> Response[BundleView]:
        """Open a bundle, filled in with what departments know; an open one for the same person is found again."""
        opened = await once(citizen, BundleRef, lambda: bundles.open_bundle(citizen, code, data))
        return await _shown(citizen, opened.id, status_code=201)


class BundleController(Controller):
    """Bundles of oneself and one's wards."""

    path = "/v1/me/bundles"
    tags = ("Bundles",)
    opt = {LEVEL: BY_NAME, DATA: ("identity", "contact", "family")}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="listBundles", responses=problems(CursorWrong))
    async def mine(
        self, citizen: NamedDependency[Citizen], cursor: FromQuery[Cursor | None] = None, limit: FromQuery[Limit] = 20
    ) -> Page[BundleSummary]:
        """List your bundles and your wards', newest first."""
        return await reading.mine(citizen, cursor, limit)

    @get("/{bundle_id:uuid}", operation_id="getBundle", responses=problems(*_FINDING))
    async def bundle(self, citizen: NamedDependency[Citizen], bundle_id: FromPath[UUID]) -> Response[BundleView]:
        """Show a bundle: how far each step is, one progress, one deadline, and its form."""
        return await _shown(citizen, bundle_id)

    @patch(
        "/{bundle_id:uuid}",
        operation_id="changeBundle",
        responses=problems(
            *(BundleNotFound, BundleStateWrong, CaseChanged, VersionMissing, FieldsWrong, CustodyElsewhere),
            *(StepUnknown, StepNotOptional, *_BODY),
        ),
    )
    async def change(
        self,
        citizen: NamedDependency[Citizen],
        bundle_id: FromPath[UUID],
        data: JSONBody[BundleChange],
        if_match: IfMatch = None,
    ) -> Response[BundleView]:
        """Change fields of the form, or which optional steps are left out."""
        await bundles.change(citizen, bundle_id, version_in(if_match), data)
        return await _shown(citizen, bundle_id)

    @get(
        "/{bundle_id:uuid}/signing-input",
        operation_id="getBundleSigningInput",
        responses=problems(BundleNotFound, BundleStateWrong, FormIncomplete, ParameterWrong),
    )
    async def signing_input(self, citizen: NamedDependency[Citizen], bundle_id: FromPath[UUID]) -> Response[bytes]:
        """Get the exact bytes that a device signs for the whole bundle."""
        payload = await bundles.show_payload(citizen, bundle_id)
        return Response(payload, media_type="application/json", headers={"Cache-Control": "private, no-store"})

    @post(
        "/{bundle_id:uuid}/confirmation",
        operation_id="sendBundleConfirmation",
        status_code=200,
        responses=problems(BundleNotFound, BundleStateWrong, FormIncomplete, *_SENDING, ParameterWrong),
    )
    async def confirmation(
        self,
        citizen: NamedDependency[Citizen],
        bundle_id: FromPath[UUID],
        sms: NamedDependency[SkipValidation[SmsPort]],
    ) -> ConfirmationSent:
        """Have a code sent to your phone that confirms the bundle as it stands."""
        return await bundles.send_code(sms, citizen, bundle_id)

    @post(
        "/{bundle_id:uuid}/submit",
        operation_id="submitBundle",
        status_code=200,
        responses=problems(BundleNotFound, BundleStateWrong, CustodyElsewhere, AssuranceTooLow, *_SIGNING, *_BODY),
    )
    async def submit(
        self,
        citizen: NamedDependency[Citizen],
        bundle_id: FromPath[UUID],
        data: JSONBody[BundleSubmission],
        once: NamedDependency[Once],
    ) -> Response[BundleView]:
        """Sign the whole bundle once; its steps begin by themselves, each when what it needs is done."""
        if data.confirmation_code is not None:
            await confirmation.count_try(citizen, bundle_id)
        await once(citizen, BundleRef, lambda: bundles.submit(citizen, bundle_id, data))
        return await _shown(citizen, bundle_id)

    @post(
        "/{bundle_id:uuid}/withdraw",
        operation_id="withdrawBundle",
        status_code=200,
        responses=problems(BundleNotFound, BundleStateWrong, CustodyElsewhere, NotTheApplicant, ParameterWrong),
    )
    async def withdraw(
        self, citizen: NamedDependency[Citizen], bundle_id: FromPath[UUID], once: NamedDependency[Once]
    ) -> Response[BundleView]:
        """Take a bundle back: no further step begins; what was decided stands."""
        await once(citizen, BundleRef, lambda: bundles.withdraw(citizen, bundle_id))
        return await _shown(citizen, bundle_id)

    @post(
        "/{bundle_id:uuid}/steps/{step:str}/retry",
        operation_id="retryBundleStep",
        status_code=200,
        responses=problems(
            *(BundleNotFound, BundleStateWrong, StepUnknown, StepNotFailed, CustodyElsewhere, NotTheApplicant),
            *(NumberNeeded, NotFitFor, ParameterWrong),
        ),
    )
    async def retry(
        self,
        citizen: NamedDependency[Citizen],
        bundle_id: FromPath[UUID],
        step: FromPath[str],
        once: NamedDependency[Once],
    ) -> CaseRef:
        """Do a failed step anew: a draft that you correct and submit like any case."""
        return await once(citizen, CaseRef, lambda: bundles.retry(citizen, bundle_id, step))


async def _shown(citizen: Citizen, bundle_id: UUID, status_code: int = 200) -> Response[BundleView]:
    await filling_in.refresh(citizen, bundle_id)
    view = await reading.show(citizen, bundle_id)
    headers = {"ETag": etag(view.version), "Cache-Control": "private, no-store"}
    return Response(view, status_code=status_code, headers=headers)
