"""`/pki`: our certificates, what was revoked, OCSP and time-stamps; `/v1/verify`: whether something shown is genuine."""

import asyncio
from typing import Any, Final

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, JSONBody

from app.kernel import clock
from app.kernel.errors import UnsupportedMedia
from app.kernel.problems import problems
from app.kernel.settings import load
from app.pki import ocsp, timestamps, verifiers
from app.pki.authorities import ROOT, authorities, pki_folder
from app.pki.errors import AuthorityUnknown, NothingToVerify
from app.pki.profiles import Kind
from app.pki.revocation import crl, standing
from app.pki.setup import root_crl_path
from app.pki.structs import Shown, Verification

PEM: Final = "application/x-pem-file"
CRL: Final = "application/pkix-crl"
OCSP_REQUEST: Final = "application/ocsp-request"
OCSP_ANSWER: Final = "application/ocsp-response"
STAMP_REQUEST: Final = "application/timestamp-query"
STAMP_ANSWER: Final = "application/timestamp-reply"
_CRL_CACHED: Final = "public, max-age=30"
_LISTS: Final = {f"{kind.value}.crl": kind for kind in Kind}


class PkiController(Controller):
    """What anyone needs to check our signatures."""

    path = "/pki"
    tags = ("Certificates",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @get("/ca.pem", operation_id="getAuthorities", media_type=PEM)
    async def authorities(self) -> Response[bytes]:
        """Get the root and every issuing authority as PEM, root first."""
        return Response(authorities().bundle(), media_type=PEM, headers={"Cache-Control": "public, max-age=3600"})

    @get("/{name:str}", operation_id="getRevocationList", media_type=CRL, responses=problems(AuthorityUnknown))
    async def revocation_list(self, name: FromPath[str]) -> Response[bytes]:
        """Get an authority's list of revoked certificates (RFC 5280) as DER: `root.crl`, or a kind such as `device.crl`."""
        if name == f"{ROOT}.crl":
            path = root_crl_path(pki_folder(load()))
            return Response(
                await asyncio.to_thread(path.read_bytes), media_type=CRL, headers={"Cache-Control": _CRL_CACHED}
            )
        if name not in _LISTS:
            raise AuthorityUnknown
        return Response(await crl(_LISTS[name]), media_type=CRL, headers={"Cache-Control": _CRL_CACHED})

    @post(
        "/ocsp", operation_id="askStatus", status_code=200, media_type=OCSP_ANSWER, responses=problems(UnsupportedMedia)
    )
    async def status(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        """Ask for one certificate's standing (OCSP, RFC 6960)."""
        _require(request, OCSP_REQUEST)
        return Response(await _status(await request.body()), media_type=OCSP_ANSWER)

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

    @post("/", operation_id="verify", status_code=200, responses=problems(NothingToVerify))
    async def verify(self, data: JSONBody[Shown]) -> Verification:
        """Verify a licence or receipt by its code, or a sealed PDF by its bytes. Nobody needs to be signed in."""
        return await verifiers.verify(data)


async def _status(request: bytes) -> bytes:
    trusted, now = authorities(), clock.now()
    try:
        asked = ocsp.read_request(request, trusted)
    except (ocsp.Malformed, ocsp.NotOurs) as error:
        return ocsp.make_error(error)
    record = await standing(asked.serial_text)
    if record is None or record.kind is not asked.kind:
        status = ocsp.Status(known=False)
    else:
        status = ocsp.Status(known=True, revoked_at=record.revoked_at, reason=record.reason)
    return ocsp.make_answer(asked, status, ocsp.responder(trusted.issuer(asked.kind), now), now)


def _require(request: Request[Any, Any, Any], media_type: str) -> None:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != media_type:
        raise UnsupportedMedia(expected=media_type)
