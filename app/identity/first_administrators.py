"""The first three administrators, and a way back in: what whoever runs the machine can do where no administrator can."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from app.identity.departments import know_post
from app.identity.officer_accounts import give_code
from app.identity.officer_errors import OfficerCodeTaken, OfficerDismissed, OfficerUnknown
from app.identity.officer_grants import give
from app.identity.officer_structs import EnrolmentCode, OfficerCode
from app.identity.officers import DIRECTORY
from app.kernel import clock
from app.kernel.actors import ADMINISTER_AUDIT, ADMINISTER_SECURITY, ADMINISTER_SYSTEM, ADMINISTRATIONS, Grant
from app.kernel.database import execute, fetch_one, fetch_value, transaction
from app.kernel.errors import Conflict
from app.kernel.ids import new_plain_id
from app.kernel.structs import PersonName
from app.kernel.words import Words

POSTS: Final[Mapping[str, str]] = {
    ADMINISTER_SYSTEM: "系统管理员",
    ADMINISTER_SECURITY: "安全管理员",
    ADMINISTER_AUDIT: "审计管理员",
}
_LAST_DAY: Final = date(2099, 12, 31)
_LOCK: Final = 370_611


class AdministratorsExist(Conflict):
    """There are administrators already; they appoint the next."""

    code = "administrators_exist"
    title = Words(zh="管理员已存在，请由管理员任命。", en="There are administrators already; they appoint the next.")


class Chosen(msgspec.Struct, frozen=True):
    """Who is to administer."""

    code: OfficerCode
    name: PersonName


def chosen(code: str, name: str) -> Chosen:
    """Somebody who is to administer; refuses (`ValidationError`) what can't be a code or a name."""
    return msgspec.convert({"code": code, "name": name}, Chosen)


async def make_first(department: str, people: Mapping[str, Chosen]) -> list[EnrolmentCode]:
    """Appoint the first system, security and audit administrators of the whole city; gives their enrolment codes, in that order.

    Refuses `AdministratorsExist`, `OfficerCodeTaken` and `DepartmentNotKnown`.
    """
    async with transaction(DIRECTORY):
        await execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
        if await fetch_value(
            "SELECT true FROM officer_grant WHERE action = ANY ($1::text[]) AND withdrawn_at IS NULL LIMIT 1",
            list(ADMINISTRATIONS),
        ):
            raise AdministratorsExist
        return [await _appoint(department, action, people[action]) for action in ADMINISTRATIONS]


async def code_for(officer_code: str) -> list[EnrolmentCode]:
    """Give an officer a new enrolment code, where no administrator can; refuses `OfficerUnknown` and `OfficerDismissed`."""
    async with transaction(DIRECTORY):
        row = await fetch_one("SELECT * FROM officer WHERE code = $1 FOR UPDATE", officer_code)
        if row is None:
            raise OfficerUnknown
        if row["dismissed_at"] is not None:
            raise OfficerDismissed
        return [await give_code(DIRECTORY, row)]


async def _appoint(department: str, action: str, person: Chosen) -> EnrolmentCode:
    await know_post(department, POSTS[action])
    row = await fetch_one(
        "INSERT INTO officer (id, code, department, post, name, last_step, appointed_by, appointed_at) "
        "VALUES ($1, $2, $3, $4, $5, 0, $6, $7) ON CONFLICT (code) DO NOTHING RETURNING *",
        *(new_plain_id(), person.code, department, POSTS[action], person.name, DIRECTORY.principal, clock.now()),
    )
    if row is None:
        raise OfficerCodeTaken(officer_code=person.code)
    officer_id: UUID = row["id"]
    await give(officer_id, Grant(action, ("*",), ("*",), clock.today(), _LAST_DAY))
    return await give_code(DIRECTORY, row)
