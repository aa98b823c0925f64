"""Makers of callers over HTTP: real sessions, tokens, proofs and signatures, by the product's own code.

`http.get(path, auth=await signed_in(citizen))`, or `headers=await headers(citizen)` for a citizen without a device.
"""

import base64
import hashlib
import secrets
from collections.abc import Generator
from datetime import timedelta
from functools import cache
from uuid import UUID

import httpx
import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from app.identity import officer_grants, officer_sessions, officers, sessions, terminals, tokens
from app.identity.dpop import thumbprint_of_key
from app.kernel import clock
from app.kernel.actors import Citizen, Grant, Officer, Terminal
from app.kernel.database import execute, transaction
from app.kernel.ids import new_id, shard_of
from app.kernel.settings import load
from app.keys.algorithms import LocalKey
from app.keys.request_signatures import TERMINAL, Request, Signer, sign_request
from app.pki.authorities import Authorities
from app.pki.enrolment import record_own
from app.pki.setup import prepare
from tests.makers.people import a_grant
from tests.makers.pki import a_csr

Key = ec.EllipticCurvePrivateKey


def a_key() -> Key:
    """A new key of a device, officer or terminal."""
    return ec.generate_private_key(ec.SECP256R1())


def a_proof(key: Key, method: str, address: str, token: str | None = None, **changed: object) -> str:
    """A DPoP proof; `changed` replaces claims, or the header with `header=`."""
    jwk = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    header = changed.pop("header", {"typ": "dpop+jwt", "jwk": jwk})
    claims = {"htm": method, "htu": address, "iat": clock.epoch_seconds(), "jti": secrets.token_urlsafe(16)}
    if token is not None:
        digest = hashlib.sha256(token.encode()).digest()
        claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return jwt.encode(claims | changed, key, "ES256", headers=header)  # type: ignore[arg-type]


class SignedIn(httpx.Auth):
    """Signs each request in: by bearer token, or by a bound token and a new proof, with the server's nonce if it wants one."""

    def __init__(self, token: str, key: Key | None = None) -> None:
        self.token = token
        self.key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        scheme = "DPoP" if self.key else "Bearer"
        request.headers["authorization"] = f"{scheme} {self.token}"
        if self.key:
            address = str(request.url.copy_with(query=None, fragment=None))
            request.headers["dpop"] = a_proof(self.key, request.method, address, self.token)
        response = yield request
        if self.key and "dpop-nonce" in response.headers:
            nonce = response.headers["dpop-nonce"]
            request.headers["dpop"] = a_proof(self.key, request.method, address, self.token, nonce=nonce)
            yield request


async def signed_in(citizen: Citizen) -> SignedIn:
    """The citizen's way in over HTTP: a real session; at level 3 on a device with a key of its own."""
    key = a_key() if citizen.level == 3 else None
    jkt = thumbprint_of_key(key.public_key()) if key else None
    device_id = await a_device(citizen.id, jkt) if jkt else None
    pair = await sessions.open_session(sessions.Opening(citizen.id, "tests", citizen.level, jkt, device_id))
    return SignedIn(pair.access_token, key)


async def headers(citizen: Citizen) -> dict[str, str]:
    """The Authorization header of a citizen who has no device (at most level 2)."""
    if citizen.level > 2:
        message = "at level 3 each request needs a proof of its own: use signed_in(citizen)"
        raise ValueError(message)
    return {"authorization": f"Bearer {(await signed_in(citizen)).token}"}


async def a_device(citizen_id: UUID, jkt: str) -> UUID:
    """A device of a citizen, as rows only: the certificate itself was never made."""
    device_id, serial, ends = new_id(citizen_id), secrets.token_hex(20), clock.now() + timedelta(days=365)
    async with transaction(sessions.IDENTITY):
        await execute(
            "INSERT INTO certificate (serial, kind, name, owner_id, issued_at, not_after, authority) "
            "VALUES ($1, 'device', $1, $2, $3, $4, 'device')",
            *(serial, citizen_id, clock.now(), ends),
        )
        await execute(
            "INSERT INTO device (id, shard, citizen_id, name, serial, jkt, certificate, enrolled_at, not_after) "
            "VALUES ($1, $2, $3, '手机', $4, $5, '', $6, $7)",
            *(device_id, shard_of(device_id), citizen_id, serial, jkt, clock.now(), ends),
        )
    return device_id


@cache
def the_authorities_of_the_product() -> Authorities:
    """Have the product's own authorities set up in this process's folder, once."""
    return prepare(load())


async def the_recorded_authorities() -> None:
    """Have the product's own authorities set up and its seals recorded, as `fuhai migrate` does."""
    await record_own(the_authorities_of_the_product())


class EnrolledOfficer(msgspec.Struct, frozen=True):
    """An officer with the key of their certificate and the secret of their authenticator."""

    officer: Officer
    code: str
    key: Key
    totp_secret: str
    session_id: UUID

    @property
    def headers(self) -> dict[str, str]:
        """The Authorization header of the officer."""
        return {
            "authorization": f"Bearer {tokens.sign(officer_sessions.claims_of(self.officer.id, self.session_id, None))}"
        }

    async def again(self) -> Officer:
        """The officer as the next request sees them."""
        return await officers.officer(self.officer.id, self.session_id)


async def an_enrolled_officer(*grants: Grant, department: str = "GAJ") -> EnrolledOfficer:
    """An officer with a real certificate and grants (all rights, if none are given), who can call over HTTP."""
    the_authorities_of_the_product()
    key, code = a_key(), f"T-{secrets.token_hex(4)}"
    appointment = officers.Appointment(code, department, "窗口", "李建国")
    appointed = await officers.enrol_officer(appointment, a_csr(key))
    for right in grants or (a_grant(),):
        await officer_grants.give(appointed.id, right)
    async with transaction(officers.DIRECTORY):
        session_id = await officer_sessions.open_session(appointed.id, None)
    known = await officers.officer(appointed.id, session_id)
    return EnrolledOfficer(known, code, key, appointed.totp_secret, session_id)


class TerminalAuth(httpx.Auth):
    """Signs each request with a terminal's key (RFC 9421); `key` and `keyid` also serve to sign by hand."""

    requires_request_body = True

    def __init__(self, terminal: Terminal, keyid: str, key: Key) -> None:
        self.terminal = terminal
        self.keyid = keyid
        self.key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if request.method not in {"GET", "DELETE"}:
            request.headers.setdefault("idempotency-key", secrets.token_hex(16))
        signed = Request(request.method, str(request.url), dict(request.headers), request.content)
        signer = Signer(self.keyid, LocalKey(self.key))
        nonce = secrets.token_urlsafe(16)
        request.headers.update(sign_request(signed, signer, profile=TERMINAL, now=clock.epoch_seconds(), nonce=nonce))
        yield request


async def a_terminal(merchant_code: str = "M000001", merchant_name: str = "振华量贩") -> TerminalAuth:
    """A terminal with a real certificate, which can call over HTTP."""
    the_authorities_of_the_product()
    key = a_key()
    point = terminals.PointOfSale(f"t-{secrets.token_hex(4)}", merchant_code, merchant_name)
    enrolled = await terminals.enrol_terminal(point, a_csr(key))
    terminal = Terminal(id=enrolled.id, code=point.code, merchant_code=merchant_code)
    return TerminalAuth(terminal, enrolled.certificate.name, key)
