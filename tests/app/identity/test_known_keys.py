"""A key that proved an account's name before signs in by code at level 2, until it was thrown out."""

import asyncio
from datetime import timedelta

import pytest
from cryptography import x509

from app.identity import devices, freezing, own_sessions, refresh_tokens, sessions
from app.identity.dpop import thumbprint_of_key
from app.identity.sessions import IDENTITY, is_known_key
from app.identity.structs import EndAll
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import execute, transaction
from app.pki.revocation import revoke
from tests.makers.devices import OwnDevice, an_enrolled_device
from tests.makers.people import a_citizen, an_officer

pytestmark = pytest.mark.usefixtures("app")
KEY = "k" * 43


async def opened(citizen: Citizen, jkt: str | None = KEY, level: int = 2) -> Citizen:
    """The citizen in a new session that is bound to a key."""
    pair = await sessions.open_session(sessions.Opening(citizen.id, "app", level, jkt))
    return Citizen(citizen.id, level, refresh_tokens.read(pair.refresh_token).session_id, "app")


async def is_known(citizen: Citizen, jkt: str = KEY) -> bool:
    async with transaction(IDENTITY):
        return await is_known_key(citizen.id, jkt)


class TestKnownKey:
    async def test_stays_known_after_signing_out(self) -> None:
        citizen = await a_citizen(2)
        await sessions.sign_out(await opened(citizen))

        assert await is_known(citizen)

    async def test_is_unknown_where_only_the_phone_was_proved(self) -> None:
        citizen = await a_citizen(2)
        await opened(citizen, level=1)

        assert not await is_known(citizen)

    async def test_is_thrown_out_with_one_of_its_sessions(self) -> None:
        citizen = await a_citizen(2)
        await sessions.sign_out(await opened(citizen))
        second, elsewhere = await opened(citizen), await opened(citizen, None)

        await own_sessions.end_mine(elsewhere, second.session_id)

        assert not await is_known(citizen)

    @pytest.mark.parametrize("is_over", ["signed out", "expired"])
    async def test_is_thrown_out_with_all_also_where_its_session_was_over(self, is_over: str) -> None:
        citizen = await a_citizen(2)
        before, elsewhere = await opened(citizen), await opened(citizen, None)
        if is_over == "expired":
            async with transaction(IDENTITY):
                past = clock.now() - timedelta(days=1)
                await execute("UPDATE session SET expires_at = $2 WHERE id = $1", before.session_id, past)
        else:
            await sessions.sign_out(before)

        await own_sessions.end_all_mine(elsewhere, EndAll(keep_this_one=True))

        assert not await is_known(citizen)

    async def test_of_the_session_that_is_kept_stays_known(self) -> None:
        citizen = await a_citizen(2)
        await sessions.sign_out(await opened(citizen))
        here = await opened(citizen)

        await own_sessions.end_all_mine(here, EndAll(keep_this_one=True))
        await sessions.sign_out(here)

        assert await is_known(citizen)

    async def test_is_thrown_out_by_unfreezing_at_a_counter(self) -> None:
        citizen = await a_citizen(2)
        await sessions.sign_out(await opened(citizen))
        async with transaction(IDENTITY):
            await freezing.freeze_person(citizen, citizen.id, None)
            await freezing.unfreeze_person(an_officer(), citizen.id, "窗口核验本人")

        assert not await is_known(citizen)

    async def test_becomes_known_again_once_it_proves_the_name_anew(self) -> None:
        citizen = await a_citizen(2)
        thrown = await opened(citizen)
        await own_sessions.end_mine(await opened(citizen, None), thrown.session_id)
        await asyncio.sleep(0.01)

        await opened(citizen)

        assert await is_known(citizen)


class TestDevice:
    @pytest.mark.parametrize("how", ["removed", "revoked"])
    async def test_takes_its_key_along(self, how: str) -> None:
        citizen = await a_citizen(2)
        device = await an_enrolled_device(citizen)
        jkt = await _key_of(device)
        await sessions.sign_out(await opened(citizen, jkt))
        assert await is_known(citizen, jkt)

        if how == "removed":
            await devices.remove(citizen, device.id)
        else:
            await revoke(device.serial, x509.ReasonFlags.key_compromise)

        assert not await is_known(citizen, jkt)


async def _key_of(device: OwnDevice) -> str:
    return thumbprint_of_key(device.key.public_key())


class TestSweep:
    async def test_keeps_a_thrown_out_key_thrown_out(self) -> None:
        citizen = await a_citizen(2)
        earlier, thrown, elsewhere = await opened(citizen), await opened(citizen), await opened(citizen, None)
        await own_sessions.end_mine(elsewhere, thrown.session_id)
        async with transaction(IDENTITY):
            now = clock.now()
            long_ago, lately = now - timedelta(days=95), now - timedelta(days=65)
            sql = "UPDATE session SET started_at = $2, ended_at = $3, expires_at = $4 WHERE id = $1"
            await execute(sql, thrown.session_id, long_ago, long_ago, lately)
            await execute(sql, earlier.session_id, long_ago - timedelta(minutes=1), None, lately)
        assert not await is_known(citizen)

        await sessions.sweep()

        assert not await is_known(citizen)
