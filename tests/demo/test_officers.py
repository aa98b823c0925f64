"""Signing in as an officer though each code counts once."""

import time
from collections.abc import Iterator

import httpx
import pyotp
import pytest
import respx
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.pki.authorities import pem
from app.pki.profiles import Kind
from demo.keys import Key
from demo.officers import WAITING, OfficerCard
from demo.report import NotSo
from demo.web import Server
from tests.makers.pki import a_leaf

ORIGIN, SECRET = "http://127.0.0.1:8000", pyotp.random_base32()


class Desk:
    """Takes each code once, and none before one that was taken, as the portal does."""

    def __init__(self, router: respx.Router, last_step: int = 0) -> None:
        self.last_step = last_step
        router.post("/v1/officer/sign-in/challenge").respond(200, json={"nonce": "officer-sign-in.n"})
        router.post("/v1/officer/sign-in").mock(side_effect=self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        now = int(time.time()) // 30
        steps = [
            s for s in (now - 1, now, now + 1) if f'"{pyotp.TOTP(SECRET).generate_otp(s)}"' in request.content.decode()
        ]
        if not steps or steps[0] <= self.last_step:
            problem = {"code": "sign_in_refused", "title": "登录未通过。", "type": "urn:fuhai:sign_in_refused"}
            return httpx.Response(401, json=problem, headers={"content-type": "application/problem+json"})
        self.last_step = steps[0]
        return httpx.Response(200, json={"access_token": "t", "officer_id": "o", "name": "李建国", "department": "GAJ"})


@pytest.fixture
def router() -> Iterator[respx.Router]:
    with respx.mock(base_url=ORIGIN) as router:
        yield router


@pytest.fixture
def portal() -> Iterator[Server]:
    server = Server(ORIGIN)
    yield server
    server.close()


@pytest.fixture
def card() -> OfficerCard:
    key = Key.new()
    chain = pem(a_leaf(Kind.OFFICER, "gaj-1001", key=key.private.public_key())).decode()
    return OfficerCard(
        {"code": "GAJ-1001", "name": "李建国", "department": "GAJ", "certificate": chain, "totp_secret": SECRET}
        | {"key": _pem(key)}
    )


def _pem(key: Key) -> str:
    return key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was slept; the clock moves on by as much."""
    naps: list[float] = []
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + sum(naps))
    monkeypatch.setattr(time, "sleep", naps.append)
    return naps


class TestSignIn:
    def test_goes_three_times_without_waiting(
        self, router: respx.Router, portal: Server, card: OfficerCard, slept: list[float]
    ) -> None:
        Desk(router)
        said: list[str] = []

        names = [card.sign_in(portal, said.append).name for _ in range(3)]

        assert names == ["李建国"] * 3
        assert (slept, said) == ([], [])

    def test_says_that_it_waits_for_the_next_code(
        self, router: respx.Router, portal: Server, card: OfficerCard, slept: list[float]
    ) -> None:
        Desk(router, last_step=int(time.time()) // 30 + 1)
        said: list[str] = []

        card.sign_in(portal, said.append)

        assert said == [WAITING]
        assert 0 < slept[0] <= 30

    def test_gives_up_where_no_code_is_taken(
        self, router: respx.Router, portal: Server, card: OfficerCard, slept: list[float]
    ) -> None:
        Desk(router, last_step=10**12)

        with pytest.raises(NotSo, match="sign_in_refused"):
            card.sign_in(portal, lambda _line: None)
