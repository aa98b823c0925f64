"""Makers of devices that were really enrolled, and of what their keys sign."""

import base64
from uuid import UUID

import msgspec

from app.identity import devices, sessions
from app.identity.dpop import thumbprint_of_key
from app.identity.structs import DeviceEnrolment, DeviceSignIn
from app.kernel.actors import Citizen
from app.keys.algorithms import LocalKey
from tests.makers.callers import Key, SignedIn, a_key, the_authorities_of_the_product
from tests.makers.outside import PoliceRegister
from tests.makers.people import the_resident
from tests.makers.pki import a_csr


class OwnDevice(msgspec.Struct, frozen=True):
    """A citizen's enrolled device: its row's id, its certificate's serial, and its key."""

    owner: Citizen
    id: UUID
    serial: str
    key: Key

    async def signed_in(self) -> SignedIn:
        """A new session on this device, by its own challenge."""
        nonce = (await devices.sign_in_challenge(self.serial)).nonce
        said = DeviceSignIn(self.serial, nonce, signed(self.key, nonce), "app")
        pair = await devices.sign_in(said, thumbprint_of_key(self.key.public_key()), "203.0.113.9")
        return SignedIn(pair.access_token, self.key)


async def a_face(citizen: Citizen) -> str:
    """The token of the citizen's own face."""
    return f"face-of-{(await the_resident(citizen.id)).id_number}"


async def an_enrolled_device(citizen: Citizen, name: str = "我的手机") -> OwnDevice:
    """A device with a certificate of the product's own authority."""
    the_authorities_of_the_product()
    key = a_key()
    nonce = (await devices.enrolment_challenge(citizen)).nonce
    asked = DeviceEnrolment(a_csr(key), name, await a_face(citizen), nonce)
    enrolled = await devices.enrol(citizen, asked, PoliceRegister())
    return OwnDevice(citizen, enrolled.device.id, enrolled.device.serial, key)


def signed(key: Key, nonce: str) -> str:
    """A challenge signed with a key, as it goes over the wire."""
    return base64.urlsafe_b64encode(LocalKey(key).sign(nonce.encode())).rstrip(b"=").decode()


async def a_session_of(citizen: Citizen, client_id: str = "app") -> SignedIn:
    """A bearer session of a citizen."""
    pair = await sessions.open_session(sessions.Opening(citizen.id, client_id, min(citizen.level, 2)))
    return SignedIn(pair.access_token)
