"""Officers' accounts: appointed and dismissed by a system administrator, enrolled by a one-time code from the officer's own machine."""

import hashlib
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from cryptography import x509

from app.audit import findings
from app.audit.acts import Act, seal_act
from app.audit.findings import Finding
from app.identity import challenges, limits
from app.identity.departments import know_post
from app.identity.errors import SessionOver
from app.identity.officer_errors import (
    EnrolmentRefused,
    GrantBeyondReach,
    OfficerCodeTaken,
    OfficerDismissed,
    OfficerUnknown,
    OldKeyNotProved,
)
from app.identity.officer_limits import limit_today
from app.identity.officer_sessions import end_all, is_signed
from app.identity.officer_structs import (
    CertificateRenewal,
    CertificateRenewed,
    EnrolmentCode,
    OfficerAppointing,
    OfficerEnrolled,
    OfficerEnrolling,
    OfficerView,
)
from app.identity.officers import DIRECTORY, certify, is_out
from app.identity.structs import Challenge
from app.kernel import clock
from app.kernel.actors import (
    ADMINISTER_SECURITY,
    ADMINISTER_SYSTEM,
    SENSITIVE,
    Actor,
    NoRight,
    Officer,
    divisions_of,
    require_office,
)
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.ids import new_plain_id
from app.kernel.paging import Page, after_id, page
from app.kernel.two_officers import require_other_person
from app.keys.fields import blind_index
from app.pki.enrolment import issue_for_key
from app.pki.profiles import Kind
from app.pki.requests import proved_key
from app.pki.revocation import revoke, revoke_all_of

RENEWAL: Final = "officer-certificate"
_CITY: Final = frozenset({"*", "3706"})


async def appoint(officer: Officer, asked: OfficerAppointing) -> EnrolmentCode:
    """Appoint an officer, who can do nothing yet; gives the one-time code for their machine.

    Refuses `NoRight`, `GrantBeyondReach` (another department), `DepartmentNotKnown` and `OfficerCodeTaken`.
    """
    reach = require_office(officer, ADMINISTER_SYSTEM, clock.today())
    if not _reaches(officer, reach, asked.department):
        raise GrantBeyondReach(divisions=list(reach))
    async with transaction(DIRECTORY):
        await know_post(asked.department, asked.post)
        row = await fetch_one(
            "INSERT INTO officer (id, code, department, post, name, last_step, person_index, appointed_by, appointed_at) "
            "VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8) ON CONFLICT (code) DO NOTHING RETURNING *",
            *(new_plain_id(), asked.code, asked.department, asked.post, asked.name),
            *(blind_index("id_number", asked.id_number.upper()), officer.principal, clock.now()),
        )
        if row is None:
            raise OfficerCodeTaken
        return await give_code(officer, row)


async def give_enrolment_code(officer: Officer, officer_id: UUID) -> EnrolmentCode:
    """Give an officer's machine a new one-time code (a lost one, another machine, an ended certificate); the one before is void.

    Refuses `NoRight`, `SameOfficer` (oneself), `OfficerUnknown` and `OfficerDismissed`.
    """
    reach = require_office(officer, ADMINISTER_SYSTEM, clock.today())
    require_other_person(officer_id, officer)
    async with transaction(DIRECTORY):
        row = await find_within_reach(officer, reach, officer_id, lock=True)
        if row["dismissed_at"] is not None:
            raise OfficerDismissed
        return await give_code(officer, row)


async def enrol(asked: OfficerEnrolling, address: str) -> OfficerEnrolled:
    """Certify an officer's key for the one-time code of their appointment; certificates and sessions before it end.

    Of several at once one gets it. Refuses `TriedTooOften`, what `proved_key` refuses, and `EnrolmentRefused` without saying why.
    """
    await limits.count(limits.OFFICER_TRIES_FROM_AN_ADDRESS, limits.neighbourhood(address))
    key = proved_key(asked.csr)
    async with transaction(DIRECTORY):
        row = await fetch_one(
            "SELECT * FROM officer WHERE code = $1 AND enrolment_hash = $2 AND enrolment_ends_at > $3 "
            "AND dismissed_at IS NULL FOR UPDATE",
            *(asked.officer_code, _hashed(asked.enrolment_code), clock.now()),
        )
        if row is None:
            raise EnrolmentRefused
        if row["serial"] is not None:
            await _end_what_was_before(row["id"])
        appointed = await certify(row["id"], row["code"], key)
        themselves = Officer(row["id"], row["name"], row["department"])
        await seal_act(Act.OFFICER_ENROLLED, themselves, about=row["id"])
    return OfficerEnrolled(
        officer_id=appointed.id,
        certificate=appointed.certificate.chain,
        not_after=appointed.certificate.not_after,
        totp_secret=appointed.totp_secret,
    )


async def renewal_challenge(officer: Officer) -> Challenge:
    """Give something to sign with the key of the present certificate."""
    return await challenges.give(RENEWAL, str(officer.id))


async def renew(officer: Officer, asked: CertificateRenewal) -> CertificateRenewed:
    """Give the calling officer a certificate for their next key, while the present one is valid; that one is revoked.

    Refuses what `proved_key` refuses, `ChallengeWrong`, `OldKeyNotProved`, and (`SessionOver`) whoever is out meanwhile.
    """
    key = proved_key(asked.csr)
    await challenges.use(RENEWAL, str(officer.id), asked.nonce)
    async with transaction(DIRECTORY):
        row = await fetch_one("SELECT * FROM officer WHERE id = $1 FOR UPDATE", officer.id)
        if row is None or await is_out(row):
            raise SessionOver
        if not is_signed(row, asked.nonce, asked.signature):
            raise OldKeyNotProved
        issued = await issue_for_key(Kind.OFFICER, key, officer.id, row["code"].lower())
        await execute(
            "UPDATE officer SET serial = $2, certificate = $3, not_after = $4 WHERE id = $1",
            *(officer.id, issued.serial, issued.chain, issued.not_after),
        )
        await revoke(row["serial"], x509.ReasonFlags.superseded)
        await seal_act(Act.OFFICER_RENEWED, officer, about=officer.id)
    return CertificateRenewed(issued.chain, issued.not_after)


async def dismiss(officer: Officer, officer_id: UUID) -> OfficerView:
    """Let an officer in no more, from their next request on: sessions, certificates and rights end. Again it changes nothing.

    Refuses `NoRight`, `SameOfficer` (oneself) and `OfficerUnknown`.
    """
    reach = require_office(officer, ADMINISTER_SYSTEM, clock.today())
    require_other_person(officer_id, officer)
    async with transaction(DIRECTORY):
        row = await find_within_reach(officer, reach, officer_id, lock=True)
        if row["dismissed_at"] is None:
            await _let_go(officer, officer_id)
            row = await find_within_reach(officer, reach, officer_id)
        return _view(row)


async def officers(officer: Officer, cursor: str | None, limit: int) -> Page[OfficerView]:
    """The officers whom a system or security administrator administers, newest first."""
    after, today = after_id(cursor), clock.today()
    reach = (*divisions_of(officer, ADMINISTER_SYSTEM, today), *divisions_of(officer, ADMINISTER_SECURITY, today))
    if not reach:
        raise NoRight(action=ADMINISTER_SYSTEM)
    async with transaction(DIRECTORY):
        rows = await fetch_all(
            "SELECT * FROM officer WHERE ($1::text IS NULL OR department = $1) AND ($2::uuid IS NULL OR id < $2) "
            "ORDER BY id DESC LIMIT $3",
            *(None if holds_in_city(reach) else officer.department, after, limit + 1),
        )
    return page([_view(row) for row in rows], limit, rows[limit - 1]["id"] if len(rows) > limit else None)


async def find_within_reach(officer: Officer, reach: tuple[str, ...], officer_id: UUID, *, lock: bool = False) -> Row:
    """An officer's row, if the administrator administers them, in the (system) transaction in progress; refuses `OfficerUnknown`."""
    row = await fetch_one(f"SELECT * FROM officer WHERE id = $1{' FOR UPDATE' if lock else ''}", officer_id)
    if row is None or not _reaches(officer, reach, row["department"]):
        raise OfficerUnknown
    return row


def holds_in_city(divisions: tuple[str, ...]) -> bool:
    """Whether divisions are the whole city."""
    return not _CITY.isdisjoint(divisions)


def _reaches(officer: Officer, reach: tuple[str, ...], department: str) -> bool:
    """An administrator's own department, and every one for whoever administers in the whole city."""
    return department == officer.department or holds_in_city(reach)


async def give_code(by: Actor, row: Row) -> EnrolmentCode:
    """Give an officer (a row) a new one-time code, in the (system) transaction in progress; the one before is void."""
    code, ends_at = secrets.token_urlsafe(20), clock.now() + timedelta(hours=limit_today("enrolment_code_hours"))
    await execute(
        "UPDATE officer SET enrolment_hash = $2, enrolment_ends_at = $3 WHERE id = $1",
        row["id"],
        _hashed(code),
        ends_at,
    )
    await seal_act(Act.OFFICER_APPOINTED, by, about=row["id"])
    return EnrolmentCode(officer=_view(row), enrolment_code=code, expires_at=ends_at)


async def _end_what_was_before(officer_id: UUID) -> None:
    """End an officer's certificate and sessions; who audits is told where sensitive rights may have passed into other hands."""
    await revoke_all_of(officer_id, Kind.OFFICER, x509.ReasonFlags.superseded)
    await end_all(officer_id, "enrolled_anew")
    if await fetch_value(
        "SELECT true FROM officer_grant WHERE officer_id = $1 AND withdrawn_at IS NULL AND action = ANY ($2::text[]) LIMIT 1",
        *(officer_id, sorted(SENSITIVE)),
    ):
        await findings.report(Finding("enrolled_anew", clock.now(), officer_id, officer_id))


async def _let_go(officer: Officer, officer_id: UUID) -> None:
    now = clock.now()
    await execute(
        "UPDATE officer SET dismissed_at = $2, dismissed_by = $3, enrolment_hash = NULL, enrolment_ends_at = NULL WHERE id = $1",
        *(officer_id, now, officer.principal),
    )
    await execute(
        "UPDATE officer_grant SET withdrawn_by = $2, withdrawn_at = $3, withdrawn_because = 'dismissed' "
        "WHERE officer_id = $1 AND withdrawn_at IS NULL",
        *(officer_id, officer.principal, now),
    )
    await revoke_all_of(officer_id, Kind.OFFICER, x509.ReasonFlags.privilege_withdrawn)
    await end_all(officer_id, "dismissed")
    await seal_act(Act.OFFICER_DISMISSED, officer, about=officer_id)


def _hashed(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


def _view(row: Row) -> OfficerView:
    enrolled = row["serial"] is not None
    return OfficerView(
        id=row["id"],
        code=row["code"],
        department=row["department"],
        post=row["post"],
        name=row["name"],
        state="dismissed" if row["dismissed_at"] is not None else "enrolled" if enrolled else "appointed",
        appointed_at=row["appointed_at"],
        certificate_ends_at=row["not_after"],
    )
