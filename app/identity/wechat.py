"""Signing in by WeChat: a mini-program's login code stands for an account that was bound by somebody who had proved their name.

WeChat's session key is never read, let alone kept. A session opened so holds no key, so it is a bearer's, at level 2 at the
most (docs/decisions/0018).
"""

import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid5

import msgspec

from app.audit.acts import Act, seal_act
from app.identity import limits, sessions
from app.identity.errors import SignInRefused
from app.identity.events import WeChatBound, WeChatUnbound
from app.identity.freeze_errors import IdentityFrozen
from app.identity.networks import network_of
from app.identity.sessions import IDENTITY
from app.identity.structs import Tokens
from app.identity.wechat_errors import WeChatBoundAlready, WeChatNotBound, WeChatTaken, WeChatTicketWrong
from app.identity.wechat_structs import (
    WeChatBinding,
    WeChatBindings,
    WeChatCode,
    WeChatSignedIn,
    WeChatTicket,
    WeChatToBind,
)
from app.kernel import clock, short_lived
from app.kernel.actors import Actor, Citizen
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.kernel.still_in import refuse_if_out
from app.keys.fields import blind_index, open_field, seal_field
from app.notices.live import wake
from app.residents.people import locked, void_means
from integrations.wechat.port import WeChatIdentity, WeChatSignIn

LEVEL: Final = 2
"""What binding needs, and all that a session by WeChat reaches."""
TICKET_LIVES: Final = timedelta(minutes=10)
_TICKET: Final = "wechat-ticket"
_TABLE: Final = "wechat_binding"
_TICKETS: Final = UUID("019ac0de-0000-7000-8000-000000000000")
"""Names the row that a ticket is sealed for."""


async def sign_in(said: WeChatCode, wechat: WeChatSignIn, address: str) -> WeChatSignedIn:
    """Open a session for whoever bound this WeChat account, or give a ticket to bind it with.

    Refuses what WeChat refuses, `TriedTooOften` by network address, `IdentityFrozen`, and `SignInRefused` for the dead.
    """
    await limits.count(limits.WECHAT_FROM_AN_ADDRESS, limits.neighbourhood(address))
    identity = await wechat.identify(said.code)
    async with transaction(IDENTITY):
        citizen_id = await _holder(identity)
        if citizen_id is not None:
            tokens = await _open_session(citizen_id, identity, said.client_id, network_of(address))
            return WeChatSignedIn(tokens=tokens, binding=None)
    return WeChatSignedIn(tokens=None, binding=await _ticket(identity))


async def bind(citizen: Citizen, asked: WeChatToBind) -> WeChatBindings:
    """Let a WeChat account sign in as the citizen, whose real name must be proved; binding the same again changes nothing.

    Refuses `WeChatTicketWrong`, `WeChatTaken` and `WeChatBoundAlready`.
    """
    identity = await _use_ticket(asked.ticket)
    async with transaction(IDENTITY):
        await locked(citizen.id)
        await refuse_if_out(citizen)
        if await _is_new(citizen.id, identity):
            binding_id = await _write(citizen.id, identity)
            await tell(WeChatBound(citizen_id=citizen.id, subject_id=binding_id))
            await seal_act(Act.WECHAT_BOUND, citizen, about=citizen.id, subject=binding_id)
    return await bindings(citizen)


async def unbind(citizen: Citizen) -> None:
    """Let no WeChat account sign in as the citizen any more; sessions opened so are over. Refuses `WeChatNotBound`."""
    async with transaction(IDENTITY):
        await locked(citizen.id)
        if not await unbind_all(citizen, citizen.id):
            raise WeChatNotBound


async def unbind_all(actor: Actor, citizen_id: UUID) -> int:
    """Unbind what there is, in the system transaction in progress, and say how many accounts those were.

    What was shown until then is void, and sessions opened so are over. Lock the person before (`people.locked`).
    """
    rows = await fetch_all(
        "UPDATE wechat_binding SET ended_at = $3 WHERE shard = $1 AND citizen_id = $2 AND ended_at IS NULL RETURNING id",
        *(shard_of(citizen_id), citizen_id, clock.now()),
    )
    if rows:
        await execute("DELETE FROM wechat_identifier WHERE citizen_id = $1", citizen_id)
        await execute(
            "UPDATE session SET ended_at = $3, end_reason = 'wechat_unbound', pair = NULL "
            "WHERE shard = $1 AND binding_id = ANY ($2::uuid[]) AND ended_at IS NULL",
            *(shard_of(citizen_id), [row["id"] for row in rows], clock.now()),
        )
        await void_means(citizen_id)
        await wake(citizen_id)
    for row in rows:
        await tell(WeChatUnbound(citizen_id=citizen_id, subject_id=row["id"]))
        await seal_act(Act.WECHAT_UNBOUND, actor, about=citizen_id, subject=row["id"])
    return len(rows)


async def bindings(citizen: Citizen) -> WeChatBindings:
    """The WeChat accounts that may sign in as the citizen."""
    async with transaction(citizen):
        rows = await fetch_all(
            "SELECT appid, bound_at FROM wechat_binding WHERE shard = $1 AND citizen_id = $2 AND ended_at IS NULL ORDER BY id",
            *(shard_of(citizen.id), citizen.id),
        )
    return WeChatBindings(items=[WeChatBinding(row["appid"], row["bound_at"]) for row in rows])


async def _open_session(citizen_id: UUID, identity: WeChatIdentity, client_id: str, network: str | None) -> Tokens:
    known = await locked(citizen_id)
    if known.died_on is not None or await _holder(identity) != citizen_id:
        raise SignInRefused
    if known.frozen_at is not None:
        raise IdentityFrozen(frozen_at=known.frozen_at)
    binding_id = await _binding_of(citizen_id, identity) or await _write(citizen_id, identity)
    return await sessions.open_session(
        sessions.Opening(citizen_id, client_id, LEVEL, network=network, binding_id=binding_id)
    )


async def _holder(identity: WeChatIdentity) -> UUID | None:
    """Whose a WeChat account is: by its name in this app, or in another app of ours."""
    for kind, index in _names(identity):
        found: UUID | None = await fetch_value(
            "SELECT citizen_id FROM wechat_identifier WHERE kind = $1 AND blind_index = $2", kind, index
        )
        if found is not None:
            return found
    return None


async def _is_new(citizen_id: UUID, identity: WeChatIdentity) -> bool:
    """Whether the account is still to be bound; refuses what is another's, and a second account."""
    if await _holder(identity) not in {None, citizen_id}:
        raise WeChatTaken
    held = await _binding_of(citizen_id, identity)
    if held is None:
        return True
    sealed = await fetch_value("SELECT openid FROM wechat_binding WHERE shard = $1 AND id = $2", shard_of(held), held)
    if open_field(_TABLE, "openid", held, sealed).decode() != identity.openid:
        raise WeChatBoundAlready
    return False


async def _binding_of(citizen_id: UUID, identity: WeChatIdentity) -> UUID | None:
    found: UUID | None = await fetch_value(
        "SELECT id FROM wechat_binding WHERE shard = $1 AND citizen_id = $2 AND appid = $3 AND ended_at IS NULL FOR UPDATE",
        *(shard_of(citizen_id), citizen_id, identity.appid),
    )
    return found


async def _write(citizen_id: UUID, identity: WeChatIdentity) -> UUID:
    """Write a binding and its names; of several citizens at once one gets the account, the others are refused (`WeChatTaken`)."""
    for kind, index in _names(identity):
        owner = await fetch_value(
            "INSERT INTO wechat_identifier (kind, blind_index, citizen_id) VALUES ($1, $2, $3) "
            "ON CONFLICT (kind, blind_index) DO UPDATE SET kind = excluded.kind RETURNING citizen_id",
            *(kind, index, citizen_id),
        )
        if owner != citizen_id:
            raise WeChatTaken
    binding_id = new_id(citizen_id)
    unionid = identity.unionid
    await execute(
        "INSERT INTO wechat_binding (id, shard, citizen_id, appid, openid, unionid, bound_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        *(binding_id, shard_of(binding_id), citizen_id, identity.appid),
        seal_field(_TABLE, "openid", binding_id, identity.openid.encode()),
        None if unionid is None else seal_field(_TABLE, "unionid", binding_id, unionid.encode()),
        clock.now(),
    )
    return binding_id


def _names(identity: WeChatIdentity) -> list[tuple[str, bytes]]:
    """The blind indexes by which an account is found: its name in the app, and in all apps of ours."""
    names = [("openid", blind_index("wechat-openid", f"{identity.appid} {identity.openid}"))]
    if identity.unionid is not None:
        names.append(("unionid", blind_index("wechat-unionid", identity.unionid)))
    return names


async def _ticket(identity: WeChatIdentity) -> WeChatTicket:
    ticket = secrets.token_urlsafe(24)
    sealed = seal_field("short_lived", "value", uuid5(_TICKETS, ticket), msgspec.json.encode(identity))
    await short_lived.put(_TICKET, blind_index(_TICKET, ticket).hex(), sealed, TICKET_LIVES)
    return WeChatTicket(ticket=ticket, expires_in_seconds=int(TICKET_LIVES.total_seconds()))


async def _use_ticket(ticket: str) -> WeChatIdentity:
    sealed = await short_lived.take(_TICKET, blind_index(_TICKET, ticket).hex())
    if sealed is None:
        raise WeChatTicketWrong
    return msgspec.json.decode(open_field("short_lived", "value", uuid5(_TICKETS, ticket), sealed), type=WeChatIdentity)
