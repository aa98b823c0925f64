"""The timeline over HTTP: who is answered what."""

import asyncio
import secrets
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.kernel.actors import Citizen, Scope
from tests.makers.callers import an_enrolled_officer, headers
from tests.makers.delegations import a_power
from tests.makers.files import a_file
from tests.makers.people import a_citizen, a_guardian_of, a_newborn
from tests.makers.timeline import a_memory, a_record, counted

pytestmark = pytest.mark.usefixtures("app")
TIMELINE = "/v1/me/timeline"
MEMORY = {"day": "2001-06-01", "title": "第一次看海", "text": "在月亮湾"}


def a_key() -> dict[str, str]:
    return {"idempotency-key": secrets.token_hex(8)}


async def everything_of(citizen: Citizen) -> list[tuple[str, str, Any]]:
    """Every request that touches an entry of this citizen's."""
    record, memory, file = await a_record(citizen.id), await a_memory(citizen), await a_file(citizen)
    return [
        ("GET", f"{TIMELINE}/{record}", None),
        ("POST", f"{TIMELINE}/{record}/hide", None),
        ("POST", f"{TIMELINE}/{record}/show", None),
        ("POST", f"{TIMELINE}/{record}/corrections", {"text": "日期写错了"}),
        ("POST", f"{TIMELINE}/{record}/attachments", {"node_id": str(file.id)}),
        ("DELETE", f"{TIMELINE}/{record}/attachments/{file.id}", None),
        ("PATCH", f"{TIMELINE}/{memory.id}", {"title": "看海"}),
        ("DELETE", f"{TIMELINE}/{memory.id}", None),
    ]


class TestCallers:
    async def test_the_owner_is_answered_and_nobody_else_finds_it(self, http: httpx.AsyncClient) -> None:
        owner, stranger = await a_citizen(), await headers(await a_citizen())
        officer = (await an_enrolled_officer()).headers

        for method, path, body in await everything_of(owner):
            answers = [
                (await http.request(method, path, json=body, headers=who)).status_code
                for who in ({}, stranger, officer, await headers(owner))
            ]
            assert answers[:3] == [401, 404, 401], path
            assert answers[3] in {200, 202, 204}, path

    @pytest.mark.parametrize("path", [TIMELINE, f"{TIMELINE}/buckets"])
    async def test_lists_are_the_callers(self, http: httpx.AsyncClient, path: str) -> None:
        owner, stranger = await a_citizen(), await headers(await a_citizen())

        assert (await http.get(path)).status_code == 401
        assert (await http.get(path, params={"person_id": str(owner.id)}, headers=stranger)).status_code == 404
        assert (await http.get(path, headers=await headers(owner))).status_code == 200

    async def test_a_delegate_reads_and_touches_nothing(self, http: httpx.AsyncClient) -> None:
        owner, delegate = await a_citizen(), await a_citizen()
        await a_power(owner, delegate, Scope.RECORDS_READ)
        told = await headers(delegate) | {"Fuhai-Acting-For": str(owner.id)}

        requests = await everything_of(owner)
        for method, path, body in [*requests, ("POST", TIMELINE, MEMORY)]:
            answer = await http.request(method, path, json=body, headers=told)
            expected = 200 if method == "GET" else 403
            assert answer.status_code == expected, path
        hidden = await http.get(TIMELINE, params={"hidden": True}, headers=told)
        assert (await http.get(TIMELINE, params={"q": "结婚证"}, headers=told)).json()["items"]
        assert (await http.get(f"{TIMELINE}/buckets", headers=told)).json()["count"] == 2
        assert (hidden.status_code, hidden.json()["code"]) == (403, "power_lacks_scope")

    async def test_what_the_owner_hid_does_not_exist_for_a_delegate(self, http: httpx.AsyncClient) -> None:
        owner, delegate = await a_citizen(), await a_citizen()
        await a_power(owner, delegate, Scope.RECORDS_READ)
        told = await headers(delegate) | {"Fuhai-Acting-For": str(owner.id)}
        record = await a_record(owner.id)

        await http.post(f"{TIMELINE}/{record}/hide", headers=await headers(owner))

        assert (await http.get(f"{TIMELINE}/{record}", headers=told)).status_code == 404
        assert (await http.get(f"{TIMELINE}/{record}", headers=await headers(owner))).json()["hidden"]

    async def test_a_guardian_does_all_of_it_for_a_small_child(self, http: httpx.AsyncClient) -> None:
        child = await a_newborn()
        mother = await a_guardian_of(child)
        sent = await headers(mother)
        record, file = await a_record(child), await a_file(mother)

        for path, body in (
            (TIMELINE, MEMORY | {"person_id": str(child)}),
            (f"{TIMELINE}/{record}/hide", None),
            (f"{TIMELINE}/{record}/show", None),
            (f"{TIMELINE}/{record}/corrections", {"text": "体重写错了"}),
            (f"{TIMELINE}/{record}/attachments", {"node_id": str(file.id)}),
        ):
            assert (await http.post(path, json=body, headers=sent)).is_success, path


class TestRepeats:
    async def test_a_memory_is_written_once(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()
        sent = await headers(citizen) | a_key()

        answers = await asyncio.gather(*(http.post(TIMELINE, json=MEMORY, headers=sent) for _ in range(4)))
        again = await http.post(TIMELINE, json=MEMORY, headers=sent)

        assert {answer.status_code for answer in answers} <= {201, 409}
        assert again.json() in [answer.json() for answer in answers]
        assert await counted(citizen) == 1

    async def test_a_correction_is_asked_once(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()
        path, body = f"{TIMELINE}/{await a_record(citizen.id)}/corrections", {"text": "日期写错了"}
        sent = await headers(citizen) | a_key()

        first = await http.post(path, json=body, headers=sent)
        repeated = await http.post(path, json=body, headers=sent)
        another = await http.post(path, json=body, headers=await headers(citizen))

        assert (first.status_code, repeated.json()) == (202, first.json())
        assert (another.status_code, another.json()["code"]) == (409, "correction_asked_already")


class TestMalformed:
    @pytest.mark.parametrize(
        ("asked", "status", "code"),
        [
            ({"cursor": "!"}, 400, "cursor_wrong"),
            ({"cursor": "bnVsbA"}, 400, "cursor_wrong"),
            ({"from": "2021-01-02", "to": "2021-01-01"}, 400, "period_reversed"),
            ({"from": "gestern"}, 400, "parameter_wrong"),
            ({"q": "税"}, 400, "words_too_short"),
            ({"q": "\x00"}, 400, "parameter_wrong"),
            ({"q": "字" * 61}, 400, "parameter_wrong"),
            ({"source": "\x00"}, 400, "parameter_wrong"),
            ({"source": "W' OR"}, 400, "parameter_wrong"),
            ({"kind": "nothing"}, 400, "parameter_wrong"),
            ({"limit": 0}, 400, "parameter_wrong"),
            ({"person_id": "me"}, 400, "parameter_wrong"),
        ],
    )
    async def test_a_list(self, http: httpx.AsyncClient, asked: dict[str, str], status: int, code: str) -> None:
        answer = await http.get(TIMELINE, params=asked, headers=await headers(await a_citizen()))

        assert (answer.status_code, answer.json()["code"]) == (status, code)

    @pytest.mark.parametrize("asked", [{"by": "day"}, {"year": 1899}, {"year": "x"}])
    async def test_buckets(self, http: httpx.AsyncClient, asked: dict[str, str]) -> None:
        answer = await http.get(f"{TIMELINE}/buckets", params=asked, headers=await headers(await a_citizen()))

        assert (answer.status_code, answer.json()["code"]) == (400, "parameter_wrong")

    @pytest.mark.parametrize(
        "body",
        [
            {},
            MEMORY | {"day": "2001-02-30"},
            MEMORY | {"title": ""},
            MEMORY | {"title": "a\x00"},
            MEMORY | {"text": "\x00"},
            MEMORY | {"text": "x" * 2001},
            MEMORY | {"node_ids": [str(uuid4())] * 21},
            MEMORY | {"more": 1},
        ],
    )
    async def test_a_memory(self, http: httpx.AsyncClient, body: dict[str, object]) -> None:
        citizen = await a_citizen()

        answer = await http.post(TIMELINE, json=body, headers=await headers(citizen))

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")
        assert await counted(citizen) == 0

    async def test_a_correction_and_an_attachment(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()
        path, sent = f"{TIMELINE}/{await a_record(citizen.id)}", await headers(citizen)

        for end, body in (
            ("corrections", {"text": ""}),
            ("corrections", {"text": "\x00"}),
            ("attachments", {"node_id": "x"}),
        ):
            assert (await http.post(f"{path}/{end}", json=body, headers=sent)).json()["code"] == "body_wrong"


class TestAnswers:
    async def test_filters_and_shape(self, http: httpx.AsyncClient) -> None:
        citizen = await a_citizen()
        sent = await headers(citizen)
        await a_record(citizen.id, "领取了结婚证")

        made = await http.post(TIMELINE, json=MEMORY, headers=sent)
        listed = await http.get(
            TIMELINE,
            params={"from": "2001-06-01", "to": "2001-06-01", "kind": "memory", "source": "self"},
            headers=sent,
        )
        counts = await http.get(f"{TIMELINE}/buckets", params={"by": "month", "year": 2001}, headers=sent)

        assert made.status_code == 201
        assert listed.json() == {"items": [made.json()], "next": None}
        assert counts.json() == {
            "items": [{"year": 2001, "month": 6, "count": 1, "kinds": [{"kind": "memory", "count": 1}]}],
            "count": 1,
        }
