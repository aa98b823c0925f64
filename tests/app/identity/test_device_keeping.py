"""Devices kept: enrolled at a counter, renamed, renewed, and with lower limits while they are new."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from app.audit.acts import Act
from app.card import payments
from app.card.codes import read_code
from app.card.errors import NewDevicePaymentOverLimit
from app.identity import devices, freezing, sessions
from app.identity.dpop import thumbprint_of_key
from app.identity.freeze_structs import Freezing
from app.identity.new_devices import is_new_device
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import execute, fetch_all, transaction
from app.kernel.ids import shard_of
from app.pki.revocation import standing
from tests.makers.callers import SignedIn, a_key, an_enrolled_officer, signed_in, the_authorities_of_the_product
from tests.makers.cards import a_card_holder, a_payment, a_request, a_till, balance_fen
from tests.makers.devices import OwnDevice, a_session_of, an_enrolled_device
from tests.makers.officers import an_officer_who_is
from tests.makers.people import a_citizen, a_grant, the_resident
from tests.makers.pki import a_csr

pytestmark = pytest.mark.usefixtures("app")
COUNTER = "/v1/officer/people/devices"


async def on_a_phone() -> tuple[Citizen, SignedIn, str]:
    """A citizen at level 2 on a phone that proves its key; the request for its certificate."""
    the_authorities_of_the_product()
    citizen, key = await a_citizen(2), a_key()
    jkt = thumbprint_of_key(key.public_key())
    pair = await sessions.open_session(sessions.Opening(citizen.id, "app", 2, jkt))
    return citizen, SignedIn(pair.access_token, key), a_csr(key)


async def shown(http: httpx.AsyncClient, auth: SignedIn, csr: str) -> dict[str, object]:
    answer = await http.post("/v1/me/devices/counter-code", json={"csr": csr, "name": "新手机"}, auth=auth)
    assert answer.status_code == 200, answer.text
    read: dict[str, object] = answer.json()
    return read


async def standing_there(citizen: Citizen, code: object, **changed: object) -> dict[str, object]:
    known = await the_resident(citizen.id)
    return {"code": code, "name": known.name, "id_number": known.id_number} | changed


async def frozen(citizen: Citizen) -> None:
    await freezing.freeze(citizen, Freezing())


async def signed_out(citizen: Citizen) -> None:
    async with transaction(sessions.IDENTITY):
        await sessions.end_all(citizen.id, "ended_by_owner")


async def dead(citizen: Citizen) -> None:
    async with transaction(sessions.IDENTITY):
        await execute(
            "UPDATE resident SET died_on = $3 WHERE shard = $1 AND id = $2",
            *(shard_of(citizen.id), citizen.id, clock.today()),
        )


async def devices_of(citizen: Citizen) -> int:
    return len((await devices.my_devices(citizen)).items)


class TestCounter:
    async def test_enrols_the_phone_that_shows_the_code(self, http: httpx.AsyncClient) -> None:
        officer = await an_enrolled_officer(a_grant("enrol_device"))
        citizen, auth, csr = await on_a_phone()
        code = await shown(http, auth, csr)

        answer = await http.post(COUNTER, json=await standing_there(citizen, code["code"]), headers=officer.headers)

        assert (answer.status_code, answer.json()["comparison"]) == (200, code["comparison"])
        assert (await http.get("/v1/me", auth=auth)).json()["level"] == 3
        async with transaction(sessions.IDENTITY):
            acts = await fetch_all("SELECT act, actor_kind, basis_kind FROM act WHERE citizen_id = $1", citizen.id)
        assert (Act.DEVICE_ENROLLED, "officer", "counter") in [tuple(row) for row in acts]

    async def test_takes_a_code_once(self, http: httpx.AsyncClient) -> None:
        officer = await an_enrolled_officer(a_grant("enrol_device"))
        citizen, auth, csr = await on_a_phone()
        body = await standing_there(citizen, (await shown(http, auth, csr))["code"])
        await http.post(COUNTER, json=body, headers=officer.headers)

        again = await http.post(COUNTER, json=body, headers=officer.headers)

        assert (again.status_code, again.json()["code"]) == (404, "counter_code_unknown")

    async def test_refuses_somebody_elses_code_and_a_guess_alike(self, http: httpx.AsyncClient) -> None:
        officer = await an_enrolled_officer(a_grant("enrol_device"))
        citizen, auth, csr = await on_a_phone()
        code = (await shown(http, auth, csr))["code"]
        other = await a_citizen(2)

        wrong = [
            await standing_there(other, code),
            await standing_there(citizen, code, name="李大明"),
            await standing_there(citizen, "00000000"),
        ]

        for body in wrong:
            refused = await http.post(COUNTER, json=body, headers=officer.headers)
            assert (refused.status_code, refused.json()["code"]) == (404, "counter_code_unknown")
        assert (await http.get("/v1/me", auth=auth)).json()["level"] == 2

    async def test_enrols_nobody_who_is_frozen_signed_out_or_dead_meanwhile(self, http: httpx.AsyncClient) -> None:
        officer = await an_enrolled_officer(a_grant("enrol_device"))
        told: list[tuple[int, str]] = []

        for meanwhile in (frozen, signed_out, dead):
            citizen, auth, csr = await on_a_phone()
            body = await standing_there(citizen, (await shown(http, auth, csr))["code"])
            await meanwhile(citizen)
            refused = await http.post(COUNTER, json=body, headers=officer.headers)
            told.append((refused.status_code, refused.json()["code"]))
            assert await devices_of(citizen) == 0

        assert told == [(403, "identity_frozen"), (404, "counter_code_unknown"), (404, "counter_code_unknown")]

    async def test_isnt_kept_by_the_citizen_who_stands_there(self, http: httpx.AsyncClient) -> None:
        citizen, auth, csr = await on_a_phone()
        number = (await the_resident(citizen.id)).id_number or ""
        officer = await an_officer_who_is(number, a_grant("enrol_device"))
        body = await standing_there(citizen, (await shown(http, auth, csr))["code"])

        refused = await http.post(COUNTER, json=body, headers=officer.headers)

        assert (refused.status_code, refused.json()["code"]) == (409, "second_officer_needed")

    async def test_needs_the_right_for_the_persons_division(self, http: httpx.AsyncClient) -> None:
        citizen, auth, csr = await on_a_phone()
        body = await standing_there(citizen, (await shown(http, auth, csr))["code"])

        for grant in (a_grant("freeze"), a_grant("enrol_device", division="370611")):
            officer = await an_enrolled_officer(grant)
            refused = await http.post(COUNTER, json=body, headers=officer.headers)
            assert (refused.status_code, refused.json()["code"]) == (403, "no_right")
        assert (await http.post(COUNTER, json=body)).status_code == 401
        assert (await http.post(COUNTER, json=body, auth=auth)).status_code == 401

    async def test_is_shown_to_whoever_proved_their_name(self, http: httpx.AsyncClient) -> None:
        body = {"csr": a_csr(a_key()), "name": "手机"}

        refused = await http.post("/v1/me/devices/counter-code", json=body, auth=await signed_in(await a_citizen(1)))

        assert (refused.status_code, refused.json()["code"]) == (403, "assurance_too_low")
        assert (await http.post("/v1/me/devices/counter-code", json=body)).status_code == 401


class TestRename:
    async def test_calls_it_something_else(self, http: httpx.AsyncClient) -> None:
        device = await an_enrolled_device(await a_citizen(2))
        auth = await device.signed_in()

        answer = await http.patch(f"/v1/me/devices/{device.id}", json={"name": "旧手机"}, auth=auth)

        assert (answer.status_code, answer.json()["name"], answer.json()["current"]) == (200, "旧手机", True)

    async def test_knows_none_of_a_stranger(self, http: httpx.AsyncClient) -> None:
        device, stranger = await an_enrolled_device(await a_citizen(2)), await signed_in(await a_citizen(2))
        path = f"/v1/me/devices/{device.id}"

        assert (await http.patch(path, json={"name": "x"}, auth=stranger)).json()["code"] == "device_unknown"
        assert (await http.patch(path, json={"name": "x"})).status_code == 401
        assert (await http.patch(path, json={"name": ""}, auth=stranger)).status_code == 422


class TestRenew:
    async def test_certifies_the_same_key_for_another_year(self, http: httpx.AsyncClient) -> None:
        device = await an_enrolled_device(await a_citizen(2))
        auth = await device.signed_in()

        renewed = await http.post(path_of(device), json={"csr": a_csr(device.key)}, auth=auth)

        assert renewed.status_code == 200
        serial = renewed.json()["device"]["serial"]
        assert serial != device.serial
        old, new = await standing(device.serial), await standing(serial)
        assert old is not None
        assert new is not None
        assert (old.revoked_at is None, new.revoked_at) == (False, None)
        assert (await http.get("/v1/me", auth=auth)).json()["level"] == 3

    async def test_goes_on_with_a_new_key_and_ends_what_was_bound_to_the_old(self, http: httpx.AsyncClient) -> None:
        device, key = await an_enrolled_device(await a_citizen(2)), a_key()
        auth = await device.signed_in()

        renewed = (await http.post(path_of(device), json={"csr": a_csr(key)}, auth=auth)).json()

        assert (await http.get("/v1/me", auth=auth)).json()["code"] == "session_over"
        new = OwnDevice(device.owner, device.id, renewed["device"]["serial"], key)
        assert (await http.get("/v1/me", auth=await new.signed_in())).json()["device_id"] == str(device.id)

    async def test_is_for_the_calling_device_only(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        one, other = await an_enrolled_device(citizen), await an_enrolled_device(citizen)
        body = {"csr": a_csr(one.key)}

        for auth in (
            await other.signed_in(),
            await (await an_enrolled_device(await a_citizen(2))).signed_in(),
        ):
            refused = await http.post(path_of(one), json=body, auth=auth)
            assert (refused.status_code, refused.json()["code"]) == (404, "device_unknown")
        assert (await http.post(path_of(one), json=body, auth=await a_session_of(citizen))).status_code == 403
        assert (await http.post(path_of(one), json=body)).status_code == 401
        unreadable = await http.post(path_of(one), json={"csr": "x"}, auth=await one.signed_in())
        assert unreadable.json()["code"] == "csr_unreadable"


def path_of(device: OwnDevice) -> str:
    return f"/v1/me/devices/{device.id}/renew"


class TestNewDevice:
    def test_is_new_for_a_day(self) -> None:
        def since(ago: timedelta | None) -> Citizen:
            someone = UUID(int=1)
            return Citizen(someone, 3, someone, "app", device_since=None if ago is None else clock.now() - ago)

        day = timedelta(hours=24)
        assert is_new_device(since(timedelta()))
        assert is_new_device(since(day - timedelta(minutes=1)))
        assert not is_new_device(since(day + timedelta(minutes=1)))
        assert not is_new_device(since(None))

    async def test_pays_small_amounts_only(self) -> None:
        citizen = await a_card_holder(100_000)
        new = Citizen(citizen.id, 3, citizen.session_id, "app", device_since=clock.now())
        most, more = await a_payment(new, 50_000), await a_payment(new, 50_001, sequence=2)

        till = a_till()
        with pytest.raises(NewDevicePaymentOverLimit):
            await payments.pay(till, more, a_request(more))
        await payments.pay(till, most, a_request(most))

        assert await balance_fen(citizen) == 50_000

    async def test_is_an_old_one_the_day_after(self) -> None:
        citizen = await a_card_holder(100_000)
        old = Citizen(citizen.id, 3, citizen.session_id, "app", device_since=clock.now() - timedelta(hours=25))
        payment = await a_payment(old, 50_001)

        await payments.pay(a_till(), payment, a_request(payment))

        assert not read_code(payment.payer_code).new_device

    async def test_is_known_from_the_request(self, http: httpx.AsyncClient) -> None:
        citizen = await a_card_holder(100_000)
        auth = await (await an_enrolled_device(citizen)).signed_in()

        code = (await http.get("/v1/card/code", auth=auth)).json()["code"]
        bearers = (await http.get("/v1/card/code", auth=await a_session_of(citizen))).json()["code"]

        assert read_code(code).new_device
        assert not read_code(bearers).new_device
