"""Every endpoint, called by nobody, by the wrong people, and with everything that it doesn't take.

Whatever comes, the answer is a problem document and never a fault of ours.
"""

import base64
from collections.abc import Iterable
from typing import Final

import httpx
import msgspec
import pytest
import pytest_asyncio
from litestar import Litestar, post
from litestar.params import JSONBody

from app import contract
from app.identity import tokens
from app.kernel.paging import encode_cursor
from app.kernel.structs import Body
from tests.architecture.calls import Callers, Calls, with_headers
from tests.architecture.requests import Endpoint, bad_bodies, endpoints, fields_of, flaw, is_bounded, takes_nul
from tests.makers.callers import a_terminal, an_enrolled_officer, headers, signed_in
from tests.makers.people import a_citizen

OTHER_FORMS: Final = {
    "takeWeChatPayCallback": "the channel wants its own form of refusal",
    "takeWeChatPayRefund": "the same",
    "askStatus": "OCSP has errors of its own (RFC 6960)",
    "getStatus": "the same",
    "stampTime": "so have time-stamps (RFC 3161)",
}
"""Operations whose refusals of a bad body aren't problem documents, and why."""
OTHERWISE_REFUSED: Final = {
    "name_not_allowed": "the disk says itself which characters a name can't have",
    "node_not_found": "and looks for the file first",
}
JUNK: Final = (
    *("", "Bearer", "Bearer ", "Bearer x", "DPoP x", "Basic YTpi", "Bearer a.b.c", "bearer " + "x" * 20_000),
    *("Bearer " + base64.urlsafe_b64encode(b"[" * 3_000).decode() + ".e30.x", "Bearer \xe9\xff", "Bearer a b"),
)


@pytest_asyncio.fixture(scope="module")
async def callers(app: Litestar) -> Callers:
    on_device = await signed_in(await a_citizen(3))
    return Callers(await headers(await a_citizen()), on_device, await an_enrolled_officer(), await a_terminal())


@pytest.fixture(scope="module")
def everything(app: Litestar) -> list[Endpoint]:
    return endpoints(app)


@pytest.fixture
def calls(http: httpx.AsyncClient) -> Calls:
    return Calls(http)


class TestCallers:
    async def test_nobody_gets_no_further_than_the_door(self, everything: list[Endpoint], calls: Calls) -> None:
        for endpoint in everything:
            if not endpoint.public:
                await calls.expect(endpoint, 401)

        assert not calls.flaws, "\n".join(calls.flaws)

    async def test_junk_opens_no_door(self, everything: list[Endpoint], calls: Calls) -> None:
        for endpoint in everything:
            for junk in JUNK if endpoint.actor in {"citizen", "officer"} else ():
                told = junk[:12]
                await calls.expect(endpoint, 401, told=told, headers={"authorization": junk.encode("latin-1")})

        assert not calls.flaws, "\n".join(calls.flaws)

    async def test_tokens_of_another_kind_open_no_door(
        self, everything: list[Endpoint], calls: Calls, callers: Callers
    ) -> None:
        for endpoint in everything:
            if endpoint.actor in {"citizen", "officer"}:
                await calls.expect(endpoint, "token_wrong", headers=callers.of_another_kind(endpoint))

        assert not calls.flaws, "\n".join(calls.flaws)

    async def test_expired_tokens_open_no_door(
        self, everything: list[Endpoint], calls: Calls, callers: Callers
    ) -> None:
        claims = tokens.claims_of("officer", callers.officer.officer.id, "tests")
        citizen = tokens.read(callers.citizen["authorization"].removeprefix("Bearer "), "citizen")
        expired = {
            kind: {"authorization": f"Bearer {tokens.sign(msgspec.structs.replace(one, exp=one.iat))}"}
            for kind, one in (("officer", claims), ("citizen", citizen))
        }

        for endpoint in everything:
            if endpoint.actor in expired:
                await calls.expect(endpoint, "token_expired", headers=expired[endpoint.actor])

        assert not calls.flaws, "\n".join(calls.flaws)

    async def test_a_token_opens_no_door_for_terminals(
        self, everything: list[Endpoint], calls: Calls, callers: Callers
    ) -> None:
        for endpoint in everything:
            if endpoint.actor == "terminal":
                await calls.expect(endpoint, "signature_missing", headers=callers.citizen)

        assert not calls.flaws, "\n".join(calls.flaws)


class TestBodies:
    async def test_no_body_that_isnt_asked_for_is_taken(
        self, everything: list[Endpoint], calls: Calls, callers: Callers
    ) -> None:
        for endpoint in everything:
            for told, (body, expected) in bad_bodies().items() if endpoint.takes_json else ():
                request = with_headers(callers.of(endpoint), content_type="application/json")
                if body or not endpoint.goes_without_body:
                    await calls.expect(endpoint, *expected, told=told, content=body, **request)

        assert not calls.flaws, "\n".join(calls.flaws)

    async def test_endpoints_that_read_their_own_body_answer_as_well(
        self, everything: list[Endpoint], calls: Calls, callers: Callers
    ) -> None:
        for endpoint in everything:
            raw = endpoint.method != "GET" and not endpoint.takes_json and endpoint.operation not in OTHER_FORMS
            if raw and "request" in endpoint.asked:
                for told, (body, _) in bad_bodies().items():
                    request = with_headers(callers.of(endpoint), content_type="application/json")
                    await calls.expect(endpoint, told=told, content=body, **request)

        assert not calls.flaws, "\n".join(calls.flaws)

    @pytest.mark.parametrize(
        "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk", "json", ""]
    )
    async def test_only_json_is_read(
        self, everything: list[Endpoint], calls: Calls, callers: Callers, content_type: str
    ) -> None:
        for endpoint in everything:
            if endpoint.takes_json and endpoint.actor != "terminal":
                request = with_headers(callers.of(endpoint), content_type=content_type)
                await calls.expect(endpoint, "unsupported_media_type", content=b"{}", **request)

        assert not calls.flaws, "\n".join(calls.flaws)

    async def test_repeated_keys_are_refused(self, everything: list[Endpoint], calls: Calls, callers: Callers) -> None:
        for endpoint in everything:
            if endpoint.takes_json:
                name = msgspec.structs.fields(endpoint.asked["data"])[0].encode_name
                body = f'{{"{name}": null, "{name}": null}}'.encode()
                request = with_headers(callers.of(endpoint), content_type="application/json")
                await calls.expect(endpoint, "body_wrong", content=body, **request)

        assert not calls.flaws, "\n".join(calls.flaws)

    async def test_nul_is_refused_in_every_text_over_http(
        self, everything: list[Endpoint], calls: Calls, callers: Callers
    ) -> None:
        for endpoint in everything:
            for field in msgspec.structs.fields(endpoint.asked["data"]) if endpoint.takes_json else ():
                body = msgspec.json.encode({field.encode_name: "a\0b"})
                request = with_headers(callers.of(endpoint), content_type="application/json")
                codes = ("body_wrong", *(OTHERWISE_REFUSED if endpoint.path.startswith("/v1/disk") else ()))
                await calls.expect(endpoint, *codes, told=field.encode_name, content=body, **request)

        assert not calls.flaws, "\n".join(calls.flaws)

    async def test_no_text_of_any_body_takes_nul(self, everything: list[Endpoint]) -> None:
        found = [
            place for place in texts_with_nul(everything) if not (place.startswith("/v1/disk") and "/name" in place)
        ]

        assert not found

    async def test_every_number_of_any_body_has_limits(self, everything: list[Endpoint]) -> None:
        assert not numbers_without_limits(everything)

    async def test_a_careless_body_is_found(self) -> None:
        class Careless(Body, frozen=True):
            name: str
            times: int

        @post("/careless", sync_to_thread=False, opt={"public": True})
        def careless(data: JSONBody[Careless]) -> None: ...

        found = endpoints(Litestar([careless], openapi_config=None))

        assert texts_with_nul(found) == ["/careless /name"]
        assert numbers_without_limits(found) == ["/careless /times"]


def texts_with_nul(everything: Iterable[Endpoint]) -> list[str]:
    return [
        f"{endpoint.path} {place}"
        for endpoint in everything
        if endpoint.takes_json
        for place, text in fields_of(msgspec.inspect.type_info(endpoint.asked["data"]), msgspec.inspect.StrType)
        if takes_nul(text)
    ]


def numbers_without_limits(everything: Iterable[Endpoint]) -> list[str]:
    return [
        f"{endpoint.path} {place}"
        for endpoint in everything
        if endpoint.takes_json
        for place, number in fields_of(msgspec.inspect.type_info(endpoint.asked["data"]), msgspec.inspect.IntType)
        if not is_bounded(number)
    ]


class TestAddresses:
    async def test_wrong_methods_are_refused(self, everything: list[Endpoint], calls: Calls) -> None:
        taken: dict[str, set[str]] = {}
        for endpoint in everything:
            taken.setdefault(endpoint.path, set()).add(endpoint.method)

        for endpoint in everything:
            for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - taken[endpoint.path]:
                other = msgspec.structs.replace(endpoint, method=method)
                await calls.expect(other, "method_not_allowed", "address_unknown")

        assert not calls.flaws, "\n".join(calls.flaws)

    @pytest.mark.parametrize(
        "identifier", ["-1", "9" * 40, "01900000-0000-7000-8000-00000000003", "%00", "..%2f..", "x" * 4_000, "%ff"]
    )
    async def test_what_isnt_an_id_is_no_address(
        self, everything: list[Endpoint], calls: Calls, callers: Callers, identifier: str
    ) -> None:
        for endpoint in everything:
            if endpoint.parameters and not endpoint.streams and endpoint.operation not in OTHER_FORMS:
                address = endpoint.filled(identifier, identifier, identifier)
                if endpoint.actor == "terminal":
                    # Nobody can sign for such an address; test_giving_back_routes asks those for which one can.
                    await calls.expect(endpoint, 400, 401, 404, 405, 415, address=address)
                else:
                    await calls.expect(endpoint, 400, 404, 405, 415, address=address, **callers.of(endpoint))

        assert not calls.flaws, "\n".join(calls.flaws)

    @pytest.mark.parametrize("address", ["/", "/v1", "/v1/nothing", "/v2/card", "/%00", "//", "/.env"])
    async def test_there_is_nothing_elsewhere(self, http: httpx.AsyncClient, address: str) -> None:
        answer = await http.get(f"http://127.0.0.1:8000{address}")

        assert flaw(answer, 404) == ""

    @pytest.mark.parametrize("limit", ["0", "101", "-1", "abc", "", "1.5", "9" * 400])
    async def test_limits_are_between_one_and_a_hundred(
        self, everything: list[Endpoint], calls: Calls, callers: Callers, limit: str
    ) -> None:
        for endpoint in everything:
            if "limit" in endpoint.asked:
                await calls.expect(endpoint, "parameter_wrong", params={"limit": limit}, **callers.of(endpoint))

        assert not calls.flaws, "\n".join(calls.flaws)

    @pytest.mark.parametrize(
        "cursor",
        [
            *("!", "A", "AAAA", "%00", "x" * 501, "é", "W10", "bnVsbA"),
            *(encode_cursor("a\0b"), encode_cursor({"a": 1}), encode_cursor([]), encode_cursor(10**30)),
        ],
    )
    async def test_only_our_own_cursors_are_taken(
        self, everything: list[Endpoint], calls: Calls, callers: Callers, cursor: str
    ) -> None:
        for endpoint in everything:
            if "cursor" in endpoint.asked:
                request = {"params": {"cursor": cursor}} | callers.of(endpoint)
                await calls.expect(endpoint, "cursor_wrong", "parameter_wrong", **request)

        assert not calls.flaws, "\n".join(calls.flaws)

    @pytest.mark.parametrize(
        "value", ["\0", "a\0b", "x" * 3_900, "'; DROP TABLE act; --", "\ud7ff\U0010ffff", "[]", "-1"]
    )
    async def test_odd_query_parameters_break_nothing(
        self, app: Litestar, everything: list[Endpoint], http: httpx.AsyncClient, callers: Callers, value: str
    ) -> None:
        described = contract.completed(app)["paths"]
        broken = []
        for endpoint in everything:
            for one in described[endpoint.path][endpoint.method.lower()].get("parameters", []):
                if one["in"] == "query":
                    request = {"params": {one["name"]: value}} | callers.of(endpoint)
                    answer = await http.request(endpoint.method, endpoint.address, **request)
                    if answer.status_code != 200 and flaw(answer, 400, 404):
                        broken.append(f"{endpoint.method} {endpoint.path} {one['name']}: {answer.text[:200]}")

        assert not broken, "\n".join(broken)


class TestHeaders:
    @pytest.mark.parametrize("key", ["", "short", "x" * 129, "with space 123", "\xe9" * 9, "tab\t12345"])
    async def test_odd_idempotency_keys_are_refused(
        self, everything: list[Endpoint], calls: Calls, callers: Callers, key: str
    ) -> None:
        for endpoint in everything:
            if "once" in endpoint.asked and endpoint.actor != "terminal":
                request = callers.of(endpoint)
                request = request | {"headers": request["headers"] | {"idempotency-key": key.encode("latin-1")}}
                codes = ("idempotency_key_wrong", "body_unreadable", "unsupported_media_type")
                await calls.expect(endpoint, *codes, **request)

        assert not calls.flaws, "\n".join(calls.flaws)

    async def test_odd_headers_change_nothing(self, everything: list[Endpoint], calls: Calls) -> None:
        odd = {
            "accept-language": "en;q=nan, zh;q=-1, ;;;,*,\xff" + "x" * 3_000,
            "if-match": 'W/"\xff',
            "if-none-match": '""""',
            "last-event-id": "\xff",
            "dpop": "a.b.c",
            "content-length": "-1",
            "fuhai-acting-for": "\xff",
            "range": "bytes=9-1",
            "host": "evil.example",
            "x-forwarded-for": "' OR 1=1",
        }
        encoded = {name: value.encode("latin-1") for name, value in odd.items()}

        for endpoint in everything:
            if not endpoint.public:
                await calls.expect(endpoint, 401, headers=encoded)

        assert not calls.flaws, "\n".join(calls.flaws)

    @pytest.mark.parametrize("proof", ["", "x", "a.b.c", base64.urlsafe_b64encode(b"[" * 2_000).decode() + ".e30.x"])
    async def test_odd_proofs_are_refused(self, everything: list[Endpoint], calls: Calls, proof: str) -> None:
        for endpoint in everything:
            if "proved_key" in endpoint.asked:
                await calls.expect(endpoint, 400, 401, 415, 422, headers={"dpop": proof}, json={})

        assert not calls.flaws, "\n".join(calls.flaws)
