"""Births: a signed event makes a child with its parents known, once, however often it is delivered."""

import asyncio
import uuid
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from litestar import Litestar

from app.kernel import clock
from app.kernel.database import fetch_all, fetch_value, transaction
from app.kernel.errors import Refusal
from app.keys.algorithms import verifying_key
from app.keys.errors import NonceReplayed, SignatureAlgorithmWrong, SignatureWrong
from app.keys.request_signatures import Request
from app.residents import pushes
from app.residents.directory import find_by_birth_certificate, find_by_id_number
from app.residents.errors import PersonDiffers, PushKindUnknown
from app.residents.families import guardians_of, kin_of, wards_of
from app.residents.people import RESIDENTS, record_death
from app.residents.pushes import Departments
from app.residents.structs import PushTaken
from integrations.exchange.archive import exchanges_of
from integrations.exchange.errors import PushFromAnother
from integrations.exchange.messages import make_push
from integrations.exchange.structs import Push
from tests.makers.people import a_citizen, an_id_number, the_resident
from tests.makers.signed import HEALTH, POLICE, a_signer, public_keys

pytestmark = pytest.mark.usefixtures("app")
ADDRESS = "http://127.0.0.1:8000/v1/exchange/events"
DEPARTMENTS = Departments(public_keys().get, {HEALTH: "WJW", POLICE: "GAJ"})


def a_birth(mother_number: str | None = None, **changed: Any) -> dict[str, Any]:
    """A birth certificate's body."""
    born_at = clock.now() - timedelta(hours=2)
    told: dict[str, Any] = {
        "certificate_no": f"Y37{uuid.uuid4().int % 10**7:07d}",
        "hospital": "烟台市妇幼保健院",
        "child": {"sex": "female", "born_at": born_at, "weight_g": 3200, "length_mm": 500},
        "mother": {"name": "于晓彤", "id_number": mother_number or an_id_number()},
        "father": {"name": "孙䶮", "id_number": an_id_number()},
    }
    return told | changed


def a_push(body: object, kind: str = "child_born", department: str = "WJW", event: UUID | None = None) -> Push:
    return Push(event or uuid.uuid4(), kind, clock.now(), department, msgspec.Raw(msgspec.json.encode(body)))


def signed(push: Push, by: str = HEALTH, at: datetime | None = None) -> Request:
    message = make_push(push, ADDRESS, a_signer(by), at or clock.now())
    return Request("POST", ADDRESS, message.headers, message.body)


async def take(push: Push, by: str = HEALTH) -> PushTaken:
    return await pushes.take_push(signed(push, by), DEPARTMENTS)


class TestTakePush:
    async def test_makes_the_child_known_with_both_parents(self) -> None:
        mother = await a_citizen(2, name="于晓彤")
        number = (await the_resident(mother.id)).id_number or ""
        told = a_birth(number)

        taken = await take(push := a_push(told))

        assert (taken.id, taken.received) == (push.id, True)
        child = await find_by_birth_certificate(told["certificate_no"])
        father = await find_by_id_number(told["father"]["id_number"])
        assert child is not None
        assert father is not None
        assert await wards_of(mother.id) == await wards_of(father) == (child,)
        assert set(await guardians_of(child)) == {mother.id, father}
        known = await the_resident(child)
        assert (known.name, known.id_number, known.sex) == (None, None, "female")
        assert known.birth_date == clock.local(told["child"]["born_at"]).date()
        assert known.division_code == (await the_resident(mother.id)).division_code

    async def test_tells_of_the_child_and_keeps_what_was_signed(self) -> None:
        told = a_birth()
        await take(push := a_push(told))

        child = await find_by_birth_certificate(told["certificate_no"])
        assert child is not None
        async with transaction(RESIDENTS):
            events = await fetch_all("SELECT kind, actor FROM outbox WHERE citizen_id = $1", child)
        assert [tuple(row) for row in events] == [("residents.child_born", "department:WJW")]
        (kept,) = await exchanges_of(child)
        assert (kept.direction, kept.department, kept.basis.id) == ("in", "WJW", str(push.id))
        assert "signature" in kept.messages.request.headers

    async def test_needs_no_father(self) -> None:
        told = a_birth(father=None)

        await take(a_push(told))

        child = await find_by_birth_certificate(told["certificate_no"])
        assert child is not None
        assert len(await guardians_of(child)) == 1

    async def test_makes_no_stranger_a_mother(self) -> None:
        stranger = await a_citizen(name="王小红")
        told = a_birth((await the_resident(stranger.id)).id_number)

        with pytest.raises(PersonDiffers):
            await take(a_push(told))

        assert await wards_of(stranger.id) == ()
        assert await find_by_birth_certificate(told["certificate_no"]) is None
        assert await find_by_id_number(told["father"]["id_number"]) is None

    async def test_makes_nobody_a_child_who_was_born_on_another_day(self) -> None:
        certificate_no = a_birth()["certificate_no"]
        grown = await a_citizen(birth_certificate_no=certificate_no)

        with pytest.raises(PersonDiffers):
            await take(a_push(a_birth(certificate_no=certificate_no)))

        assert await kin_of(grown.id) == []

    async def test_makes_who_died_a_parent_and_no_guardian(self) -> None:
        mother = await a_citizen(name="于晓彤")
        told = a_birth((await the_resident(mother.id)).id_number, father=None)
        async with transaction(RESIDENTS):
            await record_death(mother.id, clock.today())

        await take(a_push(told))

        child = await find_by_birth_certificate(told["certificate_no"])
        assert child is not None
        assert [kin.relation for kin in await kin_of(child)] == ["child_of"]
        async with transaction(RESIDENTS):
            events = await fetch_all("SELECT kind FROM outbox WHERE citizen_id = $1 ORDER BY kind", child)
        assert [row["kind"] for row in events] == ["residents.child_born", "residents.ward_left_alone"]

    async def test_answers_a_repeat_alike_and_does_nothing(self) -> None:
        push = a_push(told := a_birth())

        answers = [await take(push) for _ in range(3)]

        assert len(set(answers)) == 1
        child = await find_by_birth_certificate(told["certificate_no"])
        assert child is not None
        async with transaction(RESIDENTS):
            assert await fetch_value("SELECT count(*) FROM outbox WHERE citizen_id = $1", child) == 1
        assert len(await exchanges_of(child)) == 1

    async def test_makes_one_child_of_several_deliveries_at_once(self) -> None:
        push = a_push(told := a_birth())

        await asyncio.gather(*(take(push) for _ in range(6)))

        child = await find_by_birth_certificate(told["certificate_no"])
        assert child is not None
        assert len(await kin_of(child)) == 4
        assert len(await exchanges_of(child)) == 1

    async def test_takes_a_signature_once(self) -> None:
        request = signed(a_push(a_birth()))
        await pushes.take_push(request, DEPARTMENTS)

        with pytest.raises(NonceReplayed):
            await pushes.take_push(request, DEPARTMENTS)

    async def test_refuses_births_told_by_the_police(self) -> None:
        with pytest.raises(PushFromAnother):
            await take(a_push(told := a_birth(), department="GAJ"), POLICE)
        with pytest.raises(PushFromAnother):
            await take(a_push(told), POLICE)
        assert await find_by_birth_certificate(told["certificate_no"]) is None

    async def test_refuses_news_that_nobody_listens_to(self) -> None:
        with pytest.raises(PushKindUnknown):
            await take(a_push({}, kind="weather_changed"))

    async def test_refuses_a_changed_body_and_another_key(self) -> None:
        request = signed(a_push(a_birth()))

        with pytest.raises(Refusal):
            await pushes.take_push(Request("POST", ADDRESS, request.headers, request.body + b" "), DEPARTMENTS)
        another = Ed25519PrivateKey.generate().public_key()
        with pytest.raises(SignatureWrong):
            await pushes.take_push(request, Departments(lambda _: verifying_key(another), {}))
        with pytest.raises(SignatureAlgorithmWrong):
            await pushes.take_push(request, Departments(lambda _: public_keys()[POLICE], {}))

    @pytest.mark.parametrize(
        "changed",
        [
            {"certificate_no": ""},
            {"certificate_no": "a\x00b"},
            {"mother": None},
            {"mother": {"name": "于晓彤", "id_number": "1"}},
            {"mother": {"name": "于晓彤", "id_number": "370602199003070010"}},
            {"child": {"sex": "x", "born_at": "2026-11-01T00:00:00+08:00", "weight_g": 3200, "length_mm": 500}},
        ],
    )
    async def test_writes_nothing_of_what_cannot_be(self, changed: dict[str, Any]) -> None:
        push = a_push(a_birth(**changed))

        with pytest.raises(Refusal):
            await take(push)
        async with transaction(RESIDENTS):
            assert await fetch_value("SELECT count(*) FROM received_push WHERE id = $1", push.id) == 0


class TestOverHttp:
    async def test_refuses_who_does_not_sign(self, http: httpx.AsyncClient) -> None:
        answer = await http.post("/v1/exchange/events", json={"id": str(uuid.uuid4())})

        assert (answer.status_code, answer.json()["code"]) == (401, "signature_missing")

    async def test_refuses_an_unknown_department(self, http: httpx.AsyncClient) -> None:
        request = signed(a_push(a_birth()))

        answer = await http.post("/v1/exchange/events", content=request.body, headers=dict(request.headers))

        assert (answer.status_code, answer.json()["code"]) == (401, "key_unknown")

    async def test_takes_in_what_a_known_department_signed(
        self, app: Litestar, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.outside.DepartmentKeys.__call__", lambda _self, keyid: public_keys().get(keyid))
        request = signed(a_push(a_birth()))

        answer = await http.post("/v1/exchange/events", content=request.body, headers=dict(request.headers))

        assert (answer.status_code, answer.json()["received"]) == (202, True)
