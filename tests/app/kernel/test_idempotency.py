"""A repeated request does nothing twice and is answered the same."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
import pytest_asyncio
from litestar import Litestar, post
from litestar.di import NamedDependency, Provide

from app.kernel import clock
from app.kernel.actors import Citizen, Officer, System
from app.kernel.database import fetch_value, transaction
from app.kernel.errors import Conflict, Refusal
from app.kernel.idempotency import (
    IdempotencyKeyMissing,
    IdempotencyKeyReused,
    Once,
    StillRunning,
    provide_once,
    sweep,
)
from app.kernel.ids import new_person_id, new_plain_id
from app.kernel.problems import on_refusal
from app.kernel.structs import View
from app.keys.fields import blind_index


class Receipt(View, frozen=True):
    id: UUID
    at: datetime
    note: str


class Till:
    """Work that counts how often it is done."""

    def __init__(self) -> None:
        self.done = 0
        self.given: list[Receipt] = []

    async def __call__(self) -> Receipt:
        self.done += 1
        self.given.append(Receipt(new_plain_id(), clock.now(), "谢谢"))
        return self.given[-1]


@pytest_asyncio.fixture(autouse=True)
async def running(app: Litestar) -> AsyncIterator[None]:
    """The application, which brings the pool and the cipher of stored answers."""
    yield


@pytest.fixture
def citizen() -> Citizen:
    person = new_person_id()
    return Citizen(person, 2, person, "tests")


def a_request(key: str | None = "a-key-of-ours", body: bytes = b"{}", address: str = "/v1/pay?") -> Once:
    return Once(key, "POST", address, body)


class TestOnce:
    async def test_answers_a_repeat_as_it_did_first(self, citizen: Citizen) -> None:
        till = Till()

        first = await a_request()(citizen, Receipt, till)
        again = await a_request()(citizen, Receipt, till)

        assert again == first
        assert till.done == 1

    async def test_keeps_nothing_by_which_what_was_asked_can_be_guessed(self, citizen: Citizen) -> None:
        body = b'{"phone": "13900000000"}'
        await a_request(body=body)(citizen, Receipt, Till())

        async with transaction(citizen):
            kept = await fetch_value(
                "SELECT fingerprint FROM idempotent_answer WHERE principal = $1", citizen.principal
            )
        assert kept != hashlib.sha256(b"POST /v1/pay?\n" + body).digest()
        assert kept == blind_index("request", hashlib.sha256(b"POST /v1/pay?\n" + body).hexdigest())

    async def test_does_it_each_time_without_a_key(self, citizen: Citizen) -> None:
        till = Till()

        await a_request(None)(citizen, Receipt, till)
        await a_request(None)(citizen, Receipt, till)

        assert till.done == 2

    @pytest.mark.parametrize("other", [{"body": b'{"a":1}'}, {"address": "/v1/other?"}, {"address": "/v1/pay?twice=1"}])
    async def test_refuses_the_key_for_anything_else(self, citizen: Citizen, other: dict[str, Any]) -> None:
        await a_request()(citizen, Receipt, Till())

        with pytest.raises(IdempotencyKeyReused):
            await a_request(**other)(citizen, Receipt, Till())

    async def test_keys_of_different_people_dont_meet(self, citizen: Citizen) -> None:
        person = new_person_id()
        till = Till()

        await a_request()(citizen, Receipt, till)
        await a_request()(Citizen(person, 2, person, "tests"), Receipt, till)
        await a_request()(Officer(new_plain_id(), "李建国", "GAJ"), Receipt, till)

        assert till.done == 3

    async def test_a_refusal_isnt_kept(self, citizen: Citizen) -> None:
        async def refuse() -> Receipt:
            raise Conflict

        till = Till()
        with pytest.raises(Conflict):
            await a_request()(citizen, Receipt, refuse)
        await a_request()(citizen, Receipt, till)

        assert till.done == 1

    async def test_of_several_at_once_one_does_it(self, citizen: Citizen) -> None:
        till = Till()

        async def slowly() -> Receipt:
            await asyncio.sleep(0.05)
            return await till()

        answers = await asyncio.gather(
            *(a_request()(citizen, Receipt, slowly) for _ in range(5)), return_exceptions=True
        )

        assert till.done == 1
        assert {type(answer) for answer in answers} == {Receipt, StillRunning}

    async def test_keeps_its_answer_sealed(self, citizen: Citizen) -> None:
        await a_request()(citizen, Receipt, Till())

        async with transaction(System("tests")):
            stored = await fetch_value("SELECT answer FROM idempotent_answer WHERE principal = $1", citizen.principal)
        assert "谢谢".encode() not in stored

    def test_says_when_a_key_is_needed(self) -> None:
        with pytest.raises(IdempotencyKeyMissing):
            a_request(None).required()
        assert a_request("12345678").required() == "12345678"


@post("/pay", sync_to_thread=False)
def pay(once: NamedDependency[Once]) -> str | None:
    return once.key


class TestHeader:
    @pytest.mark.parametrize(
        ("key", "status"), [(None, 201), ("12345678", 201), ("x" * 128, 201), ("1234567", 400), ("x" * 129, 400)]
    )
    async def test_is_eight_to_128_printable_characters(self, key: str | None, status: int) -> None:
        handlers: dict[Any, Any] = {Refusal: on_refusal}
        shop = Litestar(
            [pay], dependencies={"once": Provide(provide_once)}, exception_handlers=handlers, openapi_config=None
        )
        transport = httpx.ASGITransport(shop)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://shop.example") as client:
            answer = await client.post("/pay", headers={"idempotency-key": key} if key else {})

        assert answer.status_code == status
        if status == 400:
            assert msgspec.json.decode(answer.content)["code"] == "idempotency_key_wrong"


class TestSecondWall:
    async def test_an_officer_sees_no_answer_given_to_anybody_else(self, citizen: Citizen) -> None:
        one, other = (Officer(new_plain_id(), "王", "GAJ") for _ in range(2))
        for actor in (citizen, one):
            await Once(secrets.token_hex(8), "POST", "/", b"")(actor, Receipt, Till())

        for actor, seen in ((one, 1), (other, 0)):
            async with transaction(actor):
                assert await fetch_value("SELECT count(*) FROM idempotent_answer") == seen


class TestSweep:
    async def test_forgets_answers_only_after_two_days(self, citizen: Citizen, monkeypatch: pytest.MonkeyPatch) -> None:
        till, (old, young) = Till(), (Once(secrets.token_hex(8), "POST", "/", b"") for _ in range(2))
        then = clock.now() - timedelta(days=2, seconds=1)
        with monkeypatch.context() as patched:
            patched.setattr(clock, "now", lambda: then)
            await old(citizen, Receipt, till)
        await young(citizen, Receipt, till)

        await sweep()

        for once in (old, young):
            await once(citizen, Receipt, till)
        assert till.done == 3
