"""Two clients of other authors, in another language, over real HTTP: `dpop` (RFC 9449) and `http-message-sig` (RFC 9421)."""

import json
import secrets
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from app.identity import sessions
from app.identity.dpop import thumbprint_of_key
from app.identity.sessions import Opening
from app.pki.authorities import RECEIPTS, authorities
from app.pki.requests import require_p256
from tests.makers.callers import Key, a_device, a_key, a_terminal
from tests.makers.people import a_resident
from tests.makers.programs import needs

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("portal")]


def run(clients: Path, script: str, **told: object) -> dict[str, Any]:
    """What a client's script says when it is told this."""
    ran = subprocess.run(
        ["node", script], cwd=clients, input=json.dumps(told), capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    said: dict[str, Any] = json.loads(ran.stdout)
    return said


def jwk(key: Key | ec.EllipticCurvePublicKey) -> dict[str, Any]:
    """A key as JWK."""
    return ECAlgorithm.to_jwk(key, as_dict=True)


async def a_bound_session(key: Key) -> Any:
    """A session that is bound to a device's key."""
    citizen_id, jkt = await a_resident(), thumbprint_of_key(key.public_key())
    return await sessions.open_session(Opening(citizen_id, "interop", 3, jkt, await a_device(citizen_id, jkt)))


@needs("node", "npm")
class TestDpop:
    async def test_is_accepted_with_its_token_and_without_one(self, portal: str, clients: Path) -> None:
        key = a_key()
        pair = await a_bound_session(key)
        requests = [
            {"method": "GET", "path": "/v1/me", "token": pair.access_token},
            {"method": "POST", "path": "/v1/token/refresh", "body": {"refresh_token": pair.refresh_token}},
        ]

        heard = run(clients, "dpop.mjs", jwk=jwk(key), origin=portal, requests=requests)

        assert heard["jkt"] == thumbprint_of_key(key.public_key())
        assert [one["status"] for one in heard["said"]] == [200, 200], heard

    async def test_is_refused_for_another_address_or_by_another_key(self, portal: str, clients: Path) -> None:
        key = a_key()
        token = (await a_bound_session(key)).access_token
        me = {"method": "GET", "path": "/v1/me", "token": token}

        elsewhere = run(
            clients, "dpop.mjs", jwk=jwk(key), origin=portal, requests=[me | {"proves": "https://evil.example/v1/me"}]
        )
        stolen = run(clients, "dpop.mjs", jwk=jwk(a_key()), origin=portal, requests=[me])

        assert [one["said"][0]["body"]["flaw"] for one in (elsewhere, stolen)] == ["address", "key"]


@needs("node", "npm")
class TestHttpMessageSig:
    async def test_signs_what_the_server_takes_and_verifies_what_it_answers(self, portal: str, clients: Path) -> None:
        terminal = await a_terminal()
        seal = authorities().own[RECEIPTS.label].certificate

        heard = run(
            clients,
            "terminal.mjs",
            **told(terminal.keyid, terminal.key, portal),
            answerJwk=jwk(require_p256(seal.public_key())),
        )

        assert heard["status"] == 200, heard
        assert heard["body"]["last_sequence"] == 0
        assert heard["answered"] == {
            "tag": "fuhai-terminal-answer",
            "keyid": f"receipts.seal.{authorities().place.domain}",
            "digest": True,
        }

    async def test_finds_an_answer_of_another_key_wrong(self, portal: str, clients: Path) -> None:
        terminal = await a_terminal()
        asked = told(terminal.keyid, terminal.key, portal) | {"answerJwk": jwk(a_key().public_key())}

        ran = _node(clients, asked)

        assert ran.returncode != 0
        assert "VerificationFailed" in ran.stderr

    async def test_is_refused_when_the_body_was_swapped(self, portal: str, clients: Path) -> None:
        terminal = await a_terminal()

        heard = run(
            clients, "terminal.mjs", **told(terminal.keyid, terminal.key, portal), tamper='{"software":"other"}'
        )

        assert (heard["status"], heard["body"]["code"]) == (400, "digest_mismatch")


def _node(clients: Path, asked: dict[str, object]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["node", "terminal.mjs"], cwd=clients, input=json.dumps(asked), capture_output=True, text=True, check=False
    )


def told(keyid: str, key: Key, origin: str) -> dict[str, object]:
    """What the terminal's script needs to sign on."""
    return {
        "jwk": jwk(key),
        "origin": origin,
        "path": "/v1/terminal/sign-on",
        "keyid": keyid,
        "nonce": secrets.token_urlsafe(16),
        "idempotencyKey": secrets.token_hex(16),
        "body": '{"software":"interop 1"}',
    }
