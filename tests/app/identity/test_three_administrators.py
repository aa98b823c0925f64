"""System, security and audit administrators are three people: by our check, by the database, and however many ask at once."""

import asyncio

import asyncpg
import pytest

from app.identity import officer_grants
from app.identity.officer_errors import (
    AdministrationsExclude,
)
from app.identity.officers import DIRECTORY
from app.kernel.actors import (
    ADMINISTER_AUDIT,
    ADMINISTER_SYSTEM,
    ADMINISTRATIONS,
    NoRight,
)
from app.kernel.database import transaction
from tests.makers.callers import an_enrolled_officer
from tests.makers.officers import (
    a_powerless_officer,
    a_right,
    a_security_administrator,
)
from tests.makers.people import a_grant

pytestmark = pytest.mark.usefixtures("app")


class TestThreeAdministrators:
    @pytest.mark.parametrize("held", ADMINISTRATIONS)
    @pytest.mark.parametrize("wanted", ADMINISTRATIONS)
    async def test_are_three_people(self, held: str, wanted: str) -> None:
        administrator, officer = await a_security_administrator(), await an_enrolled_officer(a_grant(held))

        with pytest.raises(AdministrationsExclude) as refused:
            await officer_grants.propose(administrator.officer, officer.officer.id, a_right(wanted))

        assert refused.value.facts == {"held": held}

    async def test_of_two_at_once_one_is_proposed(self) -> None:
        first, second = await a_security_administrator(), await a_security_administrator()
        officer = await a_powerless_officer()

        done = await asyncio.gather(
            officer_grants.propose(first.officer, officer.officer.id, a_right(ADMINISTER_SYSTEM)),
            officer_grants.propose(second.officer, officer.officer.id, a_right(ADMINISTER_AUDIT)),
            return_exceptions=True,
        )

        assert sorted(type(one).__name__ for one in done) == ["AdministrationsExclude", "GrantView"]

    async def test_cant_be_one_person_even_past_our_own_check(self) -> None:
        officer = await an_enrolled_officer(a_grant(ADMINISTER_SYSTEM))

        with pytest.raises(asyncpg.UniqueViolationError, match="officer_grant_one_administration"):
            async with transaction(DIRECTORY):
                await officer_grants._write(officer.officer.id, a_grant(ADMINISTER_AUDIT), "system:tests")

    async def test_a_right_to_everything_is_no_administration(self) -> None:
        officer, other = await an_enrolled_officer(a_grant("*")), await a_powerless_officer()

        with pytest.raises(NoRight):
            await officer_grants.grants_of(officer.officer, other.officer.id, None, 20)
