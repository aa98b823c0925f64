"""Refusals on the wire."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
import pytest_asyncio
from litestar import Litestar, get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath, JSONBody

from app.kernel.bodies import StrictRequest
from app.kernel.errors import Conflict, FieldProblem, NotFound, Refusal, TooMany, Unauthorized, Unavailable
from app.kernel.problems import (
    PROBLEM_JSON,
    BodyWrong,
    document,
    field_problem,
    on_fault,
    on_http_exception,
    on_refusal,
    problems,
)
from app.kernel.structs import Body
from app.kernel.words import Words


class TillClosed(Conflict):
    code = "till_closed"
    title = Words(zh="收银台已关闭。", en="The till is closed.")


class Item(Body, frozen=True):
    name: str


class Order(Body, frozen=True):
    count: int
    items: tuple[Item, ...] = ()
    by_place: dict[str, Item] | None = None
    notes: dict[str, tuple[int, ...]] | None = None


@get("/closed", sync_to_thread=False)
def closed() -> None:
    raise TillClosed(balance_fen=5, opens=Words(zh="明天", en="tomorrow"), on=date(2026, 11, 23))


@get("/busy", sync_to_thread=False)
def busy() -> None:
    raise TooMany(retry_after_seconds=30)


@get("/stranger", sync_to_thread=False)
def stranger() -> None:
    raise Unauthorized


@get("/broken", sync_to_thread=False)
def broken() -> None:
    raise RuntimeError("the card number is 370602199001010013")


@get("/things/{thing:uuid}", sync_to_thread=False)
def thing(thing: FromPath[UUID]) -> str:
    return str(thing)


@post("/orders", sync_to_thread=False)
def order(data: JSONBody[Order]) -> None: ...


@pytest_asyncio.fixture
async def shop() -> AsyncIterator[httpx.AsyncClient]:
    handlers: dict[Any, Any] = {Refusal: on_refusal, HTTPException: on_http_exception, Exception: on_fault}
    routes: list[Any] = [closed, busy, stranger, broken, thing, order]
    made = Litestar(routes, exception_handlers=handlers, request_class=StrictRequest, openapi_config=None)
    transport = httpx.ASGITransport(made)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.example") as client:
        yield client


class TestAnswer:
    async def test_says_what_was_refused_and_the_facts(self, shop: httpx.AsyncClient) -> None:
        answer = await shop.get("/closed", headers={"accept-language": "en"})

        assert answer.status_code == 409
        assert answer.headers["content-type"] == PROBLEM_JSON
        assert answer.headers["content-language"] == "en"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.json() == {
            "type": "urn:fuhai:till_closed",
            "title": "The till is closed.",
            "detail": "The till is closed.",
            "status": 409,
            "code": "till_closed",
            "balance_fen": 5,
            "opens": "tomorrow",
            "on": "2026-11-23",
        }

    async def test_is_chinese_unless_asked_otherwise(self, shop: httpx.AsyncClient) -> None:
        answer = await shop.get("/closed")

        assert answer.json()["title"] == "收银台已关闭。"
        assert answer.headers["content-language"] == "zh"

    async def test_says_when_to_try_again(self, shop: httpx.AsyncClient) -> None:
        answer = await shop.get("/busy")

        assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")

    async def test_says_how_to_sign_in(self, shop: httpx.AsyncClient) -> None:
        answer = await shop.get("/stranger")

        assert answer.headers["www-authenticate"] == 'DPoP algs="ES256", Bearer'

    async def test_of_a_fault_tells_nothing_of_it(self, shop: httpx.AsyncClient) -> None:
        answer = await shop.get("/broken")

        assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
        assert "370602" not in answer.text
        assert "RuntimeError" not in answer.text

    @pytest.mark.parametrize(
        ("method", "path", "status", "code"),
        [
            ("GET", "/nowhere", 404, "address_unknown"),
            ("GET", "/things/1", 404, "address_unknown"),
            ("DELETE", "/closed", 405, "method_not_allowed"),
            ("POST", "/orders", 400, "body_unreadable"),
        ],
    )
    async def test_of_the_framework_has_our_form(
        self, shop: httpx.AsyncClient, method: str, path: str, status: int, code: str
    ) -> None:
        answer = await shop.request(method, path, headers={"content-type": "application/json"})

        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.headers["content-type"] == PROBLEM_JSON

    async def test_of_a_wrong_method_says_which_are_right(self, shop: httpx.AsyncClient) -> None:
        answer = await shop.delete("/closed")

        assert "GET" in answer.headers["allow"]


class TestDocument:
    def test_facts_never_replace_its_own_members(self) -> None:
        told = document(TillClosed(status=200, code="fine", detail="nothing happened"), "en")

        assert (told["status"], told["code"], told["detail"]) == (409, "till_closed", "The till is closed.")

    def test_lists_bad_fields(self) -> None:
        told = document(BodyWrong(errors=(FieldProblem("/a", "wrong", "no"),)), "zh")

        assert told["errors"] == (FieldProblem("/a", "wrong", "no"),)


class TestFieldProblem:
    @pytest.mark.parametrize(
        ("body", "pointer", "code"),
        [
            ("{}", "/count", "missing"),
            ('{"count": "5"}', "/count", "wrong"),
            ('{"count": 5, "more": 1}', "/more", "unknown"),
            ('{"count": 5, "items": 1}', "/items", "wrong"),
            ('{"count": 5, "items": [1]}', "/items/0", "wrong"),
            ('{"count": 5, "items": [{"name": "a"}, {"name": 1}]}', "/items/1/name", "wrong"),
            ('{"count": 5, "items": [{}]}', "/items/0/name", "missing"),
            ('{"count": 5, "by_place": {"x": {"name": 1}}}', "/by_place/*/name", "wrong"),
            ('{"count": 5, "notes": {"x": [1, "a"]}}', "/notes/*/1", "wrong"),
            ("[]", "", "wrong"),
        ],
    )
    def test_points_at_the_field(self, body: str, pointer: str, code: str) -> None:
        with pytest.raises(msgspec.ValidationError) as wrong:
            msgspec.json.decode(body, type=Order)

        found = field_problem(wrong.value)

        assert (found.pointer, found.code) == (pointer, code)
        assert "$" not in found.message

    def test_escapes_what_a_pointer_needs_escaped(self) -> None:
        found = field_problem(msgspec.ValidationError("Object contains unknown field `a/b~c`"))

        assert found.pointer == "/a~1b~0c"


class TestContract:
    def test_groups_refusals_by_status(self) -> None:
        described = problems(TillClosed, NotFound, Conflict, Unavailable)

        assert list(described) == [404, 409, 503]
        assert described[409].description.startswith("`till_closed` The till is closed.; `conflict`")
        assert described[409].media_type == PROBLEM_JSON
