"""Officers: made known by set-up or appointed by an administrator, and read with their rights for each request."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

import msgspec
import pyotp
from cryptography.hazmat.primitives.asymmetric import ec

from app.identity.departments import know_post
from app.identity.errors import SessionOver
from app.kernel import clock
from app.kernel.actors import Grant, Officer, System
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.ids import new_plain_id
from app.keys.fields import seal_field
from app.pki.enrolment import Issued, issue_for_key
from app.pki.profiles import Kind
from app.pki.requests import proved_key
from app.pki.revocation import standing

DIRECTORY: Final = System("officers")
_FIND: Final = """
SELECT o.*, s.expires_at AS session_expires_at, s.ended_at AS session_ended_at, i.citizen_id AS person_id,
    ARRAY(SELECT x.id FROM officer x WHERE x.person_index = o.person_index AND x.id <> o.id) AS accounts
FROM officer o LEFT JOIN identifier i ON i.kind = 'id_number' AND i.blind_index = o.person_index LEFT JOIN officer_session s ON s.id = $2 AND s.officer_id = o.id WHERE o.id = $1
"""
_GRANTS: Final = """
SELECT officer_id, action, matters, divisions, valid_from, valid_to, data_classes, granted_by FROM officer_grant
WHERE officer_id = ANY ($1::uuid[]) AND withdrawn_at IS NULL AND confirmed_at IS NOT NULL AND valid_from <= $2 AND valid_to >= $2 ORDER BY id
"""

_HOLDING: Final = """
SELECT o.id FROM officer o WHERE o.department = $1 AND o.dismissed_at IS NULL AND EXISTS (
    SELECT 1 FROM officer_grant g WHERE g.officer_id = o.id AND g.action IN ($2, '*') AND g.withdrawn_at IS NULL
    AND g.confirmed_at IS NOT NULL AND g.valid_from <= $3 AND g.valid_to >= $3)
"""


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

    def __repr__(self) -> str:
        """Show nothing, because what is printed ends in a log."""
        return "Appointed(…)"


async def enrol_officer(appointment: Appointment, csr_pem: str) -> Appointed:
    """Make an officer known by set-up, or give one who is a new certificate and secret; what they hold already stays granted.

    Refuses `DepartmentNotKnown`, and what `app.pki.requests.proved_key` refuses.
    """
    key = proved_key(csr_pem)
    async with transaction(DIRECTORY):
        await know_post(appointment.department, appointment.post)
        officer_id: UUID = await fetch_value(
            "INSERT INTO officer (id, code, department, post, name, last_step, appointed_by, appointed_at) "
            "VALUES ($1, $2, $3, $4, $5, 0, $6, $7) ON CONFLICT (code) DO UPDATE SET department = excluded.department, "
            "post = excluded.post, name = excluded.name, dismissed_at = NULL, dismissed_by = NULL RETURNING id",
            *(new_plain_id(), appointment.code, appointment.department, appointment.post, appointment.name),
            *(DIRECTORY.principal, clock.now()),
        )
        return await certify(officer_id, appointment.code, key)


async def certify(officer_id: UUID, code: str, key: ec.EllipticCurvePublicKey) -> Appointed:
    """Give an officer a certificate for a key and a new authenticator's secret, in the (system) transaction in progress."""
    issued = await issue_for_key(Kind.OFFICER, key, officer_id, code.lower())
    secret = pyotp.random_base32()
    await execute(
        "UPDATE officer SET serial = $2, certificate = $3, not_after = $4, totp_secret = $5, last_step = 0, "
        "enrolment_hash = NULL, enrolment_ends_at = NULL WHERE id = $1",
        *(officer_id, issued.serial, issued.chain, issued.not_after),
        seal_field("officer", "totp_secret", officer_id, secret.encode()),
    )
    return Appointed(officer_id, issued, secret)


async def id_of(code: str) -> UUID | None:
    """The id of the officer with a code, if there is one."""
    async with transaction(DIRECTORY):
        found: UUID | None = await fetch_value("SELECT id FROM officer WHERE code = $1", code)
        return found


async def officer(officer_id: UUID, session_id: UUID | None = None) -> Officer:
    """An officer with the grants that hold today, in a session of theirs if it is named.

    Refuses `SessionOver` one who is dismissed, whose certificate ended, or whose session is over.
    """
    async with transaction(DIRECTORY):
        row = await fetch_one(_FIND, officer_id, session_id)
        if row is None or (session_id is not None and _is_over(row)) or await is_out(row):
            raise SessionOver
        grants = await fetch_all(_GRANTS, [officer_id], clock.today())
    return Officer(
        id=row["id"],
        name=row["name"],
        department=row["department"],
        grants=tuple(_grant(one) for one in grants),
        session_id=session_id,
        person_id=row["person_id"],
        accounts=tuple(row["accounts"]),
    )


async def in_office(officer_ids: Collection[UUID]) -> dict[UUID, Officer]:
    """Those of some officers who aren't dismissed, by id, with the grants that hold today; nothing is said of whether they could sign in."""
    if not officer_ids:
        return {}
    async with transaction(DIRECTORY):
        rows = await fetch_all(
            "SELECT o.id, o.name, o.department, i.citizen_id AS person_id FROM officer o "
            "LEFT JOIN identifier i ON i.kind = 'id_number' AND i.blind_index = o.person_index "
            "WHERE o.id = ANY ($1::uuid[]) AND o.dismissed_at IS NULL",
            list(officer_ids),
        )
        grants = await fetch_all(_GRANTS, list(officer_ids), clock.today())
    return {
        row["id"]: Officer(
            id=row["id"],
            name=row["name"],
            department=row["department"],
            grants=tuple(_grant(one) for one in grants if one["officer_id"] == row["id"]),
            person_id=row["person_id"],
        )
        for row in rows
    }


async def holding(department: str, action: str) -> list[Officer]:
    """The officers of a department, not dismissed, who hold a right to an (ordinary) action today, on anything anywhere; by name."""
    async with transaction(DIRECTORY):
        rows = await fetch_all(_HOLDING, department, action, clock.today())
    found = await in_office([row["id"] for row in rows])
    return sorted(found.values(), key=lambda one: (one.name, one.id))


async def is_out(row: Row) -> bool:
    """Whether an officer (a row) may not be let in: dismissed, not enrolled yet, or without a certificate that holds."""
    if row["serial"] is None or row["dismissed_at"] is not None or row["not_after"] <= clock.now():
        return True
    held = await standing(row["serial"])
    return held is None or held.revoked_at is not None


def _is_over(row: Row) -> bool:
    expires = row["session_expires_at"]
    return expires is None or expires <= clock.now() or row["session_ended_at"] is not None


def _grant(row: Row) -> Grant:
    return Grant(
        action=row["action"],
        matters=tuple(row["matters"]),
        divisions=tuple(row["divisions"]),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        data_classes=tuple(row["data_classes"]),
        granted_by=row["granted_by"],
    )
