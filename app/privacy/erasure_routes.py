"""`/v1/me/erasure`, and the certificate that outlives it."""

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation

from app.kernel.actors import Citizen
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.errors import Unauthorized
from app.kernel.idempotency import IdempotencyKeyMissing, IdempotencyKeyReused, IdempotencyKeyWrong, Once, StillRunning
from app.kernel.problems import problems
from app.privacy import confirmation, erasing, erasure, errors
from app.privacy.structs import (
    ErasureCertificate,
    ErasureCodeSent,
    ErasurePreview,
    ErasureView,
    NewErasure,
)
from integrations.sms.errors import SmsPhoneBlocked, SmsPhoneInvalid, SmsTooFrequent, SmsUnavailable
from integrations.sms.port import SmsPort


class ErasureController(Controller):
    """Having the portal forget you."""

    path = "/v1/me/erasure"
    tags = ("Rights",)
    opt = {LEVEL: BY_NAME, DATA: ("contact",)}  # noqa: RUF012 - litestar's own shape

    @get("/preview", operation_id="previewErasure", responses=problems(Unauthorized))
    async def preview(self, citizen: NamedDependency[Citizen]) -> ErasurePreview:
        """See what would be erased, what a law retains and until when, and what stands in the way."""
        return await erasure.preview(citizen)

    @post(
        "/code",
        operation_id="sendErasureCode",
        status_code=202,
        responses=problems(
            Unauthorized,
            errors.ErasureNeedsPhone,
            errors.ErasureCodesTooMany,
            *(SmsPhoneInvalid, SmsPhoneBlocked, SmsTooFrequent, SmsUnavailable),
        ),
    )
    async def send_code(
        self, citizen: NamedDependency[Citizen], sms: NamedDependency[SkipValidation[SmsPort]]
    ) -> ErasureCodeSent:
        """Get a code on your phone, with which you confirm the order where you have no device key."""
        return await confirmation.send_code(sms, citizen)

    @post(
        "/",
        operation_id="orderErasure",
        status_code=202,
        responses=problems(
            *(Unauthorized, errors.ErasureBlockedNow, errors.ErasureOrderedAlready),
            *(errors.ErasureCodeWrong, errors.ErasureCodesTooMany),
            *(IdempotencyKeyMissing, IdempotencyKeyWrong, IdempotencyKeyReused, StillRunning),
        ),
    )
    async def order(
        self, citizen: NamedDependency[Citizen], data: JSONBody[NewErasure], once: NamedDependency[Once]
    ) -> ErasureView:
        """Order your erasure. Keep `certificate_code`: it is shown once, and gets the proof when your account is gone."""
        once.required()
        await confirmation.count_try(citizen)
        return await once(citizen, ErasureView, lambda: erasure.order(citizen, data))

    @get("/", operation_id="getErasure", responses=problems(Unauthorized, errors.ErasureNotOrdered))
    async def mine(self, citizen: NamedDependency[Citizen]) -> ErasureView:
        """See how your order stands."""
        return await erasure.mine(citizen)

    @delete(
        "/", operation_id="cancelErasure", status_code=200, responses=problems(Unauthorized, errors.ErasureNotOrdered)
    )
    async def cancel(self, citizen: NamedDependency[Citizen]) -> ErasureView:
        """Take your order back, while it waits."""
        return await erasure.cancel(citizen)


class ErasureCertificateController(Controller):
    """Proofs of erasures, for whoever has their code."""

    path = "/v1/erasure-certificates"
    tags = ("Rights",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @get("/{code:str}", operation_id="getErasureCertificate", responses=problems(errors.CertificateUnknown))
    async def certificate(self, code: FromPath[str]) -> ErasureCertificate:
        """Get the sealed certificate of an erasure; nobody is signed in any more."""
        return await erasing.certificate(code)
