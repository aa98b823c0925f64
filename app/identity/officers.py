"""Officers: made known by set-up, signing in with their certificate's key and a time-based code, granted rights."""

import hmac
from typing import Final
from uuid import UUID

import msgspec
import pyotp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from app.identity import challenges, limits, tokens
from app.identity.errors import SessionOver, SignInRefused
from app.identity.structs import Challenge, OfficerSignIn, OfficerTokens
from app.kernel import clock
from app.kernel.actors import Grant, Officer, System
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.ids import new_plain_id
from app.keys.fields import open_field, seal_field
from app.pki.enrolment import Issued, issue
from app.pki.profiles import Kind
from app.pki.revocation import standing

DIRECTORY: Final = System("officers")
PURPOSE: Final = "officer-sign-in"
_STEP_SECONDS: Final = 30


class Appointment(msgspec.Struct, frozen=True):
    """An officer to be made known: code, department, post (岗位) and name."""

    code: str
    department: str
    post: str
    name: str


class Appointed(msgspec.Struct, frozen=True):
    """An officer with their certificate, and the secret that their authenticator is set up with (shown once)."""

    id: UUID
    certificate: Issued
    totp_secret: str


async def enrol_officer(appointment: Appointment, csr_pem: str) -> Appointed:
    """Make an officer known, or give one who is a new certificate and secret; what they hold already stays granted.

    Refuses what `app.pki.requests.proved_key` refuses.
    """
    async with transaction(DIRECTORY):
        known: UUID | None = await fetch_value("SELECT id FROM officer WHERE code = $1", appointment.code)
        officer_id = known or new_plain_id()
        issued = await issue(Kind.OFFICER, csr_pem, officer_id, appointment.code.lower())
        secret = pyotp.random_base32()
        await execute(
            "INSERT INTO officer (id, code, department, post, name, serial, certificate, not_after, totp_secret, last_step) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0) ON CONFLICT (code) DO UPDATE SET department = excluded.department, "
            "post = excluded.post, name = excluded.name, serial = excluded.serial, certificate = excluded.certificate, "
            "not_after = excluded.not_after, totp_secret = excluded.totp_secret, last_step = 0, dismissed_at = NULL",
            *(officer_id, appointment.code, appointment.department, appointment.post, appointment.name),
            *(issued.serial, issued.chain, issued.not_after),
            seal_field("officer", "totp_secret", officer_id, secret.encode()),
        )
    return Appointed(officer_id, issued, secret)


async def id_of(code: str) -> UUID | None:
    """The id of the officer with a code, if there is one."""
    async with transaction(DIRECTORY):
        found: UUID | None = await fetch_value("SELECT id FROM officer WHERE code = $1", code)
        return found


async def grant(officer_id: UUID, right: Grant) -> None:
    """Grant an officer a right; granting it again moves its dates."""
    async with transaction(DIRECTORY):
        await execute(
            "INSERT INTO officer_grant (id, officer_id, action, matters, divisions, valid_from, valid_to) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (officer_id, action, matters, divisions) "
            "DO UPDATE SET valid_from = excluded.valid_from, valid_to = excluded.valid_to",
            *(new_plain_id(), officer_id, right.action, list(right.matters), list(right.divisions)),
            *(right.valid_from, right.valid_to),
        )


async def withdraw(officer_id: UUID, action: str) -> int:
    """Withdraw every right to an action from an officer, from the next request on; says how many there were."""
    async with transaction(DIRECTORY):
        return await execute("DELETE FROM officer_grant WHERE officer_id = $1 AND action = $2", officer_id, action)


async def dismiss(officer_id: UUID) -> None:
    """Let an officer in no more, from the next request on."""
    async with transaction(DIRECTORY):
        await execute(
            "UPDATE officer SET dismissed_at = $2 WHERE id = $1 AND dismissed_at IS NULL", officer_id, clock.now()
        )


async def officer(officer_id: UUID) -> Officer:
    """An officer with the grants that hold today; refuses `SessionOver` one who is dismissed or whose certificate ended."""
    async with transaction(DIRECTORY):
        row = await fetch_one("SELECT * FROM officer WHERE id = $1", officer_id)
        if row is None or await _is_out(row):
            raise SessionOver
        grants = await fetch_all(
            "SELECT action, matters, divisions, valid_from, valid_to FROM officer_grant WHERE officer_id = $1 "
            "AND valid_from <= $2 AND valid_to >= $2 ORDER BY id",
            *(officer_id, clock.today()),
        )
    rights = tuple(
        Grant(row["action"], tuple(row["matters"]), tuple(row["divisions"]), row["valid_from"], row["valid_to"])
        for row in grants
    )
    return Officer(id=row["id"], name=row["name"], department=row["department"], grants=rights)


async def challenge(officer_code: str) -> Challenge:
    """Give something to sign; whether the code is an officer's isn't said."""
    return await challenges.give(PURPOSE, officer_code)


async def sign_in(said: OfficerSignIn) -> OfficerTokens:
    """Sign an officer in for a quarter of an hour.

    Signature and time-based code must both hold, and each counts once. Refuses `ChallengeWrong`, `SignInRefused` without
    saying why, and `TriedTooOften` whoever holds the key and guesses the code more than five times in ten minutes.
    """
    await challenges.use(PURPOSE, said.officer_code, said.nonce)
    async with transaction(DIRECTORY):
        row = await fetch_one("SELECT * FROM officer WHERE code = $1", said.officer_code)
        out = row is None or await _is_out(row)
    if row is None or out or not _signed(row, said):
        raise SignInRefused
    await limits.count(limits.OFFICER_TRIES, said.officer_code)
    async with transaction(DIRECTORY):
        counts = await _code_counts(row["id"], said.totp)
    if not counts:
        raise SignInRefused
    await limits.forget(limits.OFFICER_TRIES, said.officer_code)
    return _tokens(row)


def _tokens(row: Row) -> OfficerTokens:
    claims = msgspec.structs.replace(
        tokens.claims_of("officer", row["id"], "officer-desk"), department=row["department"]
    )
    return OfficerTokens(
        access_token=tokens.sign(claims),
        token_type="Bearer",  # noqa: S106 - a scheme, not a secret
        expires_in=claims.exp - claims.iat,
        officer_id=row["id"],
        name=row["name"],
        department=row["department"],
        post=row["post"],
    )


async def _is_out(row: Row) -> bool:
    held = await standing(row["serial"])
    revoked = held is None or held.revoked_at is not None
    return row["dismissed_at"] is not None or row["not_after"] <= clock.now() or revoked


def _signed(row: Row, said: OfficerSignIn) -> bool:
    key = x509.load_pem_x509_certificate(row["certificate"].encode()).public_key()
    return isinstance(key, ec.EllipticCurvePublicKey) and challenges.is_signed(key, said.nonce, said.signature)


async def _code_counts(officer_id: UUID, entered: str) -> bool:
    """Whether the code is this step's or a neighbour's (RFC 6238, 5.2), and neither it nor a later one was used before."""
    row = await fetch_one("SELECT totp_secret, last_step FROM officer WHERE id = $1 FOR UPDATE", officer_id)
    if row is None:
        return False
    secret = open_field("officer", "totp_secret", officer_id, row["totp_secret"]).decode()
    now = clock.epoch_seconds() // _STEP_SECONDS
    steps = [
        step
        for step in (now - 1, now, now + 1)
        if step > row["last_step"] and hmac.compare_digest(pyotp.TOTP(secret).generate_otp(step), entered)
    ]
    if steps:
        await execute("UPDATE officer SET last_step = $2 WHERE id = $1", officer_id, steps[0])
    return bool(steps)
