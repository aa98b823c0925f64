"""Answers to terminals, signed (RFC 9421) over status, body and the request's own signature: a terminal can prove what it was told.

The receipts' seal signs them too, so a terminal trusts one certificate; sign-on hands it over.
"""

from typing import Any, Final, TypeVar, cast

import msgspec
from cryptography import x509
from litestar import Request, Response
from litestar.enums import MediaType
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from app.kernel import clock
from app.kernel.errors import Refusal
from app.kernel.problems import on_fault, on_http_exception, on_refusal
from app.keys.request_signatures import TERMINAL, Answer, Binding, Signer, sign_answer
from app.keys.x509_keys import message_key
from app.pki.authorities import RECEIPTS, Authorities, authorities, pem

V = TypeVar("V")


def answer_certificates() -> str:
    """The certificates by which an answer's signature is checked: the seal's, its authority's, the root's (PEM)."""
    trusted = authorities()
    chain = (trusted.own[RECEIPTS.label].certificate, trusted.issuer(RECEIPTS.kind).certificate, trusted.root)
    return b"".join(pem(certificate) for certificate in chain).decode()


def signed(request: Request[Any, Any, Any], status: int, view: V) -> Response[V]:
    """Answer a terminal's verified request with a signed view, or with one that is written already."""
    # Bytes are sent as they are; what was signed isn't encoded a second time.
    body = view if isinstance(view, bytes) else msgspec.json.encode(view)
    headers = _signature(request, status, body)
    return Response(cast("V", body), status_code=status, media_type=MediaType.JSON, headers=headers)


def _signature(request: Request[Any, Any, Any], status: int, body: bytes) -> dict[str, str]:
    binding: Binding | None = request.scope["state"].get("signature_binding")
    if binding is None:
        return {}
    return sign_answer(Answer(status, {}, body), binding, _signer(), profile=TERMINAL, now=clock.epoch_seconds())


_newest: list[tuple[Authorities, Signer]] = []


def _signer() -> Signer:
    """Who signs answers now; made anew when one of our certificates was."""
    trusted = authorities()
    if not _newest or _newest[0][0] is not trusted:
        own = trusted.own[RECEIPTS.label]
        names = own.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        _newest[:] = [(trusted, Signer(names.get_values_for_type(x509.DNSName)[0], message_key(own.key)))]
    return _newest[0][1]


def _with_signature(request: Request[Any, Any, Any], response: Response[Any]) -> Response[Any]:
    response.headers.update(_signature(request, response.status_code or 500, response.content))
    return response


def signed_refusal(request: Request[Any, Any, Any], refusal: Refusal) -> Response[Any]:
    """Answer a refusal, signed if the request's signature held."""
    return _with_signature(request, on_refusal(request, refusal))


def signed_http_exception(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Answer what the framework refuses, signed if the request's signature held."""
    return _with_signature(request, on_http_exception(request, error))


def signed_fault(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer a fault of ours, signed if the request's signature held."""
    return _with_signature(request, on_fault(request, error))


SIGNED_PROBLEMS: Final[ExceptionHandlersMap] = {
    Refusal: signed_refusal,
    HTTPException: signed_http_exception,
    Exception: signed_fault,
}
