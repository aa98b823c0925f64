"""The archive of what was exchanged."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import msgspec
import pytest
import pytest_asyncio
from asyncpg import InsufficientPrivilegeError

from app.kernel import clock
from app.kernel.actors import Citizen, System
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.ids import new_id, new_person_id, shard_of
from app.kernel.settings import Settings
from app.keys.persons import PersonErased, destroy_person_key
from app.keys.request_signatures import Request
from integrations.exchange.archive import DatabaseArchive, Exchange, Kept, Messages, exchange_of_push, exchanges_of
from integrations.exchange.messages import make_push, sign_ok, verify_push
from integrations.exchange.structs import Basis, EndUser, Push
from tests.makers.pools import an_open_pool
from tests.makers.signed import HEALTH, PORTAL, a_signer, public_keys

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


class TestExchangeOfPush:
    async def test_a_push_is_kept_with_our_answer(self) -> None:
        person, address = new_person_id(), "https://portal.fuhai.example/v1/exchange/events"
        push = Push(uuid4(), "child_born", clock.now(), "WJW", msgspec.Raw(b"{}"))
        sent = make_push(push, address, a_signer(HEALTH), clock.now())
        request = Request("POST", address, sent.headers, sent.body)
        pushed = verify_push(request, public_keys().get, {HEALTH: "WJW"}, clock.now())
        answer = sign_ok(b"{}", pushed.verified.binding, a_signer(PORTAL), clock.now())

        await DatabaseArchive().keep(exchange_of_push(pushed, request, person, answer))

        (kept,) = await exchanges_of(person)
        assert (kept.direction, kept.department, kept.service, kept.basis.id) == (
            "in",
            "WJW",
            "child_born",
            str(push.id),
        )
        assert kept.messages.request.algorithm == "ed25519"
        assert kept.messages.answer is not None
        assert kept.messages.answer.headers["signature"] == answer.headers["signature"]
