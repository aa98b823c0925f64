"""Every endpoint of these rooms against bad input: a problem document each time, never a 500, and nothing half written."""

import json
from datetime import timedelta

import httpx
import pytest

from app.kernel import clock
from tests.makers.callers import signed_in
from tests.makers.people import a_citizen, a_phone, an_id_number

pytestmark = pytest.mark.usefixtures("app")

NONCE = "device-sign-in.0123456789"
BODIES: dict[str, dict[str, object]] = {
    "/v1/sign-in/otp": {"phone": a_phone()},
    "/v1/sign-in/otp/confirm": {
        "challenge_id": "01a20390-b45d-7000-af47-7d891c7c300a",
        "code": "123456",
        "client_id": "app",
    },
    "/v1/sign-in/device/challenge": {"serial": "0" * 40},
    "/v1/sign-in/device": {"serial": "0" * 40, "nonce": NONCE, "signature": "A" * 86, "client_id": "app"},
    "/v1/token/refresh": {"refresh_token": "x" * 70},
    "/v1/officer/sign-in/challenge": {"officer_code": "A-1"},
    "/v1/officer/sign-in": {"officer_code": "A-1", "nonce": NONCE, "signature": "A" * 86, "totp": "123456"},
    "/v1/me/real-name": {"name": "王小红", "id_number": an_id_number()},
    "/v1/me/devices": {"csr": "csr", "name": "手机", "face_token": "face", "nonce": NONCE},
    "/v1/me/consents": {"items": [{"purpose": "push_public_service", "given": True}]},
}
OF_CITIZENS = (
    ("GET", "/v1/me"),
    ("GET", "/v1/me/sessions"),
    ("GET", "/v1/me/family"),
    ("GET", "/v1/me/consents"),
    ("GET", "/v1/me/devices"),
    ("POST", "/v1/me/devices/challenge"),
    ("DELETE", "/v1/me/devices/01a20390-b45d-7000-af47-7d891c7c300a"),
    ("POST", "/v1/sign-out"),
    ("POST", "/v1/me/real-name"),
    ("POST", "/v1/me/devices"),
    ("PUT", "/v1/me/consents"),
)


def method_of(path: str) -> str:
    return "PUT" if path == "/v1/me/consents" else "POST"


def bad_contents(body: dict[str, object]) -> dict[str, tuple[bytes, int]]:
    """Contents by what is wrong with them, and the status that each must get."""
    good = json.dumps(body).encode()
    first = next(iter(body))
    return {
        "malformed": (good[:-1], 400),
        "not UTF-8": (b'{"' + first.encode() + b'": "\xff\xfe"}', 422),
        "an array": (b"[" + good + b"]", 422),
        "an unknown field": (json.dumps(body | {"level": 3}).encode(), 422),
        "a missing field": (json.dumps({name: value for name, value in body.items() if name != first}).encode(), 422),
        "null": (json.dumps(body | {first: None}).encode(), 422),
        "NUL": (json.dumps(body | {first: "a\x00b"}).encode(), 422),
        "a number": (json.dumps(body | {first: 1}).encode(), 422),
        "over-long": (json.dumps(body | {first: "长" * 9_000}).encode(), 422),
        "a repeated key": (good[:-1] + b', "' + first.encode() + b'": 1}', 422),
        "nested without end": (b'{"' + first.encode() + b'":' + b"[" * 20_000 + b"]" * 20_000 + b"}", 400),
        "too many bytes": (good + b" " * 1_100_000, 413),
    }


@pytest.mark.parametrize("path", BODIES)
class TestBodies:
    async def test_are_refused_by_name(self, http: httpx.AsyncClient, path: str) -> None:
        auth = await signed_in(await a_citizen(2))
        for what, (content, status) in bad_contents(BODIES[path]).items():
            answer = await http.request(
                method_of(path), path, content=content, headers={"content-type": "application/json"}, auth=auth
            )

            assert answer.status_code in {status, 400 if status == 422 else status}, what
            assert answer.headers["content-type"] == "application/problem+json", what
            assert answer.json()["type"] == f"urn:fuhai:{answer.json()['code']}", what

    @pytest.mark.parametrize(
        "kind", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk", ""]
    )
    async def test_must_be_json(self, http: httpx.AsyncClient, path: str, kind: str) -> None:
        content = json.dumps(BODIES[path]).encode()

        answer = await http.request(
            method_of(path),
            path,
            content=content,
            headers={"content-type": kind},
            auth=await signed_in(await a_citizen(2)),
        )

        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")

    async def test_are_not_read_by_another_method(self, http: httpx.AsyncClient, path: str) -> None:
        answer = await http.patch(path, json=BODIES[path])

        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize(("method", "path"), OF_CITIZENS)
class TestCallers:
    async def test_must_be_signed_in(self, http: httpx.AsyncClient, method: str, path: str) -> None:
        answer = await http.request(method, path, json=BODIES.get(path))

        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")

    async def test_must_be_signed_in_still(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, method: str, path: str
    ) -> None:
        auth = await signed_in(await a_citizen(2))
        later = clock.now() + timedelta(minutes=6)
        monkeypatch.setattr(clock, "now", lambda: later)

        answer = await http.request(method, path, json=BODIES.get(path), auth=auth)

        assert (answer.status_code, answer.json()["code"]) == (401, "token_expired")

    async def test_may_not_show_a_proof_of_another_request(
        self, http: httpx.AsyncClient, method: str, path: str
    ) -> None:
        auth = await signed_in(await a_citizen(3))
        fields = dict(next(auth.auth_flow(httpx.Request("PATCH", f"{http.base_url}/v1/me"))).headers)
        shown = {name: fields[name] for name in ("authorization", "dpop")}

        answer = await http.request(method, path, json=BODIES.get(path), headers=shown)

        assert (answer.status_code, answer.json()["code"]) == (401, "dpop_wrong")
