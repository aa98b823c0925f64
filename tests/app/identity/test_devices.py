"""Devices: a certified key raises the assurance, and taking it away ends everything at once."""

import asyncio
import base64
from uuid import UUID

import httpx
import pytest
from cryptography import x509

from app.audit.acts import Act
from app.identity import devices, sessions
from app.identity.dpop import thumbprint_of_key
from app.identity.errors import (
    ChallengeWrong,
    DeviceUnknown,
    FaceMismatch,
    ProofMissing,
    ProofWrong,
    SignInRefused,
    TooManyDevices,
)
from app.identity.structs import DeviceEnrolled, DeviceEnrolment, DeviceSignIn
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, transaction
from app.keys.algorithms import LocalKey
from app.pki.errors import CsrUnreadable, PossessionNotProved
from app.pki.revocation import standing
from tests.makers.callers import Key, SignedIn, a_key, a_proof, signed_in, the_authorities_of_the_product
from tests.makers.outside import PoliceRegister
from tests.makers.people import a_citizen, the_resident
from tests.makers.pki import a_csr

pytestmark = pytest.mark.usefixtures("app")


async def asked_by(citizen: Citizen, key: Key, **changed: str) -> DeviceEnrolment:
    the_authorities_of_the_product()
    nonce = (await devices.enrolment_challenge(citizen)).nonce
    face = f"face-of-{(await the_resident(citizen.id)).id_number}"
    facts = {"csr": a_csr(key), "name": "我的手机", "face_token": face, "nonce": nonce} | changed
    return DeviceEnrolment(**facts)


async def enrolled(citizen: Citizen, key: Key) -> DeviceEnrolled:
    return await devices.enrol(citizen, await asked_by(citizen, key), PoliceRegister())


async def said_with(key: Key, serial: str) -> DeviceSignIn:
    nonce = (await devices.sign_in_challenge(serial)).nonce
    raw = LocalKey(key).sign(nonce.encode())
    return DeviceSignIn(serial, nonce, base64.urlsafe_b64encode(raw).rstrip(b"=").decode(), "app")


class TestEnrol:
    async def test_certifies_the_key_and_nothing_of_the_person(self) -> None:
        citizen, key = await a_citizen(2), a_key()

        given = await enrolled(citizen, key)

        leaf = x509.load_pem_x509_certificates(given.certificate.encode())[0]
        assert thumbprint_of_key(leaf.public_key()) == thumbprint_of_key(key.public_key())  # type: ignore[arg-type]
        assert given.device.serial == f"{leaf.serial_number:040x}"
        known = await the_resident(citizen.id)
        for told in (str(citizen.id), known.name or "", known.id_number or ""):
            assert told not in str(leaf.subject) + str(leaf.extensions)
        held = await standing(given.device.serial)
        assert held is not None
        assert held.owner_id == citizen.id

    async def test_gives_the_same_certificate_again(self) -> None:
        citizen, key = await a_citizen(2), a_key()
        asked, police = await asked_by(citizen, key), PoliceRegister()

        first, again = await devices.enrol(citizen, asked, police), await devices.enrol(citizen, asked, police)

        assert again == first
        assert [service for service, _ in police.asked] == ["verify_face"]
        async with transaction(sessions.IDENTITY):
            acts = await fetch_all("SELECT act FROM act WHERE citizen_id = $1", citizen.id)
        assert [row["act"] for row in acts] == [Act.DEVICE_ENROLLED]

    async def test_makes_one_device_of_two_requests_at_once(self) -> None:
        citizen, key = await a_citizen(2), a_key()
        asked = [await asked_by(citizen, key) for _ in range(2)]

        given = await asyncio.gather(*(devices.enrol(citizen, one, PoliceRegister()) for one in asked))

        assert given[0] == given[1]
        assert len((await devices.my_devices(citizen)).items) == 1

    async def test_refuses_another_face_and_uses_the_nonce_up(self) -> None:
        citizen = await a_citizen(2)
        asked = await asked_by(citizen, a_key(), face_token="face-of-somebody")

        with pytest.raises(FaceMismatch):
            await devices.enrol(citizen, asked, PoliceRegister())
        with pytest.raises(ChallengeWrong):
            await devices.enrol(citizen, asked, PoliceRegister())

    async def test_refuses_the_nonce_of_another(self) -> None:
        citizen, stranger = await a_citizen(2), await a_citizen(2)
        nonce = (await devices.enrolment_challenge(stranger)).nonce

        with pytest.raises(ChallengeWrong):
            await devices.enrol(citizen, await asked_by(citizen, a_key(), nonce=nonce), PoliceRegister())

    async def test_refuses_a_request_that_proves_nothing(self) -> None:
        citizen = await a_citizen(2)
        broken = a_csr()[:200] + "-----END CERTIFICATE REQUEST-----"

        with pytest.raises((CsrUnreadable, PossessionNotProved)):
            await devices.enrol(citizen, await asked_by(citizen, a_key(), csr=broken), PoliceRegister())

    async def test_refuses_the_eleventh_device(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(devices, "MOST_DEVICES", 2)
        citizen = await a_citizen(2)
        for _ in range(2):
            await enrolled(citizen, a_key())

        with pytest.raises(TooManyDevices):
            await enrolled(citizen, a_key())


class TestSignIn:
    async def test_opens_a_session_at_level_3_bound_to_the_key(self, http: httpx.AsyncClient) -> None:
        citizen, key = await a_citizen(2), a_key()
        given = await enrolled(citizen, key)

        pair = await devices.sign_in(await said_with(key, given.device.serial), thumbprint_of_key(key.public_key()))

        assert (pair.level, pair.token_type) == (3, "DPoP")
        me = (await http.get("/v1/me", auth=SignedIn(pair.access_token, key))).json()
        assert (me["id"], me["level"], me["device_id"]) == (str(citizen.id), 3, str(given.device.id))
        bearer = await http.get("/v1/me", auth=SignedIn(pair.access_token))
        assert bearer.json()["code"] == "dpop_missing"

    async def test_needs_a_proof_by_the_same_key(self) -> None:
        key = a_key()
        given = await enrolled(await a_citizen(2), key)

        with pytest.raises(ProofMissing):
            await devices.sign_in(await said_with(key, given.device.serial), None)
        with pytest.raises(ProofWrong):
            await devices.sign_in(await said_with(key, given.device.serial), "another")

    async def test_refuses_another_key_and_an_unknown_device(self) -> None:
        key = a_key()
        given = await enrolled(await a_citizen(2), key)
        jkt = thumbprint_of_key(key.public_key())

        with pytest.raises(SignInRefused):
            await devices.sign_in(await said_with(a_key(), given.device.serial), jkt)
        with pytest.raises(SignInRefused):
            await devices.sign_in(await said_with(key, "0" * 40), jkt)

    async def test_takes_a_challenge_once(self) -> None:
        key = a_key()
        given = await enrolled(await a_citizen(2), key)
        said, jkt = await said_with(key, given.device.serial), thumbprint_of_key(key.public_key())
        await devices.sign_in(said, jkt)

        with pytest.raises(ChallengeWrong):
            await devices.sign_in(said, jkt)

    async def test_raises_the_session_that_enrolled_its_own_key(self, http: httpx.AsyncClient) -> None:
        citizen, key = await a_citizen(2), a_key()
        jkt = thumbprint_of_key(key.public_key())
        pair = await sessions.open_session(sessions.Opening(citizen.id, "app", 2, jkt))
        auth = SignedIn(pair.access_token, key)
        assert (await http.get("/v1/me", auth=auth)).json()["level"] == 2
        session_id = UUID((await http.get("/v1/me/sessions", auth=auth)).json()["items"][0]["id"])
        calling = Citizen(citizen.id, 2, session_id, "app")

        await devices.enrol(calling, await asked_by(calling, key), PoliceRegister())

        assert (await http.get("/v1/me", auth=auth)).json()["level"] == 3


class TestRemove:
    async def test_ends_its_sessions_and_revokes_its_certificate(self, http: httpx.AsyncClient) -> None:
        citizen, key = await a_citizen(2), a_key()
        jkt = thumbprint_of_key(key.public_key())
        given = await enrolled(citizen, key)
        pair = await devices.sign_in(await said_with(key, given.device.serial), jkt)
        other = await signed_in(citizen)

        removed = await http.delete(f"/v1/me/devices/{given.device.id}", auth=other)

        assert removed.status_code == 204
        assert (await http.get("/v1/me", auth=SignedIn(pair.access_token, key))).json()["code"] == "session_over"
        assert (await http.get("/v1/me", auth=other)).status_code == 200
        held = await standing(given.device.serial)
        assert held is not None
        assert held.revoked_at is not None
        with pytest.raises(SignInRefused):
            await devices.sign_in(await said_with(key, given.device.serial), jkt)

    async def test_knows_no_device_of_a_stranger(self, http: httpx.AsyncClient) -> None:
        given = await enrolled(await a_citizen(2), a_key())
        stranger = await signed_in(await a_citizen(2))

        answer = await http.delete(f"/v1/me/devices/{given.device.id}", auth=stranger)

        assert (answer.status_code, answer.json()["code"]) == (404, "device_unknown")

    async def test_removes_once(self) -> None:
        citizen = await a_citizen(2)
        given = await enrolled(citizen, a_key())
        await devices.remove(citizen, given.device.id)

        with pytest.raises(DeviceUnknown):
            await devices.remove(citizen, given.device.id)
        assert (await devices.my_devices(citizen)).items == []


class TestCertifiedKey:
    async def test_is_that_of_the_calling_device(self) -> None:
        citizen = await a_citizen(2)
        given = await enrolled(citizen, a_key())
        calling = Citizen(citizen.id, 3, citizen.session_id, "app", device_id=given.device.id)

        assert (await devices.certified_key(calling)).serial == given.device.serial
        with pytest.raises(DeviceUnknown):
            await devices.certified_key(citizen)


class TestOverHttp:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/v1/me/devices"),
            ("POST", "/v1/me/devices/challenge"),
            ("DELETE", "/v1/me/devices/0191a1b2-0000-7000-8000-000000000000"),
            ("GET", "/v1/me"),
            ("GET", "/v1/me/family"),
        ],
    )
    async def test_asks_for_a_session(self, http: httpx.AsyncClient, method: str, path: str) -> None:
        assert (await http.request(method, path)).status_code == 401

    async def test_lists_devices_and_takes_no_id_that_is_none(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        given = await enrolled(citizen, a_key())
        auth = await signed_in(citizen)

        listed = (await http.get("/v1/me/devices", auth=auth)).json()["items"]

        assert [item["serial"] for item in listed] == [given.device.serial]
        assert (await http.delete("/v1/me/devices/none", auth=auth)).status_code == 404

    async def test_signs_in(self, http: httpx.AsyncClient) -> None:
        key = a_key()
        given = await enrolled(await a_citizen(2), key)
        serial = given.device.serial
        nonce = (await http.post("/v1/sign-in/device/challenge", json={"serial": serial})).json()["nonce"]
        raw = LocalKey(key).sign(nonce.encode())
        body = {
            "serial": serial,
            "nonce": nonce,
            "signature": base64.urlsafe_b64encode(raw).rstrip(b"=").decode(),
            "client_id": "app",
        }
        proof = a_proof(key, "POST", str(http.base_url.copy_with(path="/v1/sign-in/device")))

        answer = await http.post("/v1/sign-in/device", json=body, headers={"dpop": proof})

        assert (answer.status_code, answer.json()["level"]) == (200, 3)
