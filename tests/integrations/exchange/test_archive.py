"""The archive of what was exchanged."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
import pytest_asyncio
from asyncpg import InsufficientPrivilegeError

from app.kernel import clock
from app.kernel.actors import Citizen, System
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.ids import new_id, new_person_id, shard_of
from app.kernel.settings import Settings
from app.keys.persons import PersonErased, destroy_person_key
from integrations.exchange.archive import DatabaseArchive, Exchange, Kept, Messages, exchanges_of
from integrations.exchange.structs import Basis, EndUser
from tests.makers.pools import an_open_pool

SYSTEM = System("tests")


@pytest_asyncio.fixture(autouse=True, scope="module")
async def pool(settings: Settings) -> AsyncIterator[None]:
    async with an_open_pool(settings):
        yield


def an_exchange(person: UUID) -> Exchange:
    request = Kept("POST https://gaj.example/exchange/greet", {"signature": "sig1=::"}, b'{"name":"\xe7\x8e\x8b"}')
    return Exchange(
        id=new_id(person),
        citizen_id=person,
        at=clock.now(),
        direction="out",
        department="GAJ",
        service="greet",
        purpose="real_name",
        basis=Basis("sign_up", "1"),
        end_user=EndUser("citizen", str(person)),
        outcome="ok",
        attempts=1,
        messages=Messages(request, Kept("200", {}, b"{}")),
    )


class TestKeep:
    async def test_what_is_kept_is_found_whole_and_in_order(self) -> None:
        person = new_person_id()
        exchanges = [an_exchange(person) for _ in range(3)]

        for exchange in exchanges:
            await DatabaseArchive().keep(exchange)

        assert await exchanges_of(person) == exchanges
        assert await exchanges_of(new_person_id()) == []

    async def test_the_messages_cant_be_read_in_the_table(self) -> None:
        person = new_person_id()
        await DatabaseArchive().keep(an_exchange(person))

        async with transaction(SYSTEM):
            payload = await fetch_value(
                "SELECT payload FROM exchange_message WHERE shard = $1 AND citizen_id = $2", shard_of(person), person
            )

        assert b"exchange/greet" not in payload

    async def test_an_erased_persons_messages_open_no_more(self) -> None:
        person = new_person_id()
        await DatabaseArchive().keep(an_exchange(person))

        async with transaction(SYSTEM):
            await destroy_person_key(person)

        with pytest.raises(PersonErased):
            await exchanges_of(person)

    @pytest.mark.parametrize("sql", ["UPDATE exchange_message SET outcome = 'ok'", "DELETE FROM exchange_message"])
    async def test_nothing_kept_is_changed(self, sql: str) -> None:
        async def change() -> None:
            async with transaction(SYSTEM):
                await execute(sql)

        with pytest.raises(InsufficientPrivilegeError):
            await change()

    async def test_a_citizen_reads_it_only_through_the_product(self) -> None:
        person = new_person_id()

        async def read() -> None:
            async with transaction(Citizen(person, 3, new_id(person), "tests")):
                await fetch_value("SELECT count(*) FROM exchange_message")

        with pytest.raises(InsufficientPrivilegeError):
            await read()
