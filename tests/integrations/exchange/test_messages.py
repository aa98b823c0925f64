"""The exchange's messages, from both sides."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from msgspec.structs import replace

from app.kernel import clock
from app.kernel.bodies import decode_strictly
from app.kernel.errors import Refusal, TooLarge, UnsupportedMedia
from app.kernel.problems import BodyUnreadable, BodyWrong
from app.keys.errors import DigestMismatch, KeyUnknown, SignatureOfAnotherProfile, SignatureTooOld, SignatureWrong
from app.keys.request_signatures import EXCHANGE, TERMINAL, Answer, Request, sign_request, verify_answer
from integrations.exchange.errors import PushFromAnother
from integrations.exchange.messages import (
    Pushed,
    answer_request,
    make_push,
    make_request,
    read_answer,
    read_request,
    sign_ok,
    verify_push,
)
from integrations.exchange.structs import ExchangeRequest, Push
from tests.makers.exchange import POLICE_STATION, a_reply, an_asking
from tests.makers.signed import HEALTH, POLICE, PORTAL, a_signer, public_keys

NOW = clock.now()
ADDRESS = POLICE_STATION.address_of("household")
EVENTS = "https://portal.fuhai.example/v1/exchange/events"
DEPARTMENTS = {POLICE: "GAJ", HEALTH: "WJW"}
KEYS = public_keys().get


def a_question() -> ExchangeRequest:
    asking = an_asking()
    body = msgspec.Raw(b'{"id_number":"370602199001011234"}')
    return ExchangeRequest(uuid4(), "household", NOW, asking.purpose, asking.basis, asking.end_user, body)


def a_push() -> Push:
    return Push(uuid4(), "child_born", NOW, "WJW", msgspec.Raw(b'{"certificate_no":"P370000001"}'))


DEEP = msgspec.json.encode(replace(a_push(), body=msgspec.Raw(b"[" * 50_000 + b"]" * 50_000)))


def raw_post(raw: bytes, *, content_type: str = "application/json", keyid: str = HEALTH) -> Request:
    """Bytes as they are, well signed."""
    headers = {"content-type": content_type, "idempotency-key": "1"}
    plain = Request("POST", EVENTS, headers, raw)
    added = sign_request(plain, a_signer(keyid), profile=EXCHANGE, now=int(NOW.timestamp()), nonce="A" * 22)
    return replace(plain, headers=headers | added)


class TestReadRequest:
    def test_reads_what_was_asked(self) -> None:
        question = a_question()
        sent = make_request(question, ADDRESS, a_signer(PORTAL), NOW)

        asked = read_request(Request("POST", ADDRESS, sent.headers, sent.body), KEYS, NOW)

        assert asked.request == question
        assert (asked.verified.keyid, asked.verified.binding) == (PORTAL, sent.binding)
        assert sent.headers["idempotency-key"] == str(question.id)

    def test_each_signing_has_a_nonce_of_its_own(self) -> None:
        question = a_question()

        one, two = (make_request(question, ADDRESS, a_signer(PORTAL), NOW) for _ in range(2))

        assert one.body == two.body
        assert one.headers["signature-input"] != two.headers["signature-input"]

    @pytest.mark.parametrize(
        ("change", "refusal"),
        [
            ({"target_uri": "https://gaj.example/gaj/exchange/verify_face"}, SignatureWrong),
            ({"body": b"{}"}, DigestMismatch),
            ({"method": "PUT"}, SignatureWrong),
        ],
    )
    def test_refuses_what_was_changed(self, change: dict[str, Any], refusal: type[Refusal]) -> None:
        sent = make_request(a_question(), ADDRESS, a_signer(PORTAL), NOW)

        with pytest.raises(refusal):
            read_request(replace(Request("POST", ADDRESS, sent.headers, sent.body), **change), KEYS, NOW)

    def test_refuses_what_was_said_two_minutes_ago(self) -> None:
        sent = make_request(a_question(), ADDRESS, a_signer(PORTAL), NOW)

        with pytest.raises(SignatureTooOld):
            read_request(Request("POST", ADDRESS, sent.headers, sent.body), KEYS, NOW + timedelta(minutes=2))


class TestVerifyPush:
    def test_reads_what_was_told(self) -> None:
        push = a_push()
        sent = make_push(push, EVENTS, a_signer(HEALTH), NOW)

        pushed = verify_push(Request("POST", EVENTS, sent.headers, sent.body), KEYS, DEPARTMENTS, NOW)

        assert pushed == Pushed(push, pushed.verified)
        assert pushed.verified.keyid == HEALTH

    def test_our_answer_to_it_proves_that_it_arrived(self) -> None:
        sent = make_push(a_push(), EVENTS, a_signer(HEALTH), NOW)
        pushed = verify_push(Request("POST", EVENTS, sent.headers, sent.body), KEYS, DEPARTMENTS, NOW)

        answer = sign_ok(b'{"received":true}', pushed.verified.binding, a_signer(PORTAL), NOW)

        said = Answer(200, answer.headers, answer.body)
        assert verify_answer(said, sent.binding, KEYS, profile=EXCHANGE, now=int(NOW.timestamp())).keyid == PORTAL

    def test_refuses_one_in_another_departments_name(self) -> None:
        sent = make_push(a_push(), EVENTS, a_signer(POLICE), NOW)

        with pytest.raises(PushFromAnother):
            verify_push(Request("POST", EVENTS, sent.headers, sent.body), KEYS, DEPARTMENTS, NOW)

    def test_refuses_one_who_is_no_department(self) -> None:
        sent = make_push(a_push(), EVENTS, a_signer(PORTAL), NOW)

        with pytest.raises(PushFromAnother):
            verify_push(Request("POST", EVENTS, sent.headers, sent.body), KEYS, DEPARTMENTS, NOW)

    def test_refuses_a_key_that_isnt_known(self) -> None:
        sent = make_push(a_push(), EVENTS, a_signer(HEALTH), NOW)

        with pytest.raises(KeyUnknown):
            verify_push(Request("POST", EVENTS, sent.headers, sent.body), lambda _: None, DEPARTMENTS, NOW)

    def test_refuses_a_terminals_signature(self) -> None:
        plain = Request("POST", EVENTS, {"content-type": "application/json", "idempotency-key": "1"}, b"{}")
        added = sign_request(plain, a_signer(), profile=TERMINAL, now=int(NOW.timestamp()), nonce="A" * 22)

        with pytest.raises(SignatureOfAnotherProfile):
            verify_push(replace(plain, headers={**dict(plain.headers), **added}), KEYS, DEPARTMENTS, NOW)

    @pytest.mark.parametrize(
        ("raw", "refusal"),
        [
            (b"", BodyUnreadable),
            (b"{", BodyUnreadable),
            (b"\xff", BodyUnreadable),
            (DEEP, BodyUnreadable),
            (b"{}", BodyWrong),
            (b"x" * 1_100_000, TooLarge),
            (msgspec.json.encode(a_push())[:-1] + b',"kind":"again"}', BodyWrong),
            (msgspec.json.encode(a_push()).replace(b"+08:00", b""), BodyWrong),
            (msgspec.json.encode(a_push()).replace(b"child_born", b"child_born\\u0000"), BodyWrong),
            (msgspec.json.encode(a_push()).replace(b"P37", b'","certificate_no":"P37'), BodyWrong),
        ],
        ids=["empty", "cut", "not UTF-8", "deep", "bare", "long", "key twice", "no offset", "NUL", "key twice inside"],
    )
    def test_refuses_bytes_that_are_well_signed_and_wrong(self, raw: bytes, refusal: type[Refusal]) -> None:
        with pytest.raises(refusal):
            verify_push(raw_post(raw), KEYS, DEPARTMENTS, NOW)

    def test_refuses_another_content_type(self) -> None:
        with pytest.raises(UnsupportedMedia):
            verify_push(raw_post(msgspec.json.encode(a_push()), content_type="text/plain"), KEYS, DEPARTMENTS, NOW)


class TestAnswerRequest:
    def test_is_read_by_who_asked(self) -> None:
        question = a_question()
        sent = make_request(question, ADDRESS, a_signer(PORTAL), NOW)
        asked = read_request(Request("POST", ADDRESS, sent.headers, sent.body), KEYS, NOW)
        reply = a_reply({"household_no": "1"}, as_of=NOW - timedelta(days=1))

        answer = answer_request(asked, reply, a_signer(POLICE), NOW)
        said, verified = read_answer(Answer(200, answer.headers, answer.body), sent, KEYS, NOW)

        assert (said.request_id, said.id, said.status, said.as_of) == (question.id, reply.id, "ok", reply.as_of)
        assert decode_strictly(bytes(said.body), dict) == {"household_no": "1"}
        assert verified.keyid == POLICE
