"""Messages signed by machines: our strict profile of RFC 9421 (signatures) and RFC 9530 (digests).

A request is signed over its method, target, type, digest and `Idempotency-Key`; an answer over its status and digest and
over the request that it answers, so that whoever holds both can prove what was asked and what was said. The library
defaults that make this hard to get right (covering nothing, old signatures, unchecked bodies) don't exist here: a message
is exactly in the profile, or it is refused by name.

Everything is a function of plain values. Two things are left to the caller: to look the key up (`claimed_keyid` says
whose), and to use up the nonce (`VerifiedRequest.nonce`, once until `replayable_until`).
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from app.keys.algorithms import SigningKey, VerifyingKey
from app.keys.errors import (
    DigestMismatch,
    KeyUnknown,
    SignatureAlgorithmWrong,
    SignatureFromFuture,
    SignatureMalformed,
    SignatureNotCovering,
    SignatureOfAnotherProfile,
    SignatureTooOld,
    SignatureWrong,
)
from app.keys.signature_fields import (
    LABEL,
    Fields,
    Naming,
    SignatureInput,
    content_digest,
    read_digest,
    read_input,
    read_signature,
    signed_fields,
    write_input,
    write_signature,
)

MAX_AGE_SECONDS: Final = 60
"""How far `created` may be from our clock, either way."""

_WITH_BODY: Final = ('"@method"', '"@target-uri"', '"content-digest"', '"content-type"', '"idempotency-key"')
_WITHOUT_BODY: Final = ('"@method"', '"@target-uri"')
_ANSWER: Final = ('"@status"', '"content-digest"', '"@method";req', '"@target-uri";req', '"signature";req')
_METHODS_WITHOUT_BODY: Final = frozenset({"GET", "HEAD", "DELETE"})
_METHOD: Final = re.compile(r"[A-Z]{3,7}")
_TARGET: Final = re.compile(r"https?://[!\"$-~]{1,4000}")


class Profile(msgspec.Struct, frozen=True):
    """The tags of one use, so that a signature made for one is worthless for another."""

    request: str
    read: str
    answer: str


TERMINAL: Final = Profile("fuhai-terminal", "fuhai-terminal-read", "fuhai-terminal-answer")
"""Card terminals and the portal."""
EXCHANGE: Final = Profile("fuhai-exchange", "fuhai-exchange-read", "fuhai-exchange-answer")
"""Departments and the portal, both ways."""


class Request(msgspec.Struct, frozen=True):
    """A request as it stands on the wire.

    `target_uri` is absolute and rebuilt from the configured public origin, never from `Host`; `body` is the raw bytes.
    """

    method: str
    target_uri: str
    headers: Fields
    body: bytes = b""


class Answer(msgspec.Struct, frozen=True):
    """An answer as it stands on the wire."""

    status: int
    headers: Fields
    body: bytes


class Signer(msgspec.Struct, frozen=True):
    """A private key and the name under which the other side knows it."""

    keyid: str
    key: SigningKey


class Binding(msgspec.Struct, frozen=True):
    """What an answer's signature repeats of the request that it answers."""

    method: str
    target_uri: str
    signature: str


class VerifiedRequest(msgspec.Struct, frozen=True):
    """A request whose signature holds. Its nonce is still to be used up by the caller."""

    keyid: str
    algorithm: str
    nonce: str
    created: int
    replayable_until: int
    binding: Binding


class VerifiedAnswer(msgspec.Struct, frozen=True):
    """An answer whose signature holds, for exactly one request."""

    keyid: str
    algorithm: str
    created: int


class SignedBytes(msgspec.Struct, frozen=True):
    """What a signature of the profile is over (the signature base, RFC 9421, 2.5), the signature, and whose it says it is."""

    keyid: str
    base: bytes
    signature: bytes


KeyLookup = Callable[[str], VerifyingKey | None]
"""Finds the key (and with it the algorithm) of a name, or nothing."""


def sign_request(request: Request, signer: Signer, *, profile: Profile, now: int, nonce: str) -> dict[str, str]:
    """Sign a request; gives the fields to add (`Content-Digest` with a body, `Signature-Input`, `Signature`).

    `now` is seconds since 1970; `nonce` is 16 to 64 characters of base64url, never used before with this key. A request with
    a body must already have `Content-Type` and `Idempotency-Key`.
    """
    bodiless = _is_bodiless(request)
    digest = {} if bodiless else {"content-digest": content_digest(request.body)}
    components, tag = (_WITHOUT_BODY, profile.read) if bodiless else (_WITH_BODY, profile.request)
    values = _request_values(request, signed_fields(request.headers) | digest)
    raw = write_input(components, now, Naming(signer.keyid, signer.key.algorithm, tag, nonce))
    return _signed(digest, raw, _base(components, values, raw), signer)


def verify_request(request: Request, keys: KeyLookup, *, profile: Profile, now: int) -> VerifiedRequest:
    """Verify a request against the profile; `now` is seconds since 1970.

    Refuses, in this order: `SignatureMissing`, `SignatureMalformed`, `SignatureOfAnotherProfile`, `SignatureNotCovering`,
    `SignatureTooOld`, `SignatureFromFuture`, `KeyUnknown`, `SignatureAlgorithmWrong`, `DigestMismatch`, `SignatureWrong`.
    """
    bodiless = _is_bodiless(request)
    fields = signed_fields(request.headers)
    said = read_input(fields)
    signature = read_signature(fields)
    _refuse_unless_in_profile(
        said, _WITHOUT_BODY if bodiless else _WITH_BODY, profile.read if bodiless else profile.request
    )
    if said.nonce is None:
        raise SignatureMalformed(field="signature-input")
    _refuse_unless_fresh(said.created, now)
    key = _key(said, keys)
    values = _request_values(request, fields)
    base = _base(said.components, values, said.raw)
    if not bodiless:
        _refuse_unless_digested(fields["content-digest"], request.body)
    if not key.verifies(signature, base):
        raise SignatureWrong(keyid=said.keyid)
    binding = Binding(request.method, request.target_uri, fields["signature"])
    return VerifiedRequest(said.keyid, key.algorithm, said.nonce, said.created, said.created + MAX_AGE_SECONDS, binding)


def sign_answer(answer: Answer, to: Binding, signer: Signer, *, profile: Profile, now: int) -> dict[str, str]:
    """Sign an answer to a verified request; gives the fields to add. `now` is seconds since 1970."""
    digest = {"content-digest": content_digest(answer.body)}
    raw = write_input(_ANSWER, now, Naming(signer.keyid, signer.key.algorithm, profile.answer))
    return _signed(digest, raw, _base(_ANSWER, _answer_values(answer, digest, to), raw), signer)


def verify_answer(answer: Answer, to: Binding, keys: KeyLookup, *, profile: Profile, now: int) -> VerifiedAnswer:
    """Verify that an answer was given to exactly this request; refuses as `verify_request` does."""
    fields = signed_fields(answer.headers)
    said = read_input(fields)
    signature = read_signature(fields)
    _refuse_unless_in_profile(said, _ANSWER, profile.answer)
    if said.nonce is not None:
        raise SignatureMalformed(field="signature-input")
    _refuse_unless_fresh(said.created, now)
    key = _key(said, keys)
    base = _base(said.components, _answer_values(answer, fields, to), said.raw)
    _refuse_unless_digested(fields["content-digest"], answer.body)
    if not key.verifies(signature, base):
        raise SignatureWrong(keyid=said.keyid)
    return VerifiedAnswer(said.keyid, key.algorithm, said.created)


def signed_request(request: Request) -> SignedBytes:
    """Give what a request's signature is over, unverified, so that others can verify it without this code."""
    fields = signed_fields(request.headers)
    said = read_input(fields)
    return SignedBytes(
        said.keyid, _base(said.components, _request_values(request, fields), said.raw), read_signature(fields)
    )


def signed_answer(answer: Answer, to: Binding) -> SignedBytes:
    """Give what an answer's signature is over, unverified."""
    fields = signed_fields(answer.headers)
    said = read_input(fields)
    return SignedBytes(
        said.keyid, _base(said.components, _answer_values(answer, fields, to), said.raw), read_signature(fields)
    )


def claimed_keyid(headers: Fields) -> str:
    """Read whose key a message claims, unverified, so that the key can be fetched before verifying."""
    return read_input(signed_fields(headers)).keyid


def binding_of(request: Request, added: Mapping[str, str]) -> Binding:
    """Give what the answer to a request that we signed must repeat; `added` is what `sign_request` gave."""
    return Binding(request.method, request.target_uri, added["signature"])


def _is_bodiless(request: Request) -> bool:
    if not _METHOD.fullmatch(request.method) or not _TARGET.fullmatch(request.target_uri):
        raise SignatureMalformed(field="request-line")
    bodiless = request.method in _METHODS_WITHOUT_BODY
    if bodiless and request.body:
        raise DigestMismatch(reason="this method has no body")
    return bodiless


def _request_values(request: Request, fields: Mapping[str, str]) -> dict[str, str]:
    values = {f'"{name}"': value for name, value in fields.items()}
    return values | {'"@method"': request.method, '"@target-uri"': request.target_uri}


def _answer_values(answer: Answer, fields: Mapping[str, str], to: Binding) -> dict[str, str]:
    values = {f'"{name}"': value for name, value in fields.items()}
    request = {'"@method";req': to.method, '"@target-uri";req': to.target_uri, '"signature";req': to.signature}
    return values | request | {'"@status"': str(answer.status)}


def _base(components: tuple[str, ...], values: Mapping[str, str], raw: str) -> bytes:
    """Build the signature base (RFC 9421, 2.5)."""
    try:
        lines = [f"{name}: {values[name]}" for name in components]
    except KeyError:
        raise SignatureNotCovering(missing=[name for name in components if name not in values]) from None
    return "\n".join([*lines, f'"@signature-params": {raw}']).encode("ascii")


def _signed(digest: dict[str, str], raw: str, base: bytes, signer: Signer) -> dict[str, str]:
    return digest | {"signature-input": f"{LABEL}={raw}", "signature": write_signature(signer.key.sign(base))}


def _refuse_unless_in_profile(said: SignatureInput, components: tuple[str, ...], tag: str) -> None:
    if said.tag != tag:
        raise SignatureOfAnotherProfile(expected_tag=tag)
    if said.components != components and set(said.components) != set(components):
        raise SignatureNotCovering(required=list(components))


def _refuse_unless_fresh(created: int, now: int) -> None:
    if created < now - MAX_AGE_SECONDS:
        raise SignatureTooOld(max_age_seconds=MAX_AGE_SECONDS)
    if created > now + MAX_AGE_SECONDS:
        raise SignatureFromFuture(max_skew_seconds=MAX_AGE_SECONDS)


def _key(said: SignatureInput, keys: KeyLookup) -> VerifyingKey:
    key = keys(said.keyid)
    if key is None:
        raise KeyUnknown(keyid=said.keyid)
    if said.alg is not None and said.alg != key.algorithm:
        raise SignatureAlgorithmWrong(expected=key.algorithm)
    return key


def _refuse_unless_digested(field: str, body: bytes) -> None:
    if field != content_digest(body):
        read_digest(field)  # refuses what isn't a digest at all; there is one way to write each
        raise DigestMismatch
