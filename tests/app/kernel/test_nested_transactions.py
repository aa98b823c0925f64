"""Transactions inside a transaction: savepoints, and other actors."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from app.kernel import database
from app.kernel.actors import Anonymous, Officer
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.errors import Conflict
from app.kernel.ids import new_person_id, new_plain_id
from app.kernel.settings import Settings
from tests.makers.pools import an_open_pool
from tests.makers.transactions import SYSTEM, keep, kept, somebody, whoami


@pytest_asyncio.fixture(autouse=True)
async def pool(settings: Settings) -> AsyncIterator[None]:
    async with an_open_pool(settings):
        yield


class TestNested:
    async def test_undoes_only_what_was_refused_inside(self) -> None:
        async with transaction(SYSTEM):
            await keep("outer")
            with pytest.raises(Conflict):
                async with transaction(SYSTEM):
                    await keep("inner")
                    raise Conflict
            await keep("after")

        assert [await kept(key) for key in ("outer", "inner", "after")] == [True, False, True]

    async def test_goes_on_after_an_error_of_the_database_inside(self) -> None:
        async with transaction(SYSTEM):
            with pytest.raises(asyncpg.DivisionByZeroError):
                async with transaction(SYSTEM):
                    await fetch_value("SELECT 1 / 0")
            await keep("went on")

        assert await kept("went on")

    async def test_is_undone_with_the_outer_one(self) -> None:
        with pytest.raises(Conflict):
            async with transaction(SYSTEM):
                async with transaction(SYSTEM):
                    await keep("inner of refused")
                raise Conflict

        assert not await kept("inner of refused")

    async def test_many_refusals_leave_no_savepoints_behind(self) -> None:
        async with transaction(SYSTEM):
            for number in range(5):
                with pytest.raises(Conflict):
                    async with transaction(SYSTEM):
                        await keep(f"refusal {number}")
                        raise Conflict
            with pytest.raises(asyncpg.InvalidSavepointSpecificationError):
                async with transaction(SYSTEM):
                    await execute("RELEASE SAVEPOINT inner_2")

    async def test_lets_another_actor_take_over_for_the_inner_part(self) -> None:
        citizen = somebody()

        async with transaction(citizen):
            before = await whoami()
            async with transaction(SYSTEM):
                inside = await whoami()
            after = await whoami()

        assert before == after == ("fuhai_citizen", citizen.principal, f"{{{citizen.id}}}")
        assert inside == ("fuhai_system", "system:tests", "{}")

    async def test_gives_the_outer_actor_back_after_a_refusal_inside(self) -> None:
        citizen = somebody()

        async with transaction(citizen):
            with pytest.raises(Conflict):
                async with transaction(SYSTEM):
                    raise Conflict
            assert (await whoami())[0] == "fuhai_citizen"
            async with transaction(citizen):
                assert (await whoami())[0] == "fuhai_citizen"

    async def test_knows_who_acts_at_every_depth(self) -> None:
        citizen, officer = somebody(), Officer(new_plain_id(), "李建国", "GAJ")
        seen = []

        async with transaction(citizen):
            async with transaction(officer):
                seen.append(database.current_transaction().actor)
                async with transaction(SYSTEM):
                    seen.append(database.current_transaction().actor)
                seen.append(database.current_transaction().actor)
            seen.append(database.current_transaction().actor)

        assert seen == [officer, SYSTEM, officer, citizen]


class TestActors:
    async def test_a_citizen_sees_their_own_and_their_wards_people(self) -> None:
        ward = new_person_id()
        citizen = somebody(ward)

        async with transaction(citizen):
            people = (await whoami())[2]

        assert people == f"{{{citizen.id},{ward}}}"

    async def test_nobody_acts_as_the_system(self) -> None:
        async with transaction(Anonymous()):
            assert await whoami() == ("fuhai_system", "anonymous", "{}")

    async def test_a_citizen_reaches_no_table_of_the_system(self) -> None:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with transaction(somebody()):
                await keep("not for citizens")
