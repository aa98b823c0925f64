"""Sessions: opened by a sign-in, kept by rotating refresh tokens, ended by the citizen, by time, or by a copied token."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.identity import refresh_tokens, tokens
from app.identity.errors import (
    ProofMissing,
    ProofWrong,
    RefreshTokenReused,
    RefreshTokenWrong,
    SessionOver,
)
from app.identity.events import SessionEndedByReuse
from app.identity.freeze_errors import IdentityFrozen
from app.identity.structs import Tokens
from app.kernel import clock
from app.kernel.actors import Citizen, System
from app.kernel.database import Row, execute, fetch_one, fetch_value, transaction
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.keys.fields import open_field, seal_field
from app.notices.live import wake
from app.privacy import erasure
from app.residents.people import locked, merged_with, void_means

IDENTITY: Final = System("identity")
SESSION_LIFE: Final = timedelta(days=30)
REMEMBERED_FOR: Final = timedelta(days=90)
SAME_PAIR_WITHIN: Final = timedelta(seconds=5)
USE_NOTED_EVERY: Final = timedelta(minutes=5)
"""A session's last use is written at most this often, so that it costs one write in many requests."""
_FIND: Final = """
SELECT s.*, d.removed_at, c.revoked_at, r.real_name_at, r.merged_into, r.died_on, r.frozen_at FROM session s
JOIN resident r ON r.shard = s.shard AND r.id = s.citizen_id
LEFT JOIN device d ON d.shard = s.shard AND d.id = s.device_id
LEFT JOIN certificate_standing c ON c.serial = d.serial
WHERE s.shard = $1 AND s.id = $2 FOR UPDATE OF s
"""
_IS_KNOWN: Final = """
SELECT true FROM session s WHERE s.shard = $1 AND s.citizen_id = $2 AND s.jkt = $3 AND s.level >= 2
AND (s.end_reason IS NULL OR s.end_reason = 'sign_out')
AND NOT EXISTS (SELECT 1 FROM session t WHERE t.shard = $1 AND t.citizen_id = $2 AND t.jkt = $3
    AND t.end_reason <> 'sign_out' AND t.ended_at >= s.started_at)
AND NOT EXISTS (SELECT 1 FROM device d JOIN certificate_standing c ON c.serial = d.serial
    WHERE d.shard = $1 AND d.citizen_id = $2 AND d.jkt = $3
    AND (least(d.removed_at, c.revoked_at) >= s.started_at OR (d.id = s.device_id AND least(d.removed_at, c.revoked_at) IS NOT NULL)))
LIMIT 1
"""
_SWEEP: Final = """
DELETE FROM session s WHERE coalesce(s.ended_at, s.expires_at) < $1 AND NOT (s.jkt IS NOT NULL AND s.end_reason <> 'sign_out'
    AND EXISTS (SELECT 1 FROM session t WHERE t.shard = s.shard AND t.citizen_id = s.citizen_id AND t.jkt = s.jkt AND t.level >= 2
        AND t.started_at <= s.ended_at AND coalesce(t.ended_at, t.expires_at) >= $1))
"""
"""One that threw its key out stays as long as another one of that key would make it known again."""
_FORGET_KEYS: Final = """
UPDATE session SET level = 1 WHERE shard = $1 AND citizen_id = $2 AND level > 1 AND (ended_at IS NOT NULL OR expires_at <= $3)
AND jkt IS DISTINCT FROM (SELECT k.jkt FROM session k WHERE k.shard = $4 AND k.id = $5)
"""


class Opening(msgspec.Struct, frozen=True):
    """What a sign-in brings: whose it is, by which client, on which device, and the key that it is bound to."""

    citizen_id: UUID
    client_id: str
    level: int
    jkt: str | None = None
    device_id: UUID | None = None
    network: str | None = None
    binding_id: UUID | None = None
    """The WeChat account by which the session is opened, if it is."""


async def open_session(opening: Opening) -> Tokens:
    """Open a session and give its first pair of tokens; the caller's transaction holds the rest of the sign-in."""
    session_id = new_id(opening.citizen_id)
    refresh = refresh_tokens.make(session_id, 0)
    now = clock.now()
    async with transaction(IDENTITY):
        await execute(
            "INSERT INTO session (id, shard, citizen_id, client_id, device_id, jkt, started_at, expires_at, generation, "
            "refresh_hash, rotated_at, used_at, network, binding_id, level) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $7, $7, $10, $11, $12)",
            *(session_id, shard_of(session_id), opening.citizen_id, opening.client_id, opening.device_id, opening.jkt),
            *(
                now,
                now + SESSION_LIFE,
                refresh_tokens.hashed(refresh.text),
                opening.network,
                opening.binding_id,
                opening.level,
            ),
        )
        citizen = Citizen(opening.citizen_id, opening.level, session_id, opening.client_id)
        await seal_act(Act.SIGNED_IN, citizen, about=opening.citizen_id, subject=session_id)
    return _pair(opening, session_id, refresh.text)


async def refresh(text: str, jkt: str | None) -> Tokens:
    """Give the next pair for a refresh token; `jkt` is the key that the request proved, if it did.

    Of several at once one rotates, and the others get the same pair for 5 seconds. A token that was used before ends its
    session. Refuses `RefreshTokenWrong`, `RefreshTokenReused`, `ProofMissing`, `ProofWrong` and `IdentityFrozen`.
    """
    token = refresh_tokens.read(text)
    async with transaction(IDENTITY):
        row = await fetch_one(_FIND, shard_of(token.session_id), token.session_id)
        row = _open_to(row, jkt)
        await _refuse_if_frozen_or_dead(row)
        given = await _next_pair(row, token)
    if given is None:
        await _end_copied(row)
        raise RefreshTokenReused
    return given


async def _next_pair(row: Row, token: refresh_tokens.RefreshToken) -> Tokens | None:
    """The next pair, or the same one for those who asked at once; nothing if the token was used before."""
    said = refresh_tokens.hashed(token.text)
    if said == row["refresh_hash"]:
        return await _rotate(row)
    if said == row["previous_hash"] and clock.now() - row["rotated_at"] <= SAME_PAIR_WITHIN:
        return msgspec.json.decode(open_field("session", "pair", row["id"], row["pair"]), type=Tokens)
    return None


async def _end_copied(session: Row) -> None:
    """End a session whose token is in two hands; in a transaction of its own, which locks the person first and outlives the refusal."""
    person_id = session["merged_into"] or session["citizen_id"]
    async with transaction(IDENTITY):
        await locked(person_id)
        if await end(person_id, session["id"], "reuse"):
            await tell(SessionEndedByReuse(citizen_id=session["citizen_id"], subject_id=session["id"]))


async def _rotate(row: Row) -> Tokens:
    generation = row["generation"] + 1
    token = refresh_tokens.make(row["id"], generation)
    proved = row["real_name_at"] or row["merged_into"]
    level = 3 if row["device_id"] else min(row["level"], 2) if proved else 1
    opening = Opening(row["merged_into"] or row["citizen_id"], row["client_id"], level, row["jkt"], row["device_id"])
    pair = msgspec.structs.replace(_pair(opening, row["id"], token.text), session_expires_at=row["expires_at"])
    await execute(
        "UPDATE session SET generation = $3, refresh_hash = $4, previous_hash = refresh_hash, rotated_at = $5, used_at = $5, "
        "pair = $6 "
        "WHERE shard = $1 AND id = $2",
        *(row["shard"], row["id"], generation, refresh_tokens.hashed(token.text), clock.now()),
        seal_field("session", "pair", row["id"], msgspec.json.encode(pair)),
    )
    return pair


def _open_to(row: Row | None, jkt: str | None) -> Row:
    if row is None or row["ended_at"] or row["removed_at"] or row["revoked_at"] or row["expires_at"] <= clock.now():
        raise RefreshTokenWrong
    if row["jkt"] is not None and jkt is None:
        raise ProofMissing
    if row["jkt"] is not None and jkt != row["jkt"]:
        raise ProofWrong(flaw="key")
    return row


async def _refuse_if_frozen_or_dead(row: Row) -> None:
    """Refuse (`IdentityFrozen`) whose identity is frozen, and (`RefreshTokenWrong`) the dead, whoever they turned out to be."""
    person: Row | None = row
    if row["merged_into"] is not None:
        person = await fetch_one(
            "SELECT died_on, frozen_at FROM resident WHERE shard = $1 AND id = $2",
            *(shard_of(row["merged_into"]), row["merged_into"]),
        )
    if person is None or person["died_on"] is not None:
        raise RefreshTokenWrong
    if person["frozen_at"] is not None:
        raise IdentityFrozen(frozen_at=person["frozen_at"])


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


async def end(person_id: UUID, session_id: UUID, reason: str) -> bool:
    """End a session with what was shown in it and whatever streams over it; says whether it was open. System transactions only.

    Lock the person before (`people.locked`).
    """
    citizen_id = await fetch_value(
        "UPDATE session SET ended_at = $3, end_reason = $4, pair = NULL WHERE shard = $1 AND id = $2 AND ended_at IS NULL "
        "RETURNING citizen_id",
        *(shard_of(session_id), session_id, clock.now(), reason),
    )
    if citizen_id is None:
        return False
    await void_means(person_id)
    await wake(citizen_id)
    return True


async def end_all(citizen_id: UUID, reason: str, *, keeping: UUID | None = None) -> int:
    """End a person's sessions but the one to keep, and say how many those were. System transactions only.

    Those opened by residents who turned out to be the same person end too. Lock the person before (`people.locked`).
    """
    ended = 0
    for person_id in (citizen_id, *await merged_with(citizen_id)):
        ended += await execute(
            "UPDATE session SET ended_at = $3, end_reason = $4, pair = NULL WHERE shard = $1 AND citizen_id = $2 "
            "AND ended_at IS NULL AND expires_at > $3 AND id IS DISTINCT FROM $5",
            *(shard_of(person_id), person_id, clock.now(), reason, keeping),
        )
        kept = (None, None) if keeping is None else (shard_of(keeping), keeping)
        await execute(_FORGET_KEYS, shard_of(person_id), person_id, clock.now(), *kept)
    await void_means(citizen_id)
    await wake(citizen_id)
    return ended


async def note_use(session: Row, network: str | None) -> None:
    """Write down that a session is being used, unless that was written a moment ago. System transactions only."""
    now = clock.now()
    if session["used_at"] < now - USE_NOTED_EVERY:
        await execute(
            "UPDATE session SET used_at = $3, network = $4 WHERE shard = $1 AND id = $2 AND used_at < $3",
            *(session["shard"], session["id"], now, network),
        )


async def is_known_key(citizen_id: UUID, jkt: str | None) -> bool:
    """Whether a key was that of a session which had proved the citizen's name, and wasn't thrown out since. System transactions only.

    It is thrown out with any of its sessions, with its device, and with the certificate of its device.
    """
    if jkt is None:
        return False
    return bool(await fetch_value(_IS_KNOWN, shard_of(citizen_id), citizen_id, jkt))


async def refuse_if_out(citizen: Citizen) -> None:
    """Refuse (`SessionOver`) whose session was ended since the request came, and who is being erased; in the transaction in progress."""
    async with transaction(IDENTITY):
        ended_at = await fetch_value(
            "SELECT ended_at FROM session WHERE shard = $1 AND id = $2 FOR SHARE",
            *(shard_of(citizen.session_id), citizen.session_id),
        )
        if ended_at is not None or await erasure.has_begun(citizen.id):
            raise SessionOver


async def raise_level(session_id: UUID) -> None:
    """Note that a session has proved the name of its account. System transactions only."""
    await execute(
        "UPDATE session SET level = greatest(level, 2) WHERE shard = $1 AND id = $2", shard_of(session_id), session_id
    )


async def sign_out(citizen: Citizen) -> None:
    """End the session that is calling: its tokens are refused from now on."""
    async with transaction(IDENTITY):
        await locked(citizen.id)
        await end(citizen.id, citizen.session_id, "sign_out")
        await wake(citizen.id)
        await seal_act(Act.SIGNED_OUT, citizen, about=citizen.id, subject=citizen.session_id)


async def sweep() -> None:
    """Delete sessions that were over ninety days ago; until then their owner may ask where they were signed in."""
    async with transaction(IDENTITY):
        await execute(_SWEEP, clock.now() - REMEMBERED_FOR)
