"""Children are delivered, certified, told to the portal until it listens, and never forgotten."""

import asyncio
import re
from pathlib import Path

import msgspec
import pytest

from app.embedded.ports import free_block
from app.kernel import clock
from app.keys.algorithms import VerifyingKey, verifying_key
from app.keys.request_signatures import Request
from integrations.city.keys import CityKeys, read_p256_key
from integrations.departments.health import BirthCertificate
from integrations.departments.police import BirthRegistered
from integrations.exchange.messages import Pushed, verify_push
from tests.integrations.city.test_exchange import a_registration
from tests.integrations.city.test_pay_platform import Portal, a_portal
from tests.makers.city import FATHER, MOTHER, STRANGER, Town, a_question, a_town


def believed(portal: Portal, call: int, keys: CityKeys) -> Pushed:
    key = verifying_key(read_p256_key(keys.department_key("wjw")).public_key())

    def lookup(keyid: str) -> VerifyingKey | None:
        return key if keyid == "wjw.dept.fuhai.example" else None

    headers, body = portal.calls[call]
    request = Request("POST", f"{portal.url}/v1/exchange/events", headers, body)
    return verify_push(request, lookup, {"wjw.dept.fuhai.example": "WJW"}, clock.now())


class TestDelivery:
    async def test_certifies_the_child(self, town: Town) -> None:
        birth = await town.birth("male")

        certificate = msgspec.convert(birth, BirthCertificate, strict=False)
        assert re.fullmatch(r"[A-Z][0-9]{9}", certificate.certificate_no)
        assert certificate.child.sex == "male"
        assert certificate.child.born_at <= clock.now()
        assert (certificate.mother.id_number, certificate.father and certificate.father.id_number) == (MOTHER, FATHER)

    async def test_draws_the_sex_when_it_is_not_said(self, town: Town) -> None:
        born = await town.control("POST", "births", mother_id_number=MOTHER)

        assert born.json()["child"]["sex"] in {"male", "female"}

    async def test_gives_every_child_another_certificate(self, town: Town) -> None:
        numbers = {(await town.birth())["certificate_no"] for _ in range(3)}

        assert len(numbers) == 3

    @pytest.mark.parametrize(("who", "status"), [(FATHER, 422), (STRANGER, 404), ("370613196002030023", 422)])
    async def test_needs_a_mother(self, town: Town, who: str, status: int) -> None:
        assert (await town.control("POST", "births", mother_id_number=who)).status_code == status

    async def test_is_listed_with_the_childs_number_once_it_is_registered(self, town: Town) -> None:
        birth = await town.birth()
        registered = await town.ask("gaj", "register_birth", **a_registration(birth, "YT-B-1"))

        listed = (await town.http.get("/control/births")).json()["items"]

        number = msgspec.json.decode(registered.body, type=BirthRegistered).id_number
        assert (listed[0]["certificate_no"], listed[0]["id_number"]) == (birth["certificate_no"], number)


class TestNews:
    async def test_is_pushed_signed_by_the_health_commission(self, prepared: Path) -> None:
        async with a_portal() as portal, a_town(prepared, portal=portal.url) as town:
            birth = await town.birth()
            await portal.called(1)

        push = believed(portal, 0, town.keys).push
        assert (push.kind, push.department) == ("child_born", "WJW")
        assert msgspec.json.decode(push.body) == birth

    async def test_comes_again_with_the_same_id_and_a_new_signature(self, prepared: Path) -> None:
        async with a_portal(refusing=1) as portal, a_town(prepared, portal=portal.url) as town:
            await town.birth()
            await portal.called(2)

        first, second = (believed(portal, call, town.keys) for call in (0, 1))
        assert first.push.id == second.push.id
        assert first.verified.nonce != second.verified.nonce

    async def test_reaches_a_portal_that_was_away(self, prepared: Path) -> None:
        async with a_portal() as gone:
            address = gone.url
        async with a_town(prepared, portal=address) as town:
            birth = await town.birth()
            await asyncio.sleep(0.1)
        async with a_portal() as portal, a_town(prepared, portal=portal.url):
            await portal.called(1)

        assert msgspec.json.decode(portal.calls[0][1])["body"]["certificate_no"] == birth["certificate_no"]


class TestRestart:
    async def test_keeps_children_numbers_messages_and_doses(self, prepared: Path) -> None:
        async with a_town(prepared) as town:
            birth = await town.birth()
            registered = (await town.ask("gaj", "register_birth", **a_registration(birth, "YT-R-1"))).body
            number = msgspec.json.decode(registered, type=BirthRegistered).id_number
            dose = {"vaccine": "HepB", "dose_no": 2, "date": "2026-11-22"}
            await town.control("POST", "vaccinations", certificate_no=birth["certificate_no"], **dose)
            token = (await town.control("POST", "face", id_number=MOTHER)).json()["face_token"]

        async with a_town(prepared) as town:
            again = (await town.ask("gaj", "register_birth", **a_registration(birth, "YT-R-1"))).body
            known = await town.ask("gaj", "verify_identity", name="孙𠮷", id_number=number)
            bundle = msgspec.json.decode((await town.ask("wjw", "immunisations", id_number=number)).body)
            face = await town.ask("gaj", "verify_face", id_number=MOTHER, face_token=token)

        assert bytes(again) == bytes(registered)
        assert msgspec.json.decode(known.body)["match"] is True
        assert bundle["total"] == 3
        assert bytes(face.body) == b'{"match":true}'

    async def test_gives_no_number_twice(self, prepared: Path) -> None:
        numbers = set()
        for run in range(2):
            async with a_town(prepared) as town:
                question = a_registration(await town.birth(), f"YT-R-2-{run}")
                answer = await town.ask("gaj", "register_birth", **question)
                numbers.add(msgspec.json.decode(answer.body, type=BirthRegistered).id_number)

        assert len(numbers) == 2

    async def test_still_refuses_a_replay(self, prepared: Path) -> None:
        port = free_block()
        async with a_town(prepared, port) as town:
            address = town.service("gaj", "household")
            message = a_question(address, "household", {"id_number": MOTHER})
            await town.post(address, message)
        async with a_town(prepared, port) as town:
            assert (await town.post(address, message)).status_code == 409
