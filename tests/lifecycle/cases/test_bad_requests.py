"""Malformed requests to cases and desk: each gets its problem document, and nothing happens."""

from typing import Any

import httpx
import pytest

from app.kernel.ids import new_person_id
from tests.makers.callers import an_enrolled_officer, headers
from tests.makers.cases import (
    Family,
    a_draft_over_http,
    a_filled_draft,
    a_submitted_case,
    keyed,
    the_case,
)


class TestMalformedRequests:
    @pytest.mark.parametrize(
        ("body", "status"),
        [
            (b"{", 400),
            (b"[]", 422),
            (b'{"matter_code": 1}', 422),
            (b'{"matter_code": "Bad Code"}', 422),
            (b'{"matter_code": "a", "subject_id": "me"}', 422),
            (b'{"matter_code": "a", "more": 1}', 422),
            (b'{"matter_code": "a", "matter_code": "b"}', 422),
            (b'{"matter_code": "a\\u0000"}', 422),
            (b'{"matter_code": "' + b"a" * 2_000_000 + b'"}', 413),
            (b'{"matter_code": "no_such_matter"}', 404),
        ],
    )
    async def test_open_nothing(self, http: httpx.AsyncClient, family: Family, body: bytes, status: int) -> None:
        sent = await keyed(family.mother) | {"content-type": "application/json"}
        answer = await http.post("/v1/cases", content=body, headers=sent)

        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")

    async def test_nested_without_end_change_nothing(self, http: httpx.AsyncClient, family: Family) -> None:
        draft = await a_draft_over_http(http, family)
        sent = await headers(family.mother) | {"If-Match": draft.headers["etag"], "content-type": "application/json"}
        body = b'{"form": {"child_name": ' + b"[" * 5_000 + b"]" * 5_000 + b"}}"
        answer = await http.patch(f"/v1/cases/{draft.json()['id']}", content=body, headers=sent)

        assert (answer.status_code, answer.json()["code"]) == (400, "body_unreadable")

    async def test_of_another_content_type_are_415(self, http: httpx.AsyncClient, family: Family) -> None:
        sent = await keyed(family.mother) | {"content-type": "text/plain"}
        answer = await http.post("/v1/cases", content=b'{"matter_code": "a"}', headers=sent)

        assert answer.status_code == 415

    @pytest.mark.parametrize(
        "body",
        [
            {"confirmation_code": "12345"},
            {"confirmation_code": "12345a"},
            {"confirmation_code": 123456},
            {"signature": "a.b.c"},
            {"signature": "a" * 20_000},
            {"signature": "a..b\n"},
            {"form": {}},
        ],
    )
    async def test_submit_nothing(self, http: httpx.AsyncClient, family: Family, body: dict[str, Any]) -> None:
        draft = await a_filled_draft(family)
        answer = await http.post(f"/v1/cases/{draft.id}/submit", json=body, headers=await keyed(family.mother))

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")
        assert (await the_case(draft.id)).state == "draft"

    @pytest.mark.parametrize("query", ["cursor=x", "limit=0", "limit=101", "limit=x", "open=maybe"])
    async def test_list_nothing(self, http: httpx.AsyncClient, family: Family, query: str) -> None:
        answer = await http.get(f"/v1/cases?{query}", headers=await headers(family.mother))

        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")

    async def test_name_no_case(self, http: httpx.AsyncClient, family: Family) -> None:
        mother = await headers(family.mother)

        assert (await http.get("/v1/cases/not-an-id", headers=mother)).status_code == 404
        assert (await http.get(f"/v1/cases/{new_person_id()}", headers=mother)).status_code == 404

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"reason": ""},
            {"reason": "x" * 1001},
            {"reason": "因\u0000为"},
            {"reason": 5},
            {"reason": "因为", "by": "me"},
        ],
    )
    async def test_refuse_nobody(self, http: httpx.AsyncClient, family: Family, body: dict[str, Any]) -> None:
        officer, case = await an_enrolled_officer(), await a_submitted_case(family)
        await http.post(f"/v1/officer/cases/{case.id}/claim", headers=officer.headers)
        answer = await http.post(f"/v1/officer/cases/{case.id}/decline", json=body, headers=officer.headers)

        assert (answer.status_code, answer.json()["code"]) == (422, "body_wrong")
        assert (await the_case(case.id)).state == "submitted"

    @pytest.mark.parametrize(
        "query",
        [
            "state=x",
            "cursor=x",
            "limit=0",
            "matter=%00",
            "matter=A",
            "division=%00",
            "division=x",
            "division=3706%25",
            "division=3",
        ],
    )
    async def test_find_no_desk(self, http: httpx.AsyncClient, family: Family, query: str) -> None:
        officer = await an_enrolled_officer()
        answer = await http.get(f"/v1/officer/desk?{query}", headers=officer.headers)

        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
