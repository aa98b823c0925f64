"""Every answer says that it is to be taken for what it is, shown nowhere else, and kept by nobody."""

from typing import Any, cast

import httpx
import pytest
from litestar.types import HTTPResponseStartEvent

from app.kernel.answer_headers import ALWAYS, complete


class TestAnswers:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/health/live"),
            ("GET", "/v1/nothing"),
            ("GET", "/v1/me"),
            ("PUT", "/v1/me"),
            ("OPTIONS", "/v1/me"),
            ("POST", "/v1/verify"),
        ],
    )
    async def test_carry_the_headers_whatever_they_answer(
        self, http: httpx.AsyncClient, method: str, path: str
    ) -> None:
        answer = await http.request(method, path)

        assert {name: answer.headers.get_list(name) for name in ALWAYS} == {
            name: [value] for name, value in ALWAYS.items()
        }

    @pytest.mark.parametrize("path", ["/.well-known/jwks.json", "/v1/matters", "/v1/stages"])
    async def test_may_be_kept_where_anybody_may_read_them(self, http: httpx.AsyncClient, path: str) -> None:
        answer = await http.get(path)

        assert answer.headers.get_list("cache-control")[0].startswith("public, max-age=")

    async def test_open_to_no_other_origin(self, http: httpx.AsyncClient) -> None:
        asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}

        answers = [await http.options("/v1/me", headers=asked), await http.get("/health/live", headers=asked)]

        assert not [name for answer in answers for name in answer.headers if name.startswith("access-control-")]


class TestComplete:
    async def test_leaves_what_an_endpoint_said(self) -> None:
        said = [(b"cache-control", b"public")]
        message = HTTPResponseStartEvent(type="http.response.start", status=200, headers=said)

        await complete(message, cast("Any", {}))

        assert dict(message["headers"])[b"cache-control"] == b"public"
        assert len(list(message["headers"])) == len(ALWAYS)
