"""Consents: off until chosen, counted, kept as evidence."""

import asyncio

import httpx
import pytest

from app.audit.acts import Act
from app.kernel.actors import System
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.privacy.consents import choose, is_given, my_consents
from app.privacy.errors import ConsentsChanged, PurposeUnknown
from app.privacy.purposes import PURPOSES, PUSH_PUBLIC, SOURCE_POLICE
from app.privacy.structs import ConsentChoice, ConsentChoices
from tests.makers.callers import headers, signed_in
from tests.makers.people import a_citizen

pytestmark = pytest.mark.usefixtures("app")
KEEPER = System("tests")


def a_choice(purpose: str = PUSH_PUBLIC.code, *, given: bool = True) -> ConsentChoices:
    return ConsentChoices((ConsentChoice(purpose, given),))


class TestChoose:
    async def test_starts_with_nothing_allowed(self) -> None:
        citizen = await a_citizen()

        view = await my_consents(citizen)

        assert view.version == 0
        assert [(item.purpose, item.given, item.at) for item in view.items] == [
            (code, False, None) for code in PURPOSES
        ]
        assert not await is_given(citizen.id, PUSH_PUBLIC)

    async def test_gives_and_takes_back(self) -> None:
        citizen = await a_citizen()

        assert (await choose(citizen, a_choice(), None)).version == 1
        assert await is_given(citizen.id, PUSH_PUBLIC)
        assert not await is_given(citizen.id, SOURCE_POLICE)
        assert (await choose(citizen, a_choice(given=False), None)).version == 2
        assert not await is_given(citizen.id, PUSH_PUBLIC)

    async def test_writes_and_seals_only_changes(self) -> None:
        citizen = await a_citizen()

        for _ in range(3):
            assert (await choose(citizen, a_choice(), None)).version == 1

        async with transaction(KEEPER):
            assert await fetch_value("SELECT count(*) FROM consent WHERE citizen_id = $1", citizen.id) == 1
            acts = await fetch_all("SELECT act FROM act WHERE citizen_id = $1", citizen.id)
        assert [row["act"] for row in acts] == [Act.CONSENTS_CHANGED]

    async def test_refuses_an_unknown_purpose_and_changes_nothing(self) -> None:
        citizen = await a_citizen()
        mixed = ConsentChoices((ConsentChoice(PUSH_PUBLIC.code, True), ConsentChoice("world_peace", True)))

        with pytest.raises(PurposeUnknown):
            await choose(citizen, mixed, None)
        assert (await my_consents(citizen)).version == 0

    async def test_refuses_what_was_changed_meanwhile(self) -> None:
        citizen = await a_citizen()
        await choose(citizen, a_choice(), 0)

        with pytest.raises(ConsentsChanged):
            await choose(citizen, a_choice(given=False), 0)

    async def test_lets_several_at_once_follow_each_other(self) -> None:
        citizen = await a_citizen()

        await asyncio.gather(*(choose(citizen, a_choice(code), None) for code in PURPOSES))

        view = await my_consents(citizen)
        assert view.version == len(PURPOSES)
        assert all(item.given for item in view.items)

    async def test_is_kept_for_good(self) -> None:
        citizen = await a_citizen()
        await choose(citizen, a_choice(), None)

        with pytest.raises(Exception, match="permission denied"):
            async with transaction(KEEPER):
                await execute("UPDATE consent SET given = false")


class TestOverHttp:
    async def test_chooses_by_version(self, http: httpx.AsyncClient) -> None:
        auth = await signed_in(await a_citizen())
        read = await http.get("/v1/me/consents", auth=auth)
        body = {"items": [{"purpose": "push_public_service", "given": True}]}

        first = await http.put("/v1/me/consents", json=body, auth=auth, headers={"if-match": read.headers["etag"]})
        second = await http.put("/v1/me/consents", json=body, auth=auth, headers={"if-match": read.headers["etag"]})
        odd = await http.put("/v1/me/consents", json=body, auth=auth, headers={"if-match": "W/1"})

        assert (first.status_code, first.headers["etag"]) == (200, '"1"')
        assert (second.status_code, second.json()["code"], odd.status_code) == (412, "consents_changed", 412)

    async def test_shows_nobody_elses(self, http: httpx.AsyncClient) -> None:
        citizen, stranger = await a_citizen(), await a_citizen()
        await choose(citizen, a_choice(), None)

        view = (await http.get("/v1/me/consents", auth=await signed_in(stranger))).json()

        assert view["version"] == 0
        assert (await http.get("/v1/me/consents")).status_code == 401
        body = {"items": [{"purpose": "push_public_service", "given": True}]}
        assert (await http.put("/v1/me/consents", json=body)).status_code == 401

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"items": []},
            {"items": [{"purpose": "push_public_service", "given": "yes"}]},
            {"items": [{"purpose": "push_public_service"}]},
            {"items": [{"purpose": "a\x00", "given": True}]},
            {"items": [{"purpose": "push_public_service", "given": True, "more": 1}]},
            {"items": [{"purpose": "push_public_service", "given": True}] * 51},
        ],
    )
    async def test_refuses_a_bad_body(self, http: httpx.AsyncClient, body: dict[str, object]) -> None:
        answer = await http.put("/v1/me/consents", json=body, headers=await headers(await a_citizen()))

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")
