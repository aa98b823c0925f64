"""Access tokens: JWTs of five minutes signed with ES256 (RFC 9068), and the keys to check them with (RFC 7517).

The header brings nothing but the name of a key of ours; the algorithm is the key's own. What a token says of rights is
never trusted: session, device, level and grants are read for each request.
"""

import re
import secrets
from datetime import timedelta
from functools import cache
from typing import Any, Final, Literal
from uuid import UUID

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from app.identity.errors import TokenExpired, TokenWrong
from app.kernel import clock
from app.kernel.settings import load
from app.keys.master import master_key
from app.keys.provider import KeyMissing, KeyProvider, ensure_key, keys_in
from app.keys.x509_keys import CertificateKey

CITIZEN_LIFE: Final = timedelta(minutes=5)
OFFICER_LIFE: Final = timedelta(minutes=15)
TYPE: Final = "at+jwt"
_ALGORITHM: Final = "ES256"
_SKEW_SECONDS: Final = 60
_LONGEST: Final = 4096
_KID: Final = re.compile(r"access-([1-9][0-9]{0,3})")
_JWS: Final = jwt.PyJWS(algorithms=[_ALGORITHM])

Audience = Literal["citizen", "officer"]


class Confirmation(msgspec.Struct, frozen=True):
    """The thumbprint (RFC 7638) of the key that the token is bound to (RFC 9449, 6.1)."""

    jkt: str


class Claims(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an access token says. `sid` is the session; `level` is for the client's information only."""

    iss: str
    aud: str
    sub: UUID
    iat: int
    exp: int
    jti: str
    client_id: str
    sid: UUID | None = None
    level: int | None = None
    department: str | None = None
    cnf: Confirmation | None = None


def audience(kind: Audience) -> str:
    """Whom a token is meant for: the portal's face for citizens, or the one for officers."""
    return f"{load().public_origin}/v1" + ("/officer" if kind == "officer" else "")


def claims_of(kind: Audience, subject: UUID, client_id: str) -> Claims:
    """Claims of a new token, valid from now on."""
    now = clock.epoch_seconds()
    life = CITIZEN_LIFE if kind == "citizen" else OFFICER_LIFE
    return Claims(
        iss=load().public_origin,
        aud=audience(kind),
        sub=subject,
        iat=now,
        exp=now + int(life.total_seconds()),
        jti=secrets.token_urlsafe(16),
        client_id=client_id,
    )


def sign(claims: Claims) -> str:
    """Write and sign an access token with the newest key."""
    number = _newest()
    kid = f"access-{number}"
    return _JWS.encode(
        msgspec.json.encode(claims), CertificateKey(_keys(), kid), _ALGORITHM, headers={"typ": TYPE, "kid": kid}
    )


def read(token: str, kind: Audience) -> Claims:
    """Verify a token and give its claims; refuses `TokenWrong` and `TokenExpired`."""
    try:
        claims = msgspec.json.decode(_verified(token), type=Claims)
    except (jwt.InvalidTokenError, msgspec.DecodeError, ValueError) as error:
        raise TokenWrong from error
    now = clock.epoch_seconds()
    if (claims.iss, claims.aud) != (load().public_origin, audience(kind)) or claims.iat > now + _SKEW_SECONDS:
        raise TokenWrong
    if claims.exp <= now:
        raise TokenExpired
    return claims


def jwks() -> dict[str, list[dict[str, Any]]]:
    """Every key that a token may be signed with, as a JWK set."""
    return {"keys": [_jwk(number) for number in range(1, _newest() + 1)]}


def rotate() -> str:
    """Make the next signing key and give its id; tokens signed by the older ones stay valid for their five minutes."""
    kid = f"access-{_newest() + 1}"
    ensure_key(_keys(), kid)
    return kid


def _verified(token: str) -> bytes:
    if len(token) > _LONGEST or not token.isascii():
        raise TokenWrong
    header = _JWS.get_unverified_header(token)
    found = _KID.fullmatch(str(header.get("kid")))
    if found is None or set(header) != {"alg", "kid", "typ"} or header["typ"] != TYPE:
        raise TokenWrong
    try:
        key = _public_key(int(found[1]))
    except KeyMissing as error:
        raise TokenWrong from error
    payload: bytes = _JWS.decode_complete(token, key, [_ALGORITHM])["payload"]
    return payload


@cache
def _keys() -> KeyProvider:
    return keys_in(load().secrets / "signing", master_key())


@cache
def _public_key(number: int) -> ec.EllipticCurvePublicKey:
    return CertificateKey(_keys(), f"access-{number}").public_key()


def _newest() -> int:
    ensure_key(_keys(), "access-1")
    number = 1
    while _exists(number + 1):
        number += 1
    return number


def _exists(number: int) -> bool:
    try:
        _public_key(number)
    except KeyMissing:
        return False
    return True


def _jwk(number: int) -> dict[str, Any]:
    key = dict(ECAlgorithm.to_jwk(_public_key(number), as_dict=True))
    return key | {"kid": f"access-{number}", "alg": _ALGORITHM, "use": "sig"}
