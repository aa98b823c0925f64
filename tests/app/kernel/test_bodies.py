"""Bodies are read strictly."""

import asyncio
from typing import Any, cast

import msgspec
import pytest
from litestar import Litestar
from litestar.exceptions import InternalServerException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.types import HTTPDisconnectEvent, HTTPRequestEvent, Message, ReceiveMessage

from app.kernel import bodies
from app.kernel.bodies import LARGEST_BODY_BYTES, StrictRequest, decode_strictly, require_json
from app.kernel.errors import TooLarge, UnsupportedMedia
from app.kernel.problems import BodyUnreadable, BodyWrong
from app.kernel.structs import Body


class Payment(Body, frozen=True):
    amount_fen: int
    note: str = ""


class Anything(Body, frozen=True):
    form: dict[str, Any]


class TestDecoding:
    def test_gives_what_was_written(self) -> None:
        assert decode_strictly(b'{"amount_fen": 5, "note": "\\u738b"}', Payment) == Payment(amount_fen=5, note="王")

    @pytest.mark.parametrize("number", ['"5"', "5.0", "5e0", "true", "null", "[5]"])
    def test_takes_a_number_for_a_number_only(self, number: str) -> None:
        with pytest.raises(BodyWrong):
            decode_strictly(f'{{"amount_fen": {number}}}'.encode(), Payment)

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"{}{}",
            b"\xff",
            b"{'amount_fen': 5}",
            b'{"amount_fen": 05}',
            b'{"amount_fen": NaN}',
            b'{"form": {"a": ' + b"9" * 5_000 + b"}}",
            b'{"form": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
            b'{"form": {"a": "\\ud800"}}',
            b'{"form": {"a": Infinity}}',
        ],
    )
    def test_refuses_what_isnt_json(self, body: bytes) -> None:
        with pytest.raises((BodyUnreadable, BodyWrong)):
            decode_strictly(body, Anything)

    @pytest.mark.parametrize(
        "body",
        [
            b'{"form": {"a": 1, "a": 2}}',
            b'{"form": {"a": 1, "\\u0061": 2}}',
            b'{"form": {"x": [{"a": 1, "a": 1}]}}',
            b'{"form": {}, "form": {}}',
        ],
    )
    def test_refuses_repeated_keys_at_any_depth(self, body: bytes) -> None:
        with pytest.raises(BodyWrong) as refused:
            decode_strictly(body, Anything)

        assert refused.value.errors[0].code == "repeated"

    def test_refuses_more_than_a_mebibyte(self) -> None:
        body = b'{"amount_fen": 5}'

        assert decode_strictly(body.ljust(LARGEST_BODY_BYTES), Payment).amount_fen == 5
        with pytest.raises(TooLarge):
            decode_strictly(body.ljust(LARGEST_BODY_BYTES + 1), Payment)

    def test_refuses_unknown_fields_by_name(self) -> None:
        with pytest.raises(BodyWrong) as refused:
            decode_strictly(b'{"amount_fen": 5, "more": 1}', Payment)

        assert (refused.value.errors[0].pointer, refused.value.errors[0].code) == ("/more", "unknown")

    def test_reads_plain_types_too(self) -> None:
        assert decode_strictly(b"[1, 2]", list[int]) == [1, 2]
        assert msgspec.json.encode(decode_strictly(b'{"a":1}', dict[str, int])) == b'{"a":1}'


class TestContentType:
    @pytest.mark.parametrize(
        "written", ["application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"']
    )
    def test_json_is_taken(self, written: str) -> None:
        require_json(written)

    @pytest.mark.parametrize(
        "written", [None, "", "text/plain", "application/jsonp", "application/json; charset=gb18030", "text/json"]
    )
    def test_anything_else_is_refused(self, written: str | None) -> None:
        with pytest.raises(UnsupportedMedia):
            require_json(written)


def a_request(*messages: HTTPRequestEvent | HTTPDisconnectEvent, length: int | None = None) -> StrictRequest:
    """A request whose body comes in these parts, and is said to be so long."""
    left = list(messages)

    async def receive() -> Any:
        return left.pop(0)

    headers = [] if length is None else [(b"content-length", str(length).encode())]
    return StrictRequest(cast("Any", {"type": "http", "headers": headers}), receive)


def a_part(body: bytes, *, more: bool = True) -> HTTPRequestEvent:
    return HTTPRequestEvent(type="http.request", body=body, more_body=more)


class TestArriving:
    async def test_joins_what_comes_in_parts_and_keeps_it(self) -> None:
        request = a_request(a_part(b'{"a"'), a_part(b""), a_part(b": 1}", more=False))

        assert await request.body() == b'{"a": 1}'
        assert await request.body() == b'{"a": 1}'

    async def test_takes_nothing_for_a_body(self) -> None:
        assert await a_request(a_part(b"", more=False)).body() == b""

    async def test_refuses_what_says_that_it_is_too_large_unread(self) -> None:
        with pytest.raises(RequestEntityTooLarge):
            await a_request(length=LARGEST_BODY_BYTES + 1).body()

    async def test_refuses_what_becomes_too_large_at_once(self) -> None:
        half = a_part(b" " * (LARGEST_BODY_BYTES // 2))

        assert len(await a_request(half, half, a_part(b"", more=False)).body()) == LARGEST_BODY_BYTES
        with pytest.raises(RequestEntityTooLarge):
            await a_request(half, half, a_part(b" ")).body()

    async def test_has_no_body_of_whoever_went_away(self) -> None:
        with pytest.raises(InternalServerException):
            await a_request(a_part(b'{"a"'), HTTPDisconnectEvent(type="http.disconnect")).body()


class TestWaiting:
    async def test_ends_when_a_body_doesnt_come(self, app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bodies, "SLOWEST_BODY_SECONDS", 0.05)
        parts = [HTTPRequestEvent(type="http.request", body=b'{"co', more_body=True)]
        answered: list[Message] = []

        async def dribble() -> ReceiveMessage:
            if not parts:
                await asyncio.sleep(30)
            return parts.pop()

        async def told(message: Message) -> None:
            answered.append(message)

        headers = [(b"content-type", b"application/json"), (b"content-length", b"100")]
        scope = {"type": "http", "method": "POST", "path": "/v1/verify", "query_string": b"", "headers": headers}
        await asyncio.wait_for(app(cast("Any", scope), dribble, told), timeout=5)

        assert cast("Any", answered[0])["status"] == 408
        assert msgspec.json.decode(cast("Any", answered[1])["body"])["code"] == "body_too_slow"
