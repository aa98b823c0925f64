"""`/pki`: our certificates, what was revoked, OCSP and time-stamps; `/v1/verify`: whether something shown is genuine."""

from typing import Any, Final

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, JSONBody

from app.kernel import clock
from app.kernel.errors import UnsupportedMedia
from app.kernel.problems import problems
from app.pki import responding, timestamps, verifiers
from app.pki.authorities import authorities
from app.pki.errors import AuthorityUnknown, NothingToVerify, VerifiedTooOften
from app.pki.publishing import issuer_certificate, revocation_list
from app.pki.structs import Shown, Verification
from app.pki.verify_limits import count_verification

PEM: Final = "application/x-pem-file"
CRL: Final = "application/pkix-crl"
CERTIFICATE: Final = "application/pkix-cert"
OCSP_REQUEST: Final = "application/ocsp-request"
OCSP_ANSWER: Final = "application/ocsp-response"
STAMP_REQUEST: Final = "application/timestamp-query"
STAMP_ANSWER: Final = "application/timestamp-reply"
_CRL_CACHED: Final = {"Cache-Control": "public, max-age=30"}
_CERTIFICATE_CACHED: Final = {"Cache-Control": "public, max-age=3600"}


class PkiController(Controller):
    """What anyone needs to check our signatures."""

    path = "/pki"
    tags = ("Certificates",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @get("/ca.pem", operation_id="getAuthorities", media_type=PEM)
    async def authorities(self) -> Response[bytes]:
        """Get the root and every issuing authority as PEM, root first."""
        return Response(authorities().bundle(), media_type=PEM, headers=_CERTIFICATE_CACHED)

    @get("/{name:str}", operation_id="getRevocationList", media_type=CRL, responses=problems(AuthorityUnknown))
    async def revocation_list(self, name: FromPath[str]) -> Response[bytes]:
        """Get a list of revoked certificates (`….crl`, RFC 5280) or an authority's certificate (`….cer`) as DER.

        Names are those that certificates carry: `device-202611-07.crl` is a month's list, `device.crl` an authority's whole
        list, `device.cer` its certificate; `root` stands for the root.
        """
        stem, dot, ending = name.rpartition(".")
        if not dot or ending not in {"crl", "cer"}:
            raise AuthorityUnknown
        if ending == "cer":
            return Response(issuer_certificate(stem), media_type=CERTIFICATE, headers=_CERTIFICATE_CACHED)
        return Response(await revocation_list(stem), media_type=CRL, headers=_CRL_CACHED)

    @post(
        "/ocsp", operation_id="askStatus", status_code=200, media_type=OCSP_ANSWER, responses=problems(UnsupportedMedia)
    )
    async def status(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        """Ask for one certificate's standing (OCSP, RFC 6960)."""
        _require(request, OCSP_REQUEST)
        answered = await responding.answer(await request.body())
        return Response(answered.der, media_type=OCSP_ANSWER)

    @get("/ocsp/{asked:path}", operation_id="getStatus", media_type=OCSP_ANSWER)
    async def kept_status(self, request: Request[Any, Any, Any], asked: FromPath[str]) -> Response[bytes]:  # noqa: ARG002 - read from the raw path
        """Ask for one certificate's standing by an address that caches may keep (RFC 6960, A.1; RFC 5019)."""
        raw = request.scope.get("raw_path") or request.scope["path"].encode()
        answered = await responding.answer(responding.request_in(raw))
        return Response(answered.der, media_type=OCSP_ANSWER, headers=answered.cache_headers())

    @post(
        "/timestamp",
        operation_id="stampTime",
        status_code=200,
        media_type=STAMP_ANSWER,
        responses=problems(UnsupportedMedia),
    )
    async def timestamp(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        """Have a digest time-stamped (RFC 3161)."""
        _require(request, STAMP_REQUEST)
        return Response(timestamps.stamp(await request.body(), authorities(), clock.now()), media_type=STAMP_ANSWER)


class VerifyController(Controller):
    """Is what I was shown genuine?"""

    path = "/v1/verify"
    tags = ("Verification",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @post("/", operation_id="verify", status_code=200, responses=problems(NothingToVerify, VerifiedTooOften))
    async def verify(self, request: Request[Any, Any, Any], data: JSONBody[Shown]) -> Verification:
        """Verify a licence, a presentation of one or a receipt by its code, a sealed PDF by its bytes, or an SD-JWT.

        Nobody needs to be signed in. What a holder chose to show of a licence is told; that it was stands in their log.
        """
        await count_verification(request.client.host if request.client else "unknown")
        return await verifiers.verify(data)


def _require(request: Request[Any, Any, Any], media_type: str) -> None:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != media_type:
        raise UnsupportedMedia(expected=media_type)
