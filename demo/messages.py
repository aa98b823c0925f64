"""Requests signed by machines, and the signatures of their answers (RFC 9421, RFC 9530), with `http-message-signatures`."""

import secrets
from datetime import timedelta
from typing import Final

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)

from demo.keys import Key
from demo.report import NotSo

_LABEL: Final = "sig1"
_REQUEST: Final = ("@method", "@target-uri", "content-digest", "content-type", "idempotency-key")
_REQUEST_WITHOUT_BODY: Final = ("@method", "@target-uri")
_ANSWER: Final = ("@status", "content-digest", '"@method";req', '"@target-uri";req', '"signature";req')
_LONGEST: Final = timedelta(seconds=60)


class _Keys(HTTPSignatureKeyResolver):
    """One private key to sign with, or one public key to check with, under one name."""

    def __init__(self, name: str, private: Key | None = None, public: ec.EllipticCurvePublicKey | None = None) -> None:
        self._name = name
        self._private = private
        self._public = public

    def resolve_private_key(self, key_id: str) -> ec.EllipticCurvePrivateKey:
        if self._private is None or key_id != self._name:
            raise KeyError(key_id)
        return self._private.private

    def resolve_public_key(self, key_id: str) -> ec.EllipticCurvePublicKey | None:
        return self._public if key_id == self._name else None


def sign_request(request: httpx.Request, keyid: str, key: Key, tag: str) -> None:
    """Sign a request, one with a body with its `Content-Type` and `Idempotency-Key`; the nonce makes each signature count once."""
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ECDSA_P256_SHA256, key_resolver=_Keys(keyid, private=key))
    signer.sign(
        request,
        key_id=keyid,
        nonce=secrets.token_urlsafe(16),
        label=_LABEL,
        tag=tag,
        include_alg=False,
        covered_component_ids=_REQUEST if request.content else _REQUEST_WITHOUT_BODY,
        body=request.content or None,
    )


def check_answer(answer: httpx.Response, keyid: str, key: ec.EllipticCurvePublicKey, tag: str) -> None:
    """Check that an answer was signed by this key, for exactly the request that it answers, within the last minute."""
    verifier = HTTPMessageVerifier(
        signature_algorithm=algorithms.ECDSA_P256_SHA256, key_resolver=_Keys(keyid, public=key)
    )
    try:
        verifier.verify(
            answer,
            max_age=_LONGEST,
            expect_tag=tag,
            expect_label=_LABEL,
            require_components=_ANSWER,
            body=answer.content,
        )
    except InvalidSignature as error:
        raise NotSo(f"the answer's signature doesn't hold: {error}") from error
