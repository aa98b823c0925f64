"""Who is calling: what gives the dependencies `citizen`, `officer` and `terminal` of every route.

A token or signature only says whose key spoke. Session, device, level, wards and grants are read from the database for
each request, so what was withdrawn is refused at once.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Request
from litestar.di import Provide

from app.identity import approvals, dpop, dpop_nonces, officers, representing, terminal_admission, tokens
from app.identity.errors import NonceNeeded, ProofMissing, ProofWrong, SessionOver, TokenWrong
from app.identity.freeze_errors import IdentityFrozen
from app.identity.networks import network_of
from app.identity.sessions import IDENTITY, note_use
from app.kernel import clock
from app.kernel.actors import (
    BEFORE_NAME,
    NONCE_NEEDED,
    WHILE_FROZEN,
    AssuranceTooLow,
    Citizen,
    Officer,
    Terminal,
)
from app.kernel.assurance import BY_DEVICE, BY_NAME, BY_PHONE, LEVEL, ways_up
from app.kernel.database import Row, fetch_one, transaction
from app.kernel.errors import Unauthorized
from app.kernel.ids import shard_of
from app.keys.received import address_of, received

HttpRequest = Request[Any, Any, Any]
_FIND_SESSION: Final = """
SELECT s.id, s.shard, s.citizen_id, s.client_id, s.device_id, s.jkt, s.ended_at, s.expires_at, s.used_at, s.level, d.removed_at,
    d.not_after, d.enrolled_at, c.revoked_at, r.merged_into, r.died_on, r.frozen_at, r.real_name_at, {wards}
FROM session s JOIN resident r ON r.shard = s.shard AND r.id = s.citizen_id
LEFT JOIN device d ON d.shard = s.shard AND d.id = s.device_id
LEFT JOIN certificate_standing c ON c.serial = d.serial
WHERE s.shard = $1 AND s.id = $2
"""
_WARDS: Final = """
ARRAY(SELECT k.other_id FROM kinship k WHERE k.shard = r.shard AND k.citizen_id = r.id AND k.relation = 'guardian_of'
    AND (k.until IS NULL OR k.until > $3) ORDER BY k.other_id) AS wards,
ARRAY(SELECT k.other_id FROM kinship k WHERE k.shard = r.shard AND k.citizen_id = r.id AND k.relation = 'guardian_of'
    AND (k.until IS NULL OR k.until > $3) AND k.custody IS FALSE) AS apart
"""
_FIND_RESIDENT: Final = (
    f"SELECT r.died_on, r.frozen_at, r.real_name_at, {_WARDS} FROM resident r WHERE r.shard = $1 AND r.id = $2"
)


class _Shown(msgspec.Struct, frozen=True):
    """What the Authorization header shows: a token, and whether it comes with a proof."""

    token: str
    bound: bool


async def provide_citizen(request: HttpRequest) -> Citizen:
    """Dependency `citizen`: who is signed in, or for whom they act.

    Refuses `Unauthorized`, `TokenWrong`, `TokenExpired`, `SessionOver`, `Proof…`, `IdentityFrozen` but for operations that are
    marked `WHILE_FROZEN`, `AssuranceTooLow` below the `LEVEL` that the operation names (and whoever holds the phone of a named
    account without having proved the name, but for those marked `BEFORE_NAME`), and what `as_represented` refuses.
    """
    shown = _shown(request)
    claims = tokens.read(shown.token, "citizen")
    await _refuse_unless_proved(request, shown, claims)
    if claims.sid is None:
        raise TokenWrong
    return await representing.as_represented(request, await _citizen(request, claims, claims.sid))


async def provide_officer(request: HttpRequest) -> Officer:
    """Dependency `officer`: a caseworker with the grants that hold today; refuses as `citizen` does."""
    shown = _shown(request)
    claims = tokens.read(shown.token, "officer")
    await _refuse_unless_proved(request, shown, claims)
    if claims.sid is None:
        raise TokenWrong
    return await officers.officer(claims.sub, claims.sid)


async def provide_terminal(request: HttpRequest) -> Terminal:
    """Dependency `terminal`: a point of sale whose signature over this request holds (RFC 9421), once.

    Refuses `SIGNATURE_REFUSALS` and `TerminalClosed`. What its answer's signature must repeat is in
    the request's state, as `signature_binding`.
    """
    signed = await received(request)
    terminal, binding = await terminal_admission.verify(signed)
    request.scope["state"]["signature_binding"] = binding
    return terminal


async def recognise(request: HttpRequest) -> None:
    """Before every route: find out who is calling, before the rest of the request is read or judged.

    It isn't a guard: the framework copies its route for each guard's look at it, which costs 10 µs.
    """
    asked_for = request.route_handler.parsed_fn_signature.parameters
    for name, provide in _CALLERS.items():
        if name in asked_for:
            request.scope["state"][name] = await provide(request)


def recognised(name: str) -> Provide:
    """The dependency `citizen`, `officer` or `terminal`: the caller whom `recognise` found."""

    def give(request: HttpRequest) -> Citizen | Officer | Terminal:
        caller: Citizen | Officer | Terminal = request.scope["state"][name]
        return caller

    return Provide(give, sync_to_thread=False)


async def proved_key(request: HttpRequest) -> str | None:
    """Dependency `proved_key`: the thumbprint of the key that a request without a token proves to hold, if it brings a proof."""
    proof = _proof(request)
    if proof is None:
        return None
    proved = dpop.verify(proof, request.method, address_of(request), None)
    await dpop.refuse_replay(proved, request.method)
    return proved.jkt


def client_address(request: HttpRequest) -> str:
    """The network address that a request came from."""
    return request.client.host if request.client else "unknown"


def _shown(request: HttpRequest) -> _Shown:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() not in {"bearer", "dpop"} or not token or len(request.headers.getall("authorization")) != 1:
        raise Unauthorized
    return _Shown(token.strip(), bound=scheme.lower() == "dpop")


def _proof(request: HttpRequest) -> str | None:
    proofs = request.headers.getall("dpop", [])
    if len(proofs) > 1:
        raise ProofWrong(flaw="malformed")
    return proofs[0] if proofs else None


async def _refuse_unless_proved(request: HttpRequest, shown: _Shown, claims: tokens.Claims) -> None:
    if claims.cnf is None:
        if shown.bound:
            raise TokenWrong
        return
    proof = _proof(request)
    if not shown.bound or proof is None:
        raise ProofMissing
    proved = dpop.verify(proof, request.method, address_of(request), shown.token)
    if proved.jkt != claims.cnf.jkt:
        raise ProofWrong(flaw="key")
    if request.route_handler.opt.get(NONCE_NEEDED) and not dpop_nonces.is_fresh(proved.jkt, proved.nonce):
        raise NonceNeeded(dpop_nonce=dpop_nonces.nonce_of(proved.jkt))
    await dpop.refuse_replay(proved, request.method)


async def is_still_in(citizen: Citizen) -> bool:
    """Whether a citizen whose request goes on (a stream) would still be let in: session and device last, nobody froze them."""
    async with transaction(IDENTITY):
        session, person = await _session_and_person(citizen.session_id)
    if session is None or person is None or _is_over(session, person) or person["frozen_at"]:
        return False
    return not _is_unproved(session, person)


async def provide_still_in(request: HttpRequest) -> Callable[[], Awaitable[bool]]:
    """Dependency `still_in`: asks whether the citizen who called would still be let in."""
    return partial(is_still_in, request.scope["state"]["citizen"])


async def _citizen(request: HttpRequest, claims: tokens.Claims, session_id: UUID) -> Citizen:
    async with transaction(IDENTITY):
        session, person = await _session_and_person(session_id)
        if session is None or person is None or _is_over(session, person):
            raise SessionOver
        citizen_id = session["merged_into"] or session["citizen_id"]
        if claims.sub not in {session["citizen_id"], citizen_id}:
            raise SessionOver
        if person["frozen_at"] is not None and not request.route_handler.opt.get(WHILE_FROZEN):
            raise IdentityFrozen(frozen_at=person["frozen_at"])
        await _refuse_too_low(request.route_handler.opt, citizen_id, session, person)
        await note_use(session, network_of(client_address(request)))
    return Citizen(
        id=citizen_id,
        level=_level(session, person),
        session_id=session_id,
        client_id=session["client_id"],
        wards=tuple(person["wards"]),
        apart=tuple(person["apart"]),
        device_id=session["device_id"],
        device_since=session["enrolled_at"],
    )


async def _refuse_too_low(opt: dict[str, Any], citizen_id: UUID, session: Row, person: Row) -> None:
    """Refuse a session below the level that an operation names; one that names none is for nobody below the highest."""
    level, needed = _level(session, person), opt.get(LEVEL, BY_DEVICE)
    if _is_unproved(session, person) and not opt.get(BEFORE_NAME):
        needed = max(needed, BY_NAME)
    if level < needed:
        named = person["real_name_at"] is not None
        has_device = named and await approvals.has_device(citizen_id)
        ways = ways_up(level, needed, named=named, has_device=has_device)
        raise AssuranceTooLow(required_level=needed, level=level, ways=ways)


async def _session_and_person(session_id: UUID) -> tuple[Row | None, Row | None]:
    """A session, and the person whose it is now: two residents may have become one since it was opened."""
    session = await fetch_one(_FIND_SESSION.format(wards=_WARDS), shard_of(session_id), session_id, clock.today())
    if session is None or session["merged_into"] is None:
        return session, session
    merged = session["merged_into"]
    return session, await fetch_one(_FIND_RESIDENT, shard_of(merged), merged, clock.today())


def _is_over(session: Row, person: Row) -> bool:
    now = clock.now()
    ended = session["ended_at"] is not None or session["expires_at"] <= now
    device_gone = (
        session["removed_at"] is not None
        or session["revoked_at"] is not None
        or (session["not_after"] is not None and session["not_after"] <= now)
    )
    return ended or device_gone or person["died_on"] is not None


def _level(session: Row, person: Row) -> int:
    """1 by phone, 2 by real name, 3 on a device whose key each request proves; a bearer never gets beyond 2."""
    if person["real_name_at"] is None:
        return BY_PHONE
    if session["device_id"] is not None and session["jkt"] is not None:
        return BY_DEVICE
    proved: int = session["level"]
    return min(proved, BY_NAME)


def _is_unproved(session: Row, person: Row) -> bool:
    """Whether the account has a name that this session hasn't proved."""
    return person["real_name_at"] is not None and _level(session, person) == BY_PHONE


_CALLERS: Final[dict[str, Callable[[HttpRequest], Awaitable[Citizen | Officer | Terminal]]]] = {
    "citizen": provide_citizen,
    "officer": provide_officer,
    "terminal": provide_terminal,
}
