"""Freezing by officers: on the phone with a right and a reason, and back at a counter."""

import httpx
import pytest

from app.audit.acts import Act
from app.identity import freezing, limits, sessions
from app.identity.freeze_structs import Freezing
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, transaction
from tests.makers.callers import an_enrolled_officer, signed_in
from tests.makers.devices import a_session_of, an_enrolled_device
from tests.makers.officers import an_officer_who_is
from tests.makers.people import a_citizen, a_grant, a_phone, an_id_number, the_resident

pytestmark = pytest.mark.usefixtures("app")
PATH = "/v1/officer/people/freeze"


async def named(citizen: Citizen, **changed: object) -> dict[str, object]:
    known = await the_resident(citizen.id)
    return {"name": known.name, "id_number": known.id_number, "reason": "来电挂失手机"} | changed


async def acts_about(citizen: Citizen) -> list[tuple[str, str, str | None]]:
    async with transaction(sessions.IDENTITY):
        rows = await fetch_all(
            "SELECT act, actor_kind, basis_kind FROM act WHERE citizen_id = $1 ORDER BY id", citizen.id
        )
    return [(row["act"], row["actor_kind"], row["basis_kind"]) for row in rows]


class TestFreeze:
    async def test_stops_the_person_and_says_on_whose_word(self, http: httpx.AsyncClient) -> None:
        officer, citizen = await an_enrolled_officer(a_grant("freeze")), await a_citizen(2)
        auth = await a_session_of(citizen)

        answer = await http.post(PATH, json=await named(citizen), headers=officer.headers)

        assert (answer.status_code, answer.json()["person_id"]) == (200, str(citizen.id))
        assert answer.json()["name_masked"] == "王*红"
        assert (await http.get("/v1/me", auth=auth)).json()["code"] == "identity_frozen"
        assert (Act.IDENTITY_FROZEN, "officer", "freeze") in await acts_about(citizen)

    async def test_finds_by_phone_too_and_needs_every_number_to_fit(self, http: httpx.AsyncClient) -> None:
        officer, citizen = await an_enrolled_officer(a_grant("freeze")), await a_citizen(2)
        phone = (await the_resident(citizen.id)).phone
        other = (await the_resident((await a_citizen(2)).id)).phone

        both = await http.post(PATH, json=await named(citizen, phone=other), headers=officer.headers)
        by_phone = await http.post(
            PATH, json=await named(citizen, id_number=None, phone=phone), headers=officer.headers
        )

        assert (both.status_code, both.json()["code"]) == (404, "person_not_found")
        assert by_phone.status_code == 200

    async def test_says_alike_that_name_or_number_is_wrong(self, http: httpx.AsyncClient) -> None:
        officer, citizen = await an_enrolled_officer(a_grant("freeze")), await a_citizen(2)
        wrong = [
            await named(citizen, name="李大明"),
            await named(citizen, id_number=an_id_number()),
            await named(citizen, id_number=None, phone=a_phone()),
        ]

        answers = [(await http.post(PATH, json=body, headers=officer.headers)).json() for body in wrong]

        assert [answer["code"] for answer in answers] == ["person_not_found"] * 3
        assert (await the_resident(citizen.id)).frozen_at is None

    async def test_needs_a_number(self, http: httpx.AsyncClient) -> None:
        officer = await an_enrolled_officer(a_grant("freeze"))

        answer = await http.post(PATH, json={"name": "王小红", "reason": "x"}, headers=officer.headers)

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")

    async def test_needs_the_right_for_the_persons_division(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        for grant in (a_grant("handle"), a_grant("unfreeze")):
            officer = await an_enrolled_officer(grant)
            refused = await http.post(PATH, json=await named(citizen), headers=officer.headers)
            assert (refused.status_code, refused.json()["code"]) == (403, "no_right")
        elsewhere = await an_enrolled_officer(a_grant("freeze", division="370611"))
        told = [
            (await http.post(PATH, json=body, headers=elsewhere.headers)).json()
            for body in (await named(citizen), await named(citizen, name="李大明"))
        ]
        assert told[0]["code"] == "person_not_found"
        assert told[0] == told[1], "nobody learns whether somebody of another division is known"
        here = await an_enrolled_officer(a_grant("freeze", matter="identity", division="3706"))

        assert (await http.post(PATH, json=await named(citizen), headers=here.headers)).status_code == 200

    async def test_is_limited_so_that_nobody_looks_for_people(self, http: httpx.AsyncClient) -> None:
        officer, citizen = await an_enrolled_officer(a_grant("freeze")), await a_citizen(2)
        body = await named(citizen, name="李大明")
        for _ in range(limits.OFFICER_LOOKUPS.times):
            assert (await http.post(PATH, json=body, headers=officer.headers)).status_code == 404

        refused = await http.post(PATH, json=body, headers=officer.headers)

        assert (refused.status_code, refused.json()["code"]) == (429, "tried_too_often")

    async def test_is_for_officers(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)

        assert (await http.post(PATH, json=await named(citizen))).status_code == 401
        assert (await http.post(PATH, json=await named(citizen), auth=await signed_in(citizen))).status_code == 401


class TestUnfreeze:
    async def test_is_never_for_the_officer_themselves(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen(2)
        number = (await the_resident(citizen.id)).id_number or ""
        officer = await an_officer_who_is(number, a_grant("unfreeze"))
        await freezing.freeze(citizen, Freezing())

        refused = await http.post(
            f"/v1/officer/people/{citizen.id}/unfreeze",
            json={"reason": "本人到窗口", "keep_devices": True},
            headers=officer.headers,
        )

        assert (refused.status_code, refused.json()["code"]) == (409, "second_officer_needed")
        assert (await the_resident(citizen.id)).frozen_at is not None

    async def test_lets_the_person_in_again_by_new_sessions(self, http: httpx.AsyncClient) -> None:
        officer, citizen = await an_enrolled_officer(a_grant("unfreeze")), await a_citizen(2)
        device, auth = await an_enrolled_device(citizen), await a_session_of(citizen)
        await freezing.freeze(citizen, Freezing())

        answer = await http.post(path_of(citizen), json=because(keep_devices=True), headers=officer.headers)

        assert (answer.status_code, answer.json()["frozen_at"]) == (200, None)
        assert (await http.get("/v1/me", auth=auth)).json()["code"] == "session_over"
        assert (await http.get("/v1/me", auth=await device.signed_in())).json()["level"] == 3
        assert (Act.IDENTITY_UNFROZEN, "officer", "freeze") in await acts_about(citizen)

    async def test_takes_the_devices_away_if_they_are_not_to_be_kept(self, http: httpx.AsyncClient) -> None:
        officer, citizen = await an_enrolled_officer(a_grant("unfreeze")), await a_citizen(2)
        auth = await (await an_enrolled_device(citizen)).signed_in()
        await freezing.freeze(citizen, Freezing())

        await http.post(path_of(citizen), json=because(keep_devices=False), headers=officer.headers)

        assert (await http.get("/v1/me", auth=auth)).json()["code"] == "session_over"
        fresh = await a_session_of(citizen)
        assert (await http.get("/v1/me/devices", auth=fresh)).json()["items"] == []
        assert (Act.DEVICE_REMOVED, "officer", "freeze") in await acts_about(citizen)

    async def test_changes_nothing_for_who_is_not_frozen(self, http: httpx.AsyncClient) -> None:
        officer, citizen = await an_enrolled_officer(a_grant("unfreeze")), await a_citizen(2)
        auth = await (await an_enrolled_device(citizen)).signed_in()

        answer = await http.post(path_of(citizen), json=because(keep_devices=False), headers=officer.headers)

        assert answer.status_code == 200
        assert (await http.get("/v1/me", auth=auth)).status_code == 200

    async def test_needs_the_right_and_knows_no_strangers(self, http: httpx.AsyncClient) -> None:
        citizen, nobody = await a_citizen(2), "01900000-0000-7000-8000-00000000003c"
        without, there = await an_enrolled_officer(a_grant("freeze")), await an_enrolled_officer(a_grant("unfreeze"))
        body = because(keep_devices=True)

        assert (await http.post(path_of(citizen), json=body, headers=without.headers)).json()["code"] == "no_right"
        unknown = await http.post(f"/v1/officer/people/{nobody}/unfreeze", json=body, headers=there.headers)
        assert (unknown.status_code, unknown.json()["code"]) == (404, "person_not_found")
        assert (await http.post(path_of(citizen), json=body)).status_code == 401


def path_of(citizen: Citizen) -> str:
    return f"/v1/officer/people/{citizen.id}/unfreeze"


def because(*, keep_devices: bool) -> dict[str, object]:
    return {"reason": "持身份证到窗口", "keep_devices": keep_devices}
