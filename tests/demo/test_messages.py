"""Messages signed and checked with the library: our strict profile takes what the demo signs, and the demo finds every change."""

import time

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.keys.algorithms import LocalKey, verifying_key
from app.keys.request_signatures import TERMINAL, Answer, Request, Signer, sign_answer, verify_request
from demo.keys import Key
from demo.messages import check_answer, sign_request
from demo.report import NotSo
from demo.terminals import ANSWER_TAG, TAG

TERMINAL_NAME, PORTAL = "t-000001.term.fuhai.example", "receipts.seal.fuhai.example"
KEY, SEAL = Key.new(), Key.new()


def a_request() -> httpx.Request:
    headers = {"content-type": "application/json", "idempotency-key": "0193-0001"}
    return httpx.Request("POST", "http://127.0.0.1:8000/v1/terminal/payments", headers=headers, content=b'{"a":1}')


def signed_request() -> httpx.Request:
    request = a_request()
    sign_request(request, TERMINAL_NAME, KEY, TAG)
    return request


def received(request: httpx.Request) -> Request:
    return Request(request.method, str(request.url), list(request.headers.items()), request.content)


def an_answer(
    to: httpx.Request, status: int = 201, body: bytes = b'{"ok":true}', age_seconds: int = 0
) -> httpx.Response:
    now = int(time.time())
    verified = verify_request(
        received(to), lambda _name: verifying_key(KEY.private.public_key()), profile=TERMINAL, now=now
    )
    signer = Signer(PORTAL, LocalKey(SEAL.private))
    headers = sign_answer(Answer(status, {}, body), verified.binding, signer, profile=TERMINAL, now=now - age_seconds)
    return httpx.Response(status, headers=headers, content=body, request=to)


def check(answer: httpx.Response, key: ec.EllipticCurvePublicKey | None = None) -> None:
    check_answer(answer, PORTAL, key or SEAL.private.public_key(), ANSWER_TAG)


class TestSignRequest:
    def test_is_what_the_strict_profile_takes(self) -> None:
        request = received(signed_request())

        verified = verify_request(
            request, lambda _name: verifying_key(KEY.private.public_key()), profile=TERMINAL, now=int(time.time())
        )

        assert verified.keyid == TERMINAL_NAME

    def test_makes_another_nonce_each_time(self) -> None:
        assert signed_request().headers["signature-input"] != signed_request().headers["signature-input"]


class TestCheckAnswer:
    def test_takes_the_answer_to_its_request(self) -> None:
        check(an_answer(signed_request()))

    def test_finds_another_body(self) -> None:
        request = signed_request()
        good = an_answer(request)
        bad = httpx.Response(201, headers=good.headers, content=b'{"ok":false}', request=request)

        with pytest.raises(NotSo):
            check(bad)

    def test_finds_another_status(self) -> None:
        request = signed_request()
        good = an_answer(request, status=409)
        bad = httpx.Response(201, headers=good.headers, content=good.content, request=request)

        with pytest.raises(NotSo):
            check(bad)

    def test_finds_the_answer_to_another_request(self) -> None:
        good = an_answer(signed_request())
        bad = httpx.Response(201, headers=good.headers, content=good.content, request=signed_request())

        with pytest.raises(NotSo):
            check(bad)

    def test_finds_another_key(self) -> None:
        with pytest.raises(NotSo):
            check(an_answer(signed_request()), KEY.private.public_key())

    def test_finds_an_old_answer(self) -> None:
        with pytest.raises(NotSo, match="age"):
            check(an_answer(signed_request(), age_seconds=120))

    def test_finds_a_missing_signature(self) -> None:
        with pytest.raises(NotSo):
            check(httpx.Response(201, content=b"{}", request=signed_request()))
