"""Officers' sessions: opened by a certificate's key and a time-based code, for a quarter of an hour, ended at once."""

import hmac
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec
import pyotp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from app.audit.acts import Act, seal_act
from app.identity import challenges, limits, tokens
from app.identity.errors import SignInRefused
from app.identity.officer_structs import OfficerSessions, OfficerSessionView
from app.identity.officers import DIRECTORY, is_out
from app.identity.structs import Challenge, OfficerSignIn, OfficerTokens
from app.kernel import clock
from app.kernel.actors import Officer
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.ids import new_plain_id
from app.keys.fields import open_field

PURPOSE: Final = "officer-sign-in"
_STEP_SECONDS: Final = 30
_REMEMBERED_FOR: Final = timedelta(days=1)


async def challenge(officer_code: str, address: str) -> Challenge:
    """Give something to sign; whether the code is an officer's isn't said. Refuses `TriedTooOften` a busy address."""
    await limits.count(limits.CHALLENGES_FROM_AN_ADDRESS, limits.neighbourhood(address))
    return await challenges.give(PURPOSE, officer_code)


async def sign_in(said: OfficerSignIn, jkt: str | None = None) -> OfficerTokens:
    """Sign an officer in for a quarter of an hour; the token is bound to the key that the request proved, if it did.

    Signature and time-based code must both hold, and each counts once. Refuses `ChallengeWrong`, `SignInRefused` without
    saying why, and `TriedTooOften` whoever holds the key and guesses the code more than five times in ten minutes.
    """
    await challenges.use(PURPOSE, said.officer_code, said.nonce)
    async with transaction(DIRECTORY):
        row = await fetch_one("SELECT * FROM officer WHERE code = $1", said.officer_code)
        out = row is None or await is_out(row)
    if row is None or out or not is_signed(row, said.nonce, said.signature):
        raise SignInRefused
    await limits.count(limits.OFFICER_TRIES, said.officer_code)
    async with transaction(DIRECTORY):
        session_id = await _open(row, jkt) if await _code_counts(row, said.totp) else None
    if session_id is None:
        raise SignInRefused
    await limits.forget(limits.OFFICER_TRIES, said.officer_code)
    return _tokens(row, session_id, jkt)


async def sign_out(officer: Officer) -> None:
    """End the session that is calling: its token is refused from now on."""
    async with transaction(DIRECTORY):
        await execute(
            "UPDATE officer_session SET ended_at = $2, end_reason = 'sign_out' WHERE id = $1 AND ended_at IS NULL",
            *(officer.session_id, clock.now()),
        )
        await seal_act(Act.SIGNED_OUT, officer, about=officer.id, subject=officer.session_id)


async def end_all(officer_id: UUID, reason: str) -> None:
    """End every open session of an officer, in the (system) transaction in progress."""
    await execute(
        "UPDATE officer_session SET ended_at = $2, end_reason = $3 WHERE officer_id = $1 AND ended_at IS NULL",
        *(officer_id, clock.now(), reason),
    )


async def my_sessions(officer: Officer) -> OfficerSessions:
    """The officer's open sessions, newest first."""
    async with transaction(DIRECTORY):
        rows = await fetch_all(
            "SELECT * FROM officer_session WHERE officer_id = $1 AND ended_at IS NULL AND expires_at > $2 "
            "ORDER BY id DESC LIMIT 100",
            *(officer.id, clock.now()),
        )
    return OfficerSessions(
        items=[
            OfficerSessionView(
                id=row["id"],
                started_at=row["started_at"],
                expires_at=row["expires_at"],
                bound=row["jkt"] is not None,
                current=row["id"] == officer.session_id,
            )
            for row in rows
        ]
    )


async def sweep() -> None:
    """Forget sessions that ran out a day ago; that they were is sealed."""
    async with transaction(DIRECTORY):
        await execute("DELETE FROM officer_session WHERE expires_at < $1", clock.now() - _REMEMBERED_FOR)


def is_signed(row: Row, nonce: str, signature: str) -> bool:
    """Whether a challenge was signed with the key of an officer's (a row's) certificate."""
    key = x509.load_pem_x509_certificate(row["certificate"].encode()).public_key()
    return isinstance(key, ec.EllipticCurvePublicKey) and challenges.is_signed(key, nonce, signature)


async def open_session(officer_id: UUID, jkt: str | None) -> UUID:
    """Open a session in the (system) transaction in progress; gives its id."""
    session_id, now = new_plain_id(), clock.now()
    await execute(
        "INSERT INTO officer_session (id, officer_id, jkt, started_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        *(session_id, officer_id, jkt, now, now + tokens.OFFICER_LIFE),
    )
    return session_id


async def _open(row: Row, jkt: str | None) -> UUID:
    session_id = await open_session(row["id"], jkt)
    officer = Officer(row["id"], row["name"], row["department"], session_id=session_id)
    await seal_act(Act.SIGNED_IN, officer, about=row["id"], subject=session_id)
    return session_id


def claims_of(officer_id: UUID, session_id: UUID, jkt: str | None) -> tokens.Claims:
    """Claims of an officer's token in a session."""
    return msgspec.structs.replace(
        tokens.claims_of("officer", officer_id, "officer-desk"),
        sid=session_id,
        cnf=tokens.Confirmation(jkt) if jkt else None,
    )


def _tokens(row: Row, session_id: UUID, jkt: str | None) -> OfficerTokens:
    claims = msgspec.structs.replace(claims_of(row["id"], session_id, jkt), department=row["department"])
    return OfficerTokens(
        access_token=tokens.sign(claims),
        token_type="DPoP" if jkt else "Bearer",
        expires_in=claims.exp - claims.iat,
        officer_id=row["id"],
        name=row["name"],
        department=row["department"],
        post=row["post"],
    )


async def _code_counts(known: Row, entered: str) -> bool:
    """Whether the code is this step's or a neighbour's (RFC 6238, 5.2), and neither it nor a later one was used before.

    It counts for nobody who was dismissed, or has another certificate, since their signature was judged.
    """
    row = await fetch_one(
        "SELECT * FROM officer WHERE id = $1 AND serial = $2 FOR UPDATE", known["id"], known["serial"]
    )
    if row is None or row["totp_secret"] is None or await is_out(row):
        return False
    secret = open_field("officer", "totp_secret", row["id"], row["totp_secret"]).decode()
    now = clock.epoch_seconds() // _STEP_SECONDS
    steps = [
        step
        for step in (now - 1, now, now + 1)
        if step > row["last_step"] and hmac.compare_digest(pyotp.TOTP(secret).generate_otp(step), entered)
    ]
    if steps:
        await execute("UPDATE officer SET last_step = $2 WHERE id = $1", row["id"], steps[0])
    return bool(steps)
