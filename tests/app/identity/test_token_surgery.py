"""Tokens that somebody worked on: each is refused at the door, over HTTP, whatever was changed."""

import base64
import json
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import msgspec
import pytest

from app.identity import sessions, tokens
from app.identity.dpop import thumbprint_of_key
from app.kernel import clock
from app.kernel.actors import Citizen
from tests.makers.callers import Key, SignedIn, a_key, a_proof
from tests.makers.people import a_citizen

pytestmark = pytest.mark.usefixtures("app")
Parts = tuple[dict[str, Any], dict[str, Any], str]


def taken_apart(token: str) -> Parts:
    head, body, signature = token.split(".")
    return _decoded(head), _decoded(body), signature


def put_together(head: dict[str, Any], body: dict[str, Any], signature: str) -> str:
    return f"{_encoded(head)}.{_encoded(body)}.{signature}"


def signed_by(key: Key, head: dict[str, Any], body: dict[str, Any]) -> str:
    return jwt.encode(body, key, "ES256", headers={name: value for name, value in head.items() if name != "alg"})


def _decoded(part: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return read


def _encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def _own_key(key: Key) -> dict[str, Any]:
    return json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))  # type: ignore[no-any-return]


SURGERIES: dict[str, Callable[[Parts, Key], str]] = {
    "none": lambda parts, _: put_together(parts[0] | {"alg": "none"}, parts[1], ""),
    "none with a signature": lambda parts, _: put_together(parts[0] | {"alg": "None"}, parts[1], parts[2]),
    "HS256 with the public key": lambda parts, _: jwt.encode(
        parts[1], str(tokens.jwks()["keys"][0]["x"]) * 2, "HS256", headers={"kid": parts[0]["kid"], "typ": "at+jwt"}
    ),
    "another curve's name": lambda parts, _: put_together(parts[0] | {"alg": "ES384"}, parts[1], parts[2]),
    "a kid that climbs": lambda parts, key: signed_by(key, parts[0] | {"kid": "../../demo/key"}, parts[1]),
    "a kid with SQL": lambda parts, key: signed_by(key, parts[0] | {"kid": "access-1' OR '1'='1"}, parts[1]),
    "a kid of nobody": lambda parts, key: signed_by(key, parts[0] | {"kid": "access-9999"}, parts[1]),
    "its own key in jwk": lambda parts, key: signed_by(key, parts[0] | {"jwk": _own_key(key)}, parts[1]),
    "an address in jku": lambda parts, key: signed_by(key, parts[0] | {"jku": "https://elsewhere.example"}, parts[1]),
    "a chain in x5c": lambda parts, key: signed_by(key, parts[0] | {"x5c": ["AAAA"]}, parts[1]),
    "another key under our kid": lambda parts, key: signed_by(key, parts[0], parts[1]),
    "a raised level": lambda parts, _: put_together(parts[0], parts[1] | {"level": 3}, parts[2]),
    "another subject": lambda parts, _: put_together(
        parts[0], parts[1] | {"sub": "01900000-0000-7000-8000-00000000003c"}, parts[2]
    ),
    "no signature": lambda parts, _: put_together(parts[0], parts[1], ""),
    "a signature of zeros": lambda parts, _: put_together(parts[0], parts[1], "A" * 86),
}


class TestSurgery:
    @pytest.mark.parametrize("how", SURGERIES)
    async def test_is_refused(self, http: httpx.AsyncClient, how: str) -> None:
        citizen = await a_citizen(2)
        pair = await sessions.open_session(sessions.Opening(citizen.id, "app", 2))
        worked_on = SURGERIES[how](taken_apart(pair.access_token), a_key())

        answer = await http.get("/v1/me", headers={"authorization": f"Bearer {worked_on}"})

        assert (answer.status_code, answer.json()["code"]) == (401, "token_wrong")
        assert (await http.get("/v1/me", auth=SignedIn(pair.access_token))).status_code == 200

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"aud": "http://127.0.0.1:8000/v1/officer"}, "token_wrong"),
            ({"iss": "http://elsewhere.example"}, "token_wrong"),
            ({"exp": 1}, "token_expired"),
            ({"iat": 99_999_999_999, "exp": 99_999_999_999}, "token_wrong"),
        ],
    )
    async def test_even_under_our_own_key_it_must_be_for_here_and_now(
        self, http: httpx.AsyncClient, changed: dict[str, object], code: str
    ) -> None:
        citizen = await a_citizen(2)
        pair = await sessions.open_session(sessions.Opening(citizen.id, "app", 2))
        claims = jwt.decode(pair.access_token, options={"verify_signature": False}) | changed
        signed = tokens.sign(_claims(claims))

        assert (await http.get("/v1/me", auth=SignedIn(signed))).json()["code"] == code

    async def test_a_token_of_another_session_is_refused_to_whoever_it_is_not(self, http: httpx.AsyncClient) -> None:
        one, other = await a_citizen(2), await a_citizen(2)
        pair = await sessions.open_session(sessions.Opening(one.id, "app", 2))
        claims = jwt.decode(pair.access_token, options={"verify_signature": False}) | {"sub": str(other.id)}

        answer = await http.get("/v1/me", auth=SignedIn(tokens.sign(_claims(claims))))

        assert answer.json()["code"] == "session_over"


def _claims(read: dict[str, Any]) -> tokens.Claims:
    return msgspec.convert(read, tokens.Claims)


class TestBound:
    async def test_a_bound_token_serves_nobody_without_its_key(self, http: httpx.AsyncClient) -> None:
        key, citizen = a_key(), await a_citizen(2)
        token = await bound_token(citizen, key)
        address = str(http.base_url.copy_with(path="/v1/me"))

        for named, code in (
            ({"authorization": f"Bearer {token}"}, "dpop_missing"),
            ({"authorization": f"DPoP {token}"}, "dpop_missing"),
            ({"authorization": f"DPoP {token}", "dpop": a_proof(a_key(), "GET", address, token)}, "dpop_wrong"),
            ({"authorization": f"DPoP {token}", "dpop": a_proof(key, "POST", address, token)}, "dpop_wrong"),
        ):
            answer = await http.get("/v1/me", headers=named)
            assert (answer.status_code, answer.json()["code"]) == (401, code)

    async def test_a_proof_of_an_act_is_taken_once(self, http: httpx.AsyncClient) -> None:
        key, citizen = a_key(), await a_citizen(2)
        token = await bound_token(citizen, key)
        path = "/v1/me/identity/freeze"
        proof = a_proof(key, "POST", str(http.base_url.copy_with(path=path)), token)
        named = {"authorization": f"DPoP {token}", "dpop": proof}

        first, again = [await http.post(path, json={}, headers=named) for _ in range(2)]

        assert first.status_code == 200
        assert (again.json()["code"], again.json()["flaw"]) == ("dpop_wrong", "replayed")

    async def test_an_old_token_is_refused_with_a_new_proof(
        self, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key, citizen = a_key(), await a_citizen(2)
        auth = SignedIn(await bound_token(citizen, key), key)
        moved = clock.epoch_seconds() + 301
        monkeypatch.setattr(clock, "epoch_seconds", lambda: moved)

        assert (await http.get("/v1/me", auth=auth)).json()["code"] == "token_expired"


async def bound_token(citizen: Citizen, key: Key) -> str:
    jkt = thumbprint_of_key(key.public_key())
    return (await sessions.open_session(sessions.Opening(citizen.id, "app", 2, jkt))).access_token
