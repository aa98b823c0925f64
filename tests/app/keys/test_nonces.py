"""Nonces in the database."""

import asyncio
import secrets
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import transaction
from app.kernel.settings import Settings
from app.keys.errors import NonceReplayed
from app.keys.nonces import DatabaseNonces, refuse_replay
from app.keys.request_signatures import Binding, VerifiedRequest
from tests.makers.pools import an_open_pool
from tests.makers.signed import ES256, PORTAL


@pytest_asyncio.fixture(autouse=True, scope="module")
async def pool(settings: Settings) -> AsyncIterator[None]:
    async with an_open_pool(settings):
        yield


def a_verified_request(keyid: str = ES256, *, nonce: str | None = None) -> VerifiedRequest:
    now = clock.epoch_seconds()
    binding = Binding("POST", "https://portal.fuhai.example/", "sig1=::")
    return VerifiedRequest(keyid, "ecdsa-p256-sha256", nonce or secrets.token_urlsafe(16), now, now + 60, binding)


class TestRefuseReplay:
    async def test_takes_a_nonce_once(self) -> None:
        guard, request = DatabaseNonces(), a_verified_request()
        await refuse_replay(guard, request)

        with pytest.raises(NonceReplayed):
            await refuse_replay(guard, request)

    async def test_takes_the_same_nonce_of_another_key(self) -> None:
        guard, request = DatabaseNonces(), a_verified_request()
        await refuse_replay(guard, request)

        await refuse_replay(guard, a_verified_request(PORTAL, nonce=request.nonce))

    async def test_of_many_at_a_time_one_gets_through(self) -> None:
        guard, request = DatabaseNonces(), a_verified_request()

        taken = await asyncio.gather(*(guard.consume(ES256, request.nonce, request.replayable_until) for _ in range(8)))

        assert sorted(taken) == [False] * 7 + [True]

    async def test_a_request_at_the_end_of_its_minute_is_remembered_too(self) -> None:
        guard, nonce = DatabaseNonces(), secrets.token_urlsafe(16)

        assert await guard.consume(ES256, nonce, clock.epoch_seconds())
        assert not await guard.consume(ES256, nonce, clock.epoch_seconds())

    async def test_inside_a_transaction_that_fails_it_wasnt_used(self) -> None:
        guard, request = DatabaseNonces(), a_verified_request()

        async def fail() -> None:
            async with transaction(System("tests")):
                await refuse_replay(guard, request)
                raise LookupError

        with pytest.raises(LookupError):
            await fail()

        await refuse_replay(guard, request)
