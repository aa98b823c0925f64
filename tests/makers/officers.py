"""Makers of administrators and of what they ask for."""

import base64
from datetime import date, timedelta
from typing import Any

import msgspec
import pyotp

from app.identity import break_glass, officer_sessions, officers
from app.identity.look_structs import BreakGlassAsked, BreakGlassReason, BreakGlassView
from app.identity.officer_actions import LOOK
from app.identity.officer_structs import GrantBody, OfficerAppointing
from app.identity.structs import OfficerSignIn, OfficerTokens
from app.kernel import clock
from app.kernel.actors import (
    ADMINISTER_AUDIT,
    ADMINISTER_SECURITY,
    ADMINISTER_SYSTEM,
    APPROVE_BREAK_GLASS,
    Grant,
)
from app.kernel.database import execute, transaction
from app.keys.algorithms import LocalKey
from app.keys.fields import blind_index
from tests.makers.callers import EnrolledOfficer, Key, an_enrolled_officer
from tests.makers.people import a_grant, an_id_number

HERE = "127.0.0.1"


async def a_system_administrator(department: str = "GAJ", division: str = "*") -> EnrolledOfficer:
    """Somebody who appoints and dismisses officers."""
    return await an_enrolled_officer(a_grant(ADMINISTER_SYSTEM, "*", division), department=department)


async def a_security_administrator(department: str = "GAJ", division: str = "*") -> EnrolledOfficer:
    """Somebody who grants rights."""
    return await an_enrolled_officer(a_grant(ADMINISTER_SECURITY, "*", division), department=department)


async def an_audit_administrator(department: str = "GAJ") -> EnrolledOfficer:
    """Somebody who watches."""
    return await an_enrolled_officer(a_grant(ADMINISTER_AUDIT), department=department)


async def a_powerless_officer(department: str = "GAJ") -> EnrolledOfficer:
    """Somebody who may do nothing that is tested here."""
    return await an_enrolled_officer(a_grant("idle"), department=department)


def a_right(action: str = "handle", division: str = "370602", **changed: object) -> GrantBody:
    """A right to grant, from today on for a month."""
    asked: dict[str, object] = {
        "action": action,
        "matters": ("*",),
        "divisions": (division,),
        "data_classes": ("identity",),
        "valid_from": clock.today(),
        "valid_to": clock.today() + timedelta(days=30),
    }
    return GrantBody(**(asked | changed))  # type: ignore[arg-type]


def as_json(right: GrantBody) -> dict[str, object]:
    """A right as a client sends it."""
    return {
        "action": right.action,
        "matters": list(right.matters),
        "divisions": list(right.divisions),
        "data_classes": list(right.data_classes),
        "valid_from": right.valid_from.isoformat(),
        "valid_to": right.valid_to.isoformat(),
    }


def an_appointment(code: str, department: str = "GAJ") -> OfficerAppointing:
    """An officer to appoint."""
    return OfficerAppointing(code, department, "窗口", "赵敏", an_id_number(date(1990, 1, 1)))


def code_now(officer: EnrolledOfficer, steps: int = 0) -> str:
    """The code of the officer's authenticator, now or some steps away."""
    return pyotp.TOTP(officer.totp_secret).generate_otp(clock.epoch_seconds() // 30 + steps)


async def said_by(officer: EnrolledOfficer, totp: str, **changed: str) -> OfficerSignIn:
    """What an officer sends to sign in, over a new challenge."""
    nonce = (await officer_sessions.challenge(officer.code, "127.0.0.1")).nonce
    raw = LocalKey(officer.key).sign(nonce.encode())
    signature = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    facts = {"officer_code": officer.code, "nonce": nonce, "signature": signature, "totp": totp} | changed
    return OfficerSignIn(**facts)


async def sign_in(officer: EnrolledOfficer, totp: str | None = None) -> OfficerTokens:
    """Sign an officer in."""
    return await officer_sessions.sign_in(await said_by(officer, totp or code_now(officer)))


async def an_officer_who_is(id_number: str, *grants: Grant, department: str = "GAJ") -> EnrolledOfficer:
    """An officer of whom it is known which resident they are."""
    made = await an_enrolled_officer(*grants, department=department)
    async with transaction(officers.DIRECTORY):
        await execute(
            "UPDATE officer SET person_index = $2 WHERE id = $1", made.officer.id, blind_index("id_number", id_number)
        )
    return made


async def a_looking_officer(*data_classes: str, department: str = "GAJ") -> EnrolledOfficer:
    """An officer who may look at people (at all kinds of data, if none are given)."""
    return await an_enrolled_officer(a_grant(LOOK, "*", "*", *data_classes), department=department)


async def an_approver(department: str = "GAJ") -> EnrolledOfficer:
    """A second officer, who sees break-glass requests."""
    return await an_enrolled_officer(a_grant(APPROVE_BREAK_GLASS), department=department)


async def a_break_glass(
    officer: EnrolledOfficer, id_number: str, reason: BreakGlassReason = "danger_to_life", **changed: Any
) -> BreakGlassView:
    """A request to look at somebody without a case."""
    asked = BreakGlassAsked(
        id_number, reason, "老人走失，家属已报警，需要联系亲属。", ("identity", "contact", "family")
    )
    return await break_glass.ask(officer.officer, msgspec.structs.replace(asked, **changed))


def signed(key: Key, nonce: str) -> str:
    """A challenge signed with a key."""
    return base64.urlsafe_b64encode(LocalKey(key).sign(nonce.encode())).rstrip(b"=").decode()


async def signs_in(code: str, key: Key, totp_secret: str) -> OfficerTokens:
    """Sign somebody in by what they hold."""
    nonce = (await officer_sessions.challenge(code, HERE)).nonce
    totp = pyotp.TOTP(totp_secret).generate_otp(clock.epoch_seconds() // 30)
    return await officer_sessions.sign_in(OfficerSignIn(code, nonce, signed(key, nonce), totp))
