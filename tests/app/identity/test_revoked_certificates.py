"""What an operator revokes (`fuhai pki revoke`) ends on every path, whoever holds it: by its number, or with its whole authority."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import httpx
import pytest
from cryptography import x509

from app.identity import devices, sessions
from app.identity.errors import RefreshTokenWrong, SignInRefused
from app.identity.structs import DeviceEnrolment, DeviceSignIn
from app.kernel.actors import Citizen
from app.kernel.database import execute, transaction
from app.pki.revocation import PKI, revoke, standing
from tests.makers.devices import OwnDevice, a_face, an_enrolled_device, signed
from tests.makers.outside import PoliceRegister
from tests.makers.people import a_citizen
from tests.makers.pki import a_csr

Revoking = Callable[[OwnDevice], Awaitable[None]]
pytestmark = pytest.mark.usefixtures("app")


async def revoked_by_number(device: OwnDevice) -> None:
    await revoke(device.serial, x509.ReasonFlags.key_compromise)


async def revoked_with_its_authority(device: OwnDevice) -> None:
    """As if an authority of its own had issued it; the others of this worker go on."""
    name = f"device-g{secrets.randbelow(10**9)}"
    async with transaction(PKI):
        await execute("UPDATE certificate SET authority = $2 WHERE serial = $1", device.serial, name)
        await execute(
            "INSERT INTO revoked_authority (authority, serial, revoked_at, reason) VALUES ($1, $2, $3, 'cACompromise')",
            *(name, secrets.token_hex(20), datetime(2026, 1, 1, tzinfo=UTC)),
        )


@pytest.fixture(params=[revoked_by_number, revoked_with_its_authority])
def revoking(request: pytest.FixtureRequest) -> Revoking:
    chosen: Revoking = request.param
    return chosen


class TestDevice:
    async def test_is_out_at_its_next_request_and_signs_in_no_more(
        self, http: httpx.AsyncClient, revoking: Revoking
    ) -> None:
        device = await an_enrolled_device(await a_citizen(2))
        auth = await device.signed_in()
        assert (await http.get("/v1/me", auth=auth)).status_code == 200

        await revoking(device)

        refused = await http.get("/v1/me", auth=auth)
        assert (refused.status_code, refused.json()["code"]) == (401, "session_over")
        nonce = (await devices.sign_in_challenge(device.serial)).nonce
        with pytest.raises(SignInRefused):
            await devices.sign_in(DeviceSignIn(device.serial, nonce, signed(device.key, nonce), "app"), None)

    async def test_refreshes_no_session(self, revoking: Revoking) -> None:
        device = await an_enrolled_device(await a_citizen(2))
        async with transaction(sessions.IDENTITY):
            opening = sessions.Opening(device.owner.id, "app", 3, "k" * 43, device.id)
            pair = await sessions.open_session(opening)

        await revoking(device)

        with pytest.raises(RefreshTokenWrong):
            await sessions.refresh(pair.refresh_token, "k" * 43)

    async def test_isnt_listed_and_may_be_enrolled_anew(self, revoking: Revoking) -> None:
        citizen = await a_citizen(2)
        device = await an_enrolled_device(citizen)

        await revoking(device)
        assert (await devices.my_devices(citizen)).items == []
        again = await enrolled_again(citizen, device)

        assert again != device.serial
        held = await standing(again)
        assert held is not None
        assert held.revoked_at is None
        assert [one.serial for one in (await devices.my_devices(citizen)).items] == [again]


async def enrolled_again(citizen: Citizen, device: OwnDevice) -> str:
    nonce = (await devices.enrolment_challenge(citizen)).nonce
    asked = DeviceEnrolment(a_csr(device.key), "同一部手机", await a_face(citizen), nonce)
    return (await devices.enrol(citizen, asked, PoliceRegister())).device.serial
