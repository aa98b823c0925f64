"""Sessions: opened by a sign-in, kept by rotating refresh tokens, ended by the citizen, by time, or by a copied token."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.identity import refresh_tokens, tokens
from app.identity.errors import ProofMissing, ProofWrong, RefreshTokenReused, RefreshTokenWrong
from app.identity.events import SessionEndedByReuse
from app.identity.structs import Sessions, SessionView, Tokens
from app.kernel import clock
from app.kernel.actors import Citizen, System
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.keys.fields import open_field, seal_field

IDENTITY: Final = System("identity")
SESSION_LIFE: Final = timedelta(days=30)
REMEMBERED_FOR: Final = timedelta(days=90)
SAME_PAIR_WITHIN: Final = timedelta(seconds=5)
_FIND: Final = """
SELECT s.*, d.removed_at, r.real_name_at, r.merged_into, r.died_on FROM session s
JOIN resident r ON r.shard = s.shard AND r.id = s.citizen_id
LEFT JOIN device d ON d.shard = s.shard AND d.id = s.device_id
WHERE s.shard = $1 AND s.id = $2 FOR UPDATE OF s
"""


class Opening(msgspec.Struct, frozen=True):
    """What a sign-in brings: whose it is, by which client, on which device, and the key that it is bound to."""

    citizen_id: UUID
    client_id: str
    level: int
    jkt: str | None = None
    device_id: UUID | None = None


async def open_session(opening: Opening) -> Tokens:
    """Open a session and give its first pair of tokens; the caller's transaction holds the rest of the sign-in."""
    session_id = new_id(opening.citizen_id)
    refresh = refresh_tokens.make(session_id, 0)
    now = clock.now()
    async with transaction(IDENTITY):
        await execute(
            "INSERT INTO session (id, shard, citizen_id, client_id, device_id, jkt, started_at, expires_at, generation, "
            "refresh_hash, rotated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $7)",
            *(session_id, shard_of(session_id), opening.citizen_id, opening.client_id, opening.device_id, opening.jkt),
            *(now, now + SESSION_LIFE, refresh_tokens.hashed(refresh.text)),
        )
        citizen = Citizen(opening.citizen_id, opening.level, session_id, opening.client_id)
        await seal_act(Act.SIGNED_IN, citizen, about=opening.citizen_id, subject=session_id)
    return _pair(opening, session_id, refresh.text)


async def refresh(text: str, jkt: str | None) -> Tokens:
    """Give the next pair for a refresh token; `jkt` is the key that the request proved, if it did.

    Of several at once one rotates, and the others get the same pair for 5 seconds. A token that was used before ends its
    session. Refuses `RefreshTokenWrong`, `RefreshTokenReused`, `ProofMissing` and `ProofWrong`.
    """
    token = refresh_tokens.read(text)
    async with transaction(IDENTITY):
        row = await fetch_one(_FIND, shard_of(token.session_id), token.session_id)
        _refuse_unless_open(row, jkt)
        given = None if row is None else await _next_pair(row, token)
    if given is None:
        raise RefreshTokenReused
    return given


async def _next_pair(row: Row, token: refresh_tokens.RefreshToken) -> Tokens | None:
    """The next pair, or the same one for those who asked at once; nothing if the session had to be ended."""
    said = refresh_tokens.hashed(token.text)
    if said == row["refresh_hash"]:
        return await _rotate(row)
    if said == row["previous_hash"] and clock.now() - row["rotated_at"] <= SAME_PAIR_WITHIN:
        return msgspec.json.decode(open_field("session", "pair", row["id"], row["pair"]), type=Tokens)
    await end(row["id"], "reuse")
    await tell(SessionEndedByReuse(citizen_id=row["citizen_id"], subject_id=row["id"]))
    return None


async def _rotate(row: Row) -> Tokens:
    generation = row["generation"] + 1
    token = refresh_tokens.make(row["id"], generation)
    proved = row["real_name_at"] or row["merged_into"]
    level = 3 if row["device_id"] else 2 if proved else 1
    opening = Opening(row["merged_into"] or row["citizen_id"], row["client_id"], level, row["jkt"], row["device_id"])
    pair = msgspec.structs.replace(_pair(opening, row["id"], token.text), session_expires_at=row["expires_at"])
    await execute(
        "UPDATE session SET generation = $3, refresh_hash = $4, previous_hash = refresh_hash, rotated_at = $5, pair = $6 "
        "WHERE shard = $1 AND id = $2",
        *(row["shard"], row["id"], generation, refresh_tokens.hashed(token.text), clock.now()),
        seal_field("session", "pair", row["id"], msgspec.json.encode(pair)),
    )
    return pair


def _refuse_unless_open(row: Row | None, jkt: str | None) -> None:
    if row is None or row["ended_at"] or row["removed_at"] or row["died_on"] or row["expires_at"] <= clock.now():
        raise RefreshTokenWrong
    if row["jkt"] is not None and jkt is None:
        raise ProofMissing
    if row["jkt"] is not None and jkt != row["jkt"]:
        raise ProofWrong(flaw="key")


def _pair(opening: Opening, session_id: UUID, refresh_text: str) -> Tokens:
    claims = msgspec.structs.replace(
        tokens.claims_of("citizen", opening.citizen_id, opening.client_id),
        sid=session_id,
        level=opening.level,
        cnf=tokens.Confirmation(opening.jkt) if opening.jkt else None,
    )
    return Tokens(
        access_token=tokens.sign(claims),
        token_type="DPoP" if opening.jkt else "Bearer",
        expires_in=claims.exp - claims.iat,
        refresh_token=refresh_text,
        level=opening.level,
        session_expires_at=clock.now() + SESSION_LIFE,
    )


async def end(session_id: UUID, reason: str) -> None:
    """End a session; one that is over stays as it is. System transactions only."""
    await execute(
        "UPDATE session SET ended_at = $3, end_reason = $4, pair = NULL WHERE shard = $1 AND id = $2 AND ended_at IS NULL",
        *(shard_of(session_id), session_id, clock.now(), reason),
    )


async def sign_out(citizen: Citizen) -> None:
    """End the session that is calling: its tokens are refused from now on."""
    async with transaction(IDENTITY):
        await end(citizen.session_id, "sign_out")
        await seal_act(Act.SIGNED_OUT, citizen, about=citizen.id, subject=citizen.session_id)


async def sweep() -> None:
    """Delete sessions that were over ninety days ago; until then their owner may ask where they were signed in."""
    async with transaction(IDENTITY):
        await execute("DELETE FROM session WHERE coalesce(ended_at, expires_at) < $1", clock.now() - REMEMBERED_FOR)


async def my_sessions(citizen: Citizen) -> Sessions:
    """The citizen's open sessions, newest first; the calling one too, if it was opened before two residents became one."""
    async with transaction(IDENTITY):
        rows = await fetch_all(
            "SELECT * FROM session WHERE ((shard = $1 AND citizen_id = $2) OR (shard = $3 AND id = $4)) "
            "AND ended_at IS NULL AND expires_at > $5 ORDER BY id DESC LIMIT 100",
            *(shard_of(citizen.id), citizen.id, shard_of(citizen.session_id), citizen.session_id, clock.now()),
        )
    return Sessions(items=[_view(row, citizen) for row in rows])


def _view(row: Row, citizen: Citizen) -> SessionView:
    return SessionView(
        id=row["id"],
        client_id=row["client_id"],
        started_at=row["started_at"],
        last_refreshed_at=row["rotated_at"],
        expires_at=row["expires_at"],
        device_id=row["device_id"],
        current=row["id"] == citizen.session_id,
    )
