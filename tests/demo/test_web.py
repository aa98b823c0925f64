from collections.abc import Iterator

import httpx
import pytest
import respx

from demo.keys import Key
from demo.report import NotSo
from demo.web import Bearer, Holder, Server, eventually, good, refused

ORIGIN = "http://127.0.0.1:8000"
PROBLEM = {"type": "urn:fuhai:code_spent", "title": "验证码已失效。", "status": 422, "code": "code_spent"}


@pytest.fixture
def wire() -> Iterator[respx.Router]:
    with respx.mock(base_url=ORIGIN) as router:
        yield router


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(ORIGIN)
    yield server
    server.close()


def a_problem(
    status: int = 422, code: str = "code_spent", media_type: str = "application/problem+json"
) -> httpx.Response:
    body = {**PROBLEM, "code": code, "type": f"urn:fuhai:{code}"}
    request = httpx.Request("POST", f"{ORIGIN}/v1/x")
    return httpx.Response(status, json=body, headers={"content-type": media_type}, request=request)


class TestServer:
    def test_brings_a_new_idempotency_key_with_each_post(self, wire: respx.Router, server: Server) -> None:
        route = wire.post("/v1/x").respond(201, json={})

        server.post("/v1/x")
        server.post("/v1/x")

        keys = {call.request.headers["idempotency-key"] for call in route.calls}
        assert len(keys) == 2

    def test_keeps_the_key_that_is_given(self, wire: respx.Router, server: Server) -> None:
        route = wire.post("/v1/x").respond(201, json={})

        server.send("POST", "/v1/x", fields={"Idempotency-Key": "mine-0001"})

        assert route.calls[0].request.headers["idempotency-key"] == "mine-0001"

    def test_proves_possession_for_the_address_without_its_query(self, wire: respx.Router, server: Server) -> None:
        route = wire.get("/v1/me").respond(200, json={})
        key = Key.new()

        server.get("/v1/me?limit=1", Holder("token", key))

        sent = route.calls[0].request.headers
        assert sent["authorization"] == "DPoP token"
        assert sent["dpop"].count(".") == 2

    def test_says_in_one_line_that_nobody_answers(self, wire: respx.Router, server: Server) -> None:
        wire.get("/health/ready").mock(side_effect=httpx.ConnectError)

        with pytest.raises(NotSo, match=r"doesn't answer .*`make run`"):
            server.get("/health/ready")


class TestGood:
    def test_gives_the_json(self) -> None:
        assert good(httpx.Response(200, json={"a": 1})) == {"a": 1}

    def test_says_what_was_asked_and_how_it_was_refused(self) -> None:
        with pytest.raises(NotSo, match="POST /v1/x was answered 422: code_spent 验证码已失效。"):
            good(a_problem())


class TestRefused:
    def test_gives_the_problem_that_was_expected(self) -> None:
        assert refused(a_problem(), 422, "code_spent")["title"] == "验证码已失效。"

    @pytest.mark.parametrize(
        "answer",
        [
            a_problem(status=409),
            a_problem(code="code_wrong"),
            a_problem(media_type="application/json"),
            httpx.Response(200, json={}, request=httpx.Request("POST", f"{ORIGIN}/v1/x")),
        ],
    )
    def test_finds_every_other_answer(self, answer: httpx.Response) -> None:
        with pytest.raises(NotSo):
            refused(answer, 422, "code_spent")


class TestEventually:
    def test_waits_for_what_comes_later(self) -> None:
        coming = iter(["", "", "it"])

        assert eventually("it", lambda: next(coming)) == "it"

    def test_names_what_didnt_come(self) -> None:
        with pytest.raises(NotSo, match="the child didn't come"):
            eventually("the child", lambda: None, seconds=0.1)


class TestBearer:
    def test_says_nothing_of_the_request(self) -> None:
        assert Bearer("t").fields("GET", ORIGIN) == {"Authorization": "Bearer t"}
