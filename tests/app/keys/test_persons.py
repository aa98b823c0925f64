"""One data key per person, in the database."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
import pytest_asyncio
from asyncpg import InsufficientPrivilegeError

from app.kernel.actors import Citizen, System
from app.kernel.database import fetch_value, transaction
from app.kernel.ids import new_id, new_person_id, shard_of
from app.kernel.settings import Settings
from app.keys import persons
from app.keys.persons import (
    PersonErased,
    destroy_person_key,
    open_for_person,
    person_key,
    seal_for_person,
    unwrap_key,
    wrap_key,
)
from app.keys.sealing import SealBroken, new_key
from tests.makers.keys import a_master_key
from tests.makers.pools import an_open_pool

TESTS = System("tests")


@pytest_asyncio.fixture(autouse=True, scope="module")
async def pool(settings: Settings) -> AsyncIterator[None]:
    async with an_open_pool(settings):
        yield


def a_citizen(person: UUID) -> Citizen:
    return Citizen(person, 2, new_id(person), "tests")


class TestWrapKey:
    def test_opens_for_the_same_person_only(self) -> None:
        key, anna, ben, keeper = new_key(), new_person_id(), new_person_id(), a_master_key()
        wrapped = wrap_key(anna, key, master=keeper)

        assert unwrap_key(anna, wrapped, master=keeper) == key
        assert key not in wrapped
        with pytest.raises(SealBroken):
            unwrap_key(ben, wrapped, master=keeper)


class TestPersonKey:
    async def test_is_made_once(self) -> None:
        person = new_person_id()

        async with transaction(TESTS):
            first = await person_key(person)
        async with transaction(TESTS):
            again = await person_key(person)

        assert again == first

    async def test_is_made_once_by_many_at_a_time(self) -> None:
        person = new_person_id()

        async def ask() -> persons.DataKey:
            async with transaction(TESTS):
                return await person_key(person)

        assert len({key.key for key in await asyncio.gather(*(ask() for _ in range(6)))}) == 1

    async def test_goes_with_a_transaction_that_fails(self) -> None:
        person = new_person_id()

        async def fail() -> None:
            async with transaction(TESTS):
                await person_key(person)
                raise LookupError

        with pytest.raises(LookupError):
            await fail()

        async with transaction(TESTS):
            assert (
                await fetch_value(
                    "SELECT count(*) FROM person_key WHERE shard = $1 AND id = $2", shard_of(person), person
                )
                == 0
            )

    async def test_a_citizen_gets_their_own_and_no_strangers(self) -> None:
        own, stranger = new_person_id(), new_person_id()

        async with transaction(a_citizen(own)):
            await person_key(own)

        with pytest.raises(InsufficientPrivilegeError):
            async with transaction(a_citizen(own)):
                await person_key(stranger)


class TestSealForPerson:
    async def test_opens_in_its_place_for_the_same_person(self) -> None:
        person, other = new_person_id(), new_person_id()
        row = new_id(person)

        async with transaction(TESTS):
            sealed = await seal_for_person(person, "record", "payload", row, b"born")
            opened = await open_for_person(person, "record", "payload", row, sealed)

        assert opened == b"born"
        for whom, column, where in [
            (other, "payload", row),
            (person, "title", row),
            (person, "payload", new_id(person)),
        ]:
            with pytest.raises(SealBroken):
                async with transaction(TESTS):
                    await open_for_person(whom, "record", column, where, sealed)


class TestDestroyPersonKey:
    async def test_nothing_opens_any_more(self) -> None:
        person = new_person_id()
        async with transaction(TESTS):
            sealed = await seal_for_person(person, "record", "payload", person, b"born")

        async with transaction(TESTS):
            assert await destroy_person_key(person)
            assert not await destroy_person_key(person)

        with pytest.raises(PersonErased):
            async with transaction(TESTS):
                await open_for_person(person, "record", "payload", person, sealed)
        async with transaction(TESTS):
            kept = await fetch_value(
                "SELECT wrapped_key FROM person_key WHERE shard = $1 AND id = $2", shard_of(person), person
            )
        assert kept is None

    async def test_no_key_is_made_for_somebody_erased(self) -> None:
        person = new_person_id()
        async with transaction(TESTS):
            assert await destroy_person_key(person)

        with pytest.raises(PersonErased):
            async with transaction(TESTS):
                await seal_for_person(person, "record", "payload", person, b"born")

    async def test_a_citizen_may_not(self) -> None:
        person = new_person_id()

        with pytest.raises(InsufficientPrivilegeError):
            async with transaction(a_citizen(person)):
                await destroy_person_key(person)
