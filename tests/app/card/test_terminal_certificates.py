"""A terminal renews its certificate over HTTP: signed by the key that still holds, answered under the city's seal."""

import secrets
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from app.pki.profiles import usage
from tests.app.card.test_routes import believed, certificates_of
from tests.makers.callers import TerminalAuth, a_key, a_terminal, headers
from tests.makers.people import a_citizen
from tests.makers.pki import a_csr

CERTIFICATE = "/v1/terminal/certificate"
SIGN_ON = "/v1/terminal/sign-on"


async def renewed_by(
    shop: httpx.AsyncClient, till: TerminalAuth, csr: object, key: str | None = None
) -> httpx.Response:
    """A renewal, signed by a terminal."""
    given = {"idempotency-key": key or secrets.token_hex(16)}
    return await shop.post(CERTIFICATE, json={"csr": csr}, headers=given, auth=till)


class TestRenewal:
    async def test_gives_the_next_key_a_certificate_and_a_name(self, shop: httpx.AsyncClient) -> None:
        till, key = await a_terminal(), a_key()
        certificates = await certificates_of(shop, till)

        answer = await renewed_by(shop, till, a_csr(key))

        assert answer.status_code == 201
        believed(answer, certificates)
        assert answer.json()["keyid"] == f"k2.{till.keyid}"
        new = TerminalAuth(till.terminal, answer.json()["keyid"], key)
        for by in (till, new):
            assert (await shop.post(SIGN_ON, json={}, auth=by)).status_code == 200

    async def test_is_answered_the_same_when_repeated(self, shop: httpx.AsyncClient) -> None:
        till, csr, key = await a_terminal(), a_csr(), secrets.token_hex(16)

        first = await renewed_by(shop, till, csr, key)
        again = await renewed_by(shop, till, csr, key)
        anew = await renewed_by(shop, till, csr)
        other = await renewed_by(shop, till, a_csr(), key)

        assert first.json() == again.json() == anew.json()
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")

    @pytest.mark.parametrize(
        ("csr", "status", "code"),
        [
            ("hello", 400, "csr_unreadable"),
            (a_csr() + a_csr(), 400, "csr_unreadable"),
            (a_csr(rsa.generate_private_key(65537, 2048)), 422, "key_not_allowed"),
            (
                a_csr(building=lambda builder: builder.add_extension(usage(key_cert_sign=True), critical=True)),
                422,
                "authority_requested",
            ),
            ("A" * 8_001, 422, "body_wrong"),
            ("福", 422, "body_wrong"),
            (7, 422, "body_wrong"),
            (None, 422, "body_wrong"),
        ],
        ids=["text", "two", "rsa", "authority", "oversized", "chinese", "number", "none"],
    )
    async def test_refuses_hostile_requests_by_name(
        self, csr: Any, status: int, code: str, shop: httpx.AsyncClient
    ) -> None:
        till = await a_terminal()

        answer = await renewed_by(shop, till, csr)

        assert (answer.status_code, answer.json()["code"]) == (status, code)
        believed(answer, await certificates_of(shop, till))

    async def test_refuses_the_old_key_once_another_has_taken_over(self, shop: httpx.AsyncClient) -> None:
        till = await a_terminal()
        await renewed_by(shop, till, a_csr())

        answer = await renewed_by(shop, till, a_csr())

        assert (answer.status_code, answer.json()["code"]) == (409, "terminal_renewed")

    async def test_is_for_terminals_alone(self, shop: httpx.AsyncClient) -> None:
        body = {"csr": a_csr()}

        anonymous = await shop.post(CERTIFICATE, json=body)
        citizen = await shop.post(CERTIFICATE, json=body, headers=await headers(await a_citizen()))
        till = await a_terminal()
        stolen = await renewed_by(shop, TerminalAuth(till.terminal, till.keyid, a_key()), a_csr())

        assert {answer.status_code for answer in (anonymous, citizen, stolen)} == {401}
