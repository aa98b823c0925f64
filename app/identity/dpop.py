"""Proofs of possession (DPoP, RFC 9449): that whoever shows a token holds the key that it is bound to, now, for this request."""

import base64
import hashlib
import re
from datetime import timedelta
from typing import Any, Final, Literal

import jwt
import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from app.identity.errors import ProofWrong
from app.kernel import clock, short_lived

MAX_AGE_SECONDS: Final = 60
_LONGEST: Final = 4096
_COORDINATE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_JTI: Final = re.compile(r"[!-~]{8,128}")
_SAFE: Final = frozenset({"GET", "HEAD"})
_JWS: Final = jwt.PyJWS(algorithms=["ES256"])
_EC: Final = ECAlgorithm(hashes.SHA256, ec.SECP256R1)

Jwk = dict[str, str]


class ProofClaims(msgspec.Struct, frozen=True):
    """What a proof says: method, address, when, its own id, the hash of the token beside it, and a nonce of ours."""

    htm: str
    htu: str
    iat: int
    jti: str
    ath: str | None = None
    nonce: str | None = None


class ProofHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A proof's header, and nothing beside it."""

    typ: Literal["dpop+jwt"]
    alg: Literal["ES256"]
    jwk: Jwk


class Proved(msgspec.Struct, frozen=True):
    """A proof that holds for its request; its `jti` is still to be used up."""

    jkt: str
    jti: str
    nonce: str | None = None


def verify(proof: str, method: str, address: str, token: str | None) -> Proved:
    """Verify a proof for a request; `address` is without query, `token` the access token beside it, if any.

    Refuses `ProofWrong` with the flaw: malformed, signature, method, address, time, or token.
    """
    header, claims = _read(proof)
    flaws = {
        "method": claims.htm != method,
        "address": claims.htu != address,
        "time": abs(claims.iat - clock.epoch_seconds()) > MAX_AGE_SECONDS,
        "token": claims.ath != (hash_of(token) if token is not None else None),
        "malformed": not _JTI.fullmatch(claims.jti),
    }
    for flaw, found in flaws.items():
        if found:
            raise ProofWrong(flaw=flaw)
    return Proved(thumbprint(header.jwk), claims.jti, claims.nonce)


async def refuse_replay(proved: Proved, method: str) -> None:
    """Use up a proof; refuses (`ProofWrong`) one that was used before.

    Proofs of requests with an effect are remembered for all workers; of reads, which harm nothing, by this one.
    """
    key = f"{proved.jkt} {proved.jti}"
    if method in _SAFE:
        first = _seen.is_first(key)
    else:
        first = await short_lived.claim("dpop", key, timedelta(seconds=2 * MAX_AGE_SECONDS))
    if not first:
        raise ProofWrong(flaw="replayed")


def thumbprint(jwk: Jwk) -> str:
    """The thumbprint of a P-256 JWK (RFC 7638): base64url of SHA-256 over its required members."""
    members = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    return _b64url(hashlib.sha256(msgspec.json.encode(members)).digest())


def thumbprint_of_key(key: ec.EllipticCurvePublicKey) -> str:
    """The thumbprint of a public key on P-256."""
    return thumbprint(ECAlgorithm.to_jwk(key, as_dict=True))


def hash_of(token: str) -> str:
    """How a proof names the token beside it (`ath`)."""
    return _b64url(hashlib.sha256(token.encode()).digest())


def _read(proof: str) -> tuple[ProofHeader, ProofClaims]:
    if len(proof) > _LONGEST or not proof.isascii():
        raise ProofWrong(flaw="malformed")
    try:
        header = msgspec.convert(_JWS.get_unverified_header(proof), ProofHeader)
        payload = _JWS.decode_complete(proof, _key(header.jwk), ["ES256"])["payload"]
        return header, msgspec.json.decode(payload, type=ProofClaims)
    except jwt.InvalidSignatureError as error:
        raise ProofWrong(flaw="signature") from error
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise ProofWrong(flaw="malformed") from error


def _key(jwk: Jwk) -> Any:
    """A public key on P-256; a JWK with anything else in it (a private half, an address) is refused."""
    if set(jwk) - {"kid", "use", "alg"} != {"kty", "crv", "x", "y"} or (jwk["kty"], jwk["crv"]) != ("EC", "P-256"):
        raise ProofWrong(flaw="malformed")
    if not _COORDINATE.fullmatch(jwk["x"]) or not _COORDINATE.fullmatch(jwk["y"]):
        raise ProofWrong(flaw="malformed")
    return _EC.from_jwk(jwk)


class _Seen:
    """Proofs seen lately, in two generations, so that forgetting costs nothing however many there are."""

    def __init__(self) -> None:
        self._began = 0
        self._young: set[str] = set()
        self._old: set[str] = set()

    def is_first(self, key: str) -> bool:
        """Whether a proof wasn't seen within the time that one can be used in; it is remembered now."""
        now = clock.epoch_seconds()
        if now >= self._began + 2 * MAX_AGE_SECONDS:
            recent = now < self._began + 4 * MAX_AGE_SECONDS
            self._began, self._old, self._young = now, self._young if recent else set(), set()
        first = key not in self._young and key not in self._old
        self._young.add(key)
        return first


_seen: Final = _Seen()


def _b64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
