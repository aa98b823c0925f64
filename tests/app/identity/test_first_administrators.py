"""The first three administrators, and the way back in."""

import secrets

import pytest

from app.identity import officers
from app.identity.first_administrators import AdministratorsExist, Chosen, chosen, code_for, make_first
from app.identity.officer_accounts import enrol
from app.identity.officer_errors import DepartmentNotKnown, OfficerDismissed, OfficerUnknown
from app.identity.officer_structs import OfficerEnrolling
from app.identity.officers import DIRECTORY
from app.kernel.actors import ADMINISTRATIONS
from app.kernel.database import execute, transaction
from tests.makers.callers import a_key
from tests.makers.officers import a_powerless_officer, a_system_administrator
from tests.makers.pki import a_csr

pytestmark = pytest.mark.usefixtures("app")


class UndoneError(Exception):
    """The test is over, and what it did is undone."""


def three() -> dict[str, Chosen]:
    return {action: chosen(f"F-{secrets.token_hex(4)}", "孙立") for action in ADMINISTRATIONS}


async def no_administrators() -> None:
    """As if nobody administered, in a transaction that is undone."""
    await execute(
        "UPDATE officer_grant SET withdrawn_by = $1, withdrawn_at = granted_at, withdrawn_because = 'test' "
        "WHERE withdrawn_at IS NULL AND action = ANY ($2::text[])",
        *(DIRECTORY.principal, list(ADMINISTRATIONS)),
    )


class TestMakeFirst:
    async def test_makes_three_people_who_hold_one_administration_each(self) -> None:
        await a_system_administrator()

        with pytest.raises(UndoneError):
            async with transaction(DIRECTORY):
                await no_administrators()
                given = await make_first("BIGDATA", three())
                for one in given:
                    await enrol(OfficerEnrolling(one.officer.code, one.enrolment_code, a_csr(a_key())), "127.0.0.1")
                held = [(await officers.officer(one.officer.id)).grants for one in given]
                assert [[grant.action for grant in grants] for grants in held] == [[one] for one in ADMINISTRATIONS]
                with pytest.raises(AdministratorsExist):
                    await make_first("BIGDATA", three())
                raise UndoneError

    async def test_refuses_where_somebody_administers_already(self) -> None:
        await a_system_administrator()

        with pytest.raises(AdministratorsExist):
            await make_first("BIGDATA", three())

    async def test_refuses_a_department_that_isnt_known(self) -> None:
        with pytest.raises((DepartmentNotKnown, UndoneError)) as ended:
            async with transaction(DIRECTORY):
                await no_administrators()
                await make_first("NONE", three())
                raise UndoneError

        assert ended.type is DepartmentNotKnown


class TestCodeFor:
    async def test_lets_an_officer_back_in(self) -> None:
        officer = await a_powerless_officer()

        (given,) = await code_for(officer.code)
        made = await enrol(OfficerEnrolling(officer.code, given.enrolment_code, a_csr(a_key())), "127.0.0.1")

        assert made.officer_id == officer.officer.id

    async def test_refuses_strangers_and_the_dismissed(self) -> None:
        officer = await a_powerless_officer()
        async with transaction(DIRECTORY):
            await execute("UPDATE officer SET dismissed_at = appointed_at WHERE id = $1", officer.officer.id)

        with pytest.raises(OfficerDismissed):
            await code_for(officer.code)
        with pytest.raises(OfficerUnknown):
            await code_for("NOBODY-9")
