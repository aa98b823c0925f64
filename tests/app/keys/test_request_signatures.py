"""The strict profile of signed messages: vectors, surgery, properties, and the library as oracle."""

import json
from datetime import UTC, datetime, timedelta
from itertools import permutations
from types import SimpleNamespace
from typing import Any

import http_message_signatures as oracle
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.kernel.errors import Refusal
from app.keys import errors
from app.keys.request_signatures import (
    EXCHANGE,
    TERMINAL,
    Answer,
    Binding,
    Profile,
    Request,
    VerifiedAnswer,
    VerifiedRequest,
    binding_of,
    claimed_keyid,
    sign_answer,
    sign_request,
    verify_answer,
    verify_request,
)
from app.keys.signature_fields import read_input
from tests.app.keys import vectors
from tests.makers.signed import BODY, ED25519, ES256, NOW, PORTAL, PRIVATE, TARGET, Draft, a_signer, public_keys, signed

HEADERS = {"Content-Type": "application/json", "Idempotency-Key": "0193-0001"}
NONCE = "bm9uY2Utbm9uY2Utbm9uY2U"
VECTORS: list[dict[str, Any]] = json.loads(vectors.FILE.read_text(encoding="utf-8"))["vectors"]
ALGORITHMS: dict[str, Any] = {ES256: oracle.algorithms.ECDSA_P256_SHA256, ED25519: oracle.algorithms.ED25519}
PROFILES = {"fuhai-terminal": TERMINAL, "fuhai-exchange": EXCHANGE}


def a_request(keyid: str = ES256, *, method: str = "POST", body: bytes = BODY, profile: Profile = TERMINAL) -> Request:
    plain = Request(method, TARGET, HEADERS, body)
    added = sign_request(plain, a_signer(keyid), profile=profile, now=NOW, nonce=NONCE)
    return Request(method, TARGET, HEADERS | added, body)


def verified(request: Request, *, profile: Profile = TERMINAL, now: int = NOW) -> VerifiedRequest:
    return verify_request(request, public_keys().get, profile=profile, now=now)


class TestVectors:
    def test_the_file_is_what_the_generator_writes(self) -> None:
        assert vectors.FILE.read_text(encoding="utf-8") == vectors.document()

    def test_there_are_enough_of_both_kinds(self) -> None:
        accepted = [vector for vector in VECTORS if vector["expect"] == "ok"]

        assert len(VECTORS) >= 30
        assert len(accepted) >= 10
        assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)

    @pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
    def test_each_is_judged_as_it_says(self, vector: dict[str, Any]) -> None:
        assert self._judged(vector) == vector["expect"]

    def test_every_refusal_but_the_replay_has_one(self) -> None:
        refusals = {refusal.code for refusal in errors.SIGNATURE_REFUSALS}

        assert refusals - {vector["expect"] for vector in VECTORS} == {"nonce_replayed"}

    def _judged(self, vector: dict[str, Any]) -> str:
        message = vector["message"]
        headers, body = [tuple(field) for field in message["headers"]], message["body"].encode()
        profile = PROFILES[vector["profile"]]
        keys = public_keys().get
        try:
            if vector["kind"] == "answer":
                answer = Answer(message["status"], headers, body)
                verify_answer(answer, Binding(**message["answers"]), keys, profile=profile, now=vector["now"])
            else:
                request = Request(message["method"], message["target_uri"], headers, body)
                verify_request(request, keys, profile=profile, now=vector["now"])
        except Refusal as refusal:
            return refusal.code
        return "ok"


class TestSignRequest:
    @pytest.mark.parametrize("keyid", [ES256, ED25519])
    def test_what_it_signs_verifies(self, keyid: str) -> None:
        answer = verified(a_request(keyid))

        assert (answer.keyid, answer.nonce, answer.created, answer.replayable_until) == (keyid, NONCE, NOW, NOW + 60)
        assert answer.algorithm == public_keys()[keyid].algorithm
        assert f';alg="{answer.algorithm}"' in str(dict(a_request(keyid).headers)["signature-input"])

    def test_a_read_carries_no_digest(self) -> None:
        added = sign_request(Request("GET", TARGET, {}), a_signer(), profile=TERMINAL, now=NOW, nonce=NONCE)

        assert set(added) == {"signature-input", "signature"}
        assert 'tag="fuhai-terminal-read"' in added["signature-input"]

    def test_refuses_a_body_without_the_idempotency_key(self) -> None:
        plain = Request("POST", TARGET, {"content-type": "application/json"}, BODY)

        with pytest.raises(errors.SignatureNotCovering) as refused:
            sign_request(plain, a_signer(), profile=TERMINAL, now=NOW, nonce=NONCE)

        assert refused.value.facts == {"missing": ['"idempotency-key"']}

    @pytest.mark.parametrize("nonce", ["", "short", 'quote"quote"quote"', "a" * 65, "new\nline" * 3])
    def test_refuses_a_nonce_that_nobody_would_take(self, nonce: str) -> None:
        with pytest.raises(errors.SignatureMalformed):
            sign_request(Request("GET", TARGET, {}), a_signer(), profile=TERMINAL, now=NOW, nonce=nonce)


class TestVerifyRequest:
    def test_a_terminal_signature_is_worth_nothing_in_the_exchange(self) -> None:
        with pytest.raises(errors.SignatureOfAnotherProfile):
            verified(a_request(), profile=EXCHANGE)

    @pytest.mark.parametrize(("age", "refusal"), [(61, errors.SignatureTooOld), (-61, errors.SignatureFromFuture)])
    def test_refuses_one_minute_and_a_second(self, age: int, refusal: type[Refusal]) -> None:
        request = a_request()
        verified(request, now=NOW + age - (1 if age > 0 else -1))

        with pytest.raises(refusal):
            verified(request, now=NOW + age)

    def test_refuses_a_body_on_a_read(self) -> None:
        request = a_request(method="GET", body=b"")

        with pytest.raises(errors.DigestMismatch):
            verified(replace(request, body=b"{}"))

    def test_its_parameters_say_the_same_in_any_order(self) -> None:
        fields = {name.lower(): value for name, value in dict(a_request().headers).items()}
        names, *parameters = fields["signature-input"].split(";")
        read = read_input(fields)

        for order in permutations(parameters):
            other = read_input(fields | {"signature-input": ";".join([names, *order])})
            assert replace(other, raw=read.raw) == read

    def test_header_names_may_be_in_any_case(self) -> None:
        request = a_request()
        assert isinstance(request.headers, dict)
        shouted = {name.upper(): value for name, value in request.headers.items()}

        assert verified(replace(request, headers=shouted)) == verified(request)

    @pytest.mark.parametrize("value", ["", "a\tb", "a\nb", " a", "a ", "é", "a\x00", "a\x7f"])
    def test_refuses_a_covered_field_with_anything_but_visible_ascii(self, value: str) -> None:
        fields = signed(Draft(headers={"content-type": "application/json", "idempotency-key": value}))

        with pytest.raises(errors.SignatureMalformed) as refused:
            verified(Request("POST", TARGET, fields, BODY))

        assert refused.value.facts == {"field": "idempotency-key"}

    @pytest.mark.parametrize("target", ["/v1/x", "ftp://a/b", "https://a/b c", "https://a/\n", "https://", ""])
    def test_refuses_a_target_that_isnt_absolute(self, target: str) -> None:
        with pytest.raises(errors.SignatureMalformed):
            verified(replace(a_request(), target_uri=target))

    @given(
        field=st.sampled_from(["signature", "signature-input", "content-digest", "content-type", "idempotency-key"]),
        data=st.data(),
    )
    def test_refuses_any_one_changed_character(self, field: str, data: st.DataObject) -> None:
        headers = dict(signed(Draft()))
        value = headers[field]
        place = data.draw(st.integers(0, len(value) - 1))
        character = data.draw(st.characters(min_codepoint=0, max_codepoint=0x17F))
        assume(character != value[place])

        headers[field] = value[:place] + character + value[place + 1 :]

        with pytest.raises(Refusal):
            verified(Request("POST", TARGET, headers, BODY))

    @given(st.data())
    def test_refuses_any_one_changed_byte_of_the_body(self, data: st.DataObject) -> None:
        request = a_request()
        place = data.draw(st.integers(0, len(BODY) - 1))
        byte = data.draw(st.integers(1, 255))

        changed = bytearray(BODY)
        changed[place] ^= byte

        with pytest.raises(errors.DigestMismatch):
            verified(replace(request, body=bytes(changed)))

    @given(st.data())
    def test_refuses_any_one_field_left_out_or_doubled(self, data: st.DataObject) -> None:
        fields = signed(Draft())
        place = data.draw(st.integers(0, len(fields) - 1))
        twice = data.draw(st.booleans())

        changed = [*fields, fields[place]] if twice else fields[:place] + fields[place + 1 :]

        with pytest.raises(Refusal):
            verified(Request("POST", TARGET, changed, BODY))

    @given(field=st.sampled_from(["signature", "signature-input", "content-digest"]), value=st.text(max_size=300))
    def test_refuses_any_text_by_name(self, field: str, value: str) -> None:
        headers = dict(signed(Draft())) | {field: value}

        with pytest.raises(Refusal) as refused:
            verified(Request("POST", TARGET, headers, BODY))

        assert type(refused.value) in errors.SIGNATURE_REFUSALS

    def test_is_quick_to_refuse_a_long_field(self) -> None:
        long = 'sig1=("@method" ' + '"a" ' * 50_000 + ")"

        with pytest.raises(errors.SignatureMalformed):
            verified(Request("POST", TARGET, dict(signed(Draft())) | {"signature-input": long}, BODY))

    def test_a_key_never_verifies_by_anothers_algorithm(self) -> None:
        keys = public_keys()
        swapped = {ES256: keys[ED25519], ED25519: keys[ES256]}

        for keyid in swapped:
            unnamed = Request("POST", TARGET, dict(signed(Draft(keyid=keyid))), BODY)
            with pytest.raises(errors.SignatureWrong):
                verify_request(unnamed, swapped.get, profile=TERMINAL, now=NOW)
            with pytest.raises(errors.SignatureAlgorithmWrong):
                verify_request(a_request(keyid), swapped.get, profile=TERMINAL, now=NOW)


class TestSignAnswer:
    def _exchange(self) -> tuple[Binding, Answer]:
        to = verified(a_request()).binding
        plain = Answer(201, {"content-type": "application/json"}, b'{"approved":true}')
        added = sign_answer(plain, to, a_signer(PORTAL), profile=TERMINAL, now=NOW)
        return to, replace(plain, headers={**added, "content-type": "application/json"})

    def _verified(self, answer: Answer, to: Binding) -> VerifiedAnswer:
        return verify_answer(answer, to, public_keys().get, profile=TERMINAL, now=NOW)

    def test_what_it_signs_verifies_for_who_asked(self) -> None:
        plain = Request("POST", TARGET, HEADERS, BODY)
        added = sign_request(plain, a_signer(), profile=TERMINAL, now=NOW, nonce=NONCE)
        at_the_portal = verified(replace(plain, headers=HEADERS | added)).binding

        assert binding_of(plain, added) == at_the_portal
        to, answer = self._exchange()
        assert self._verified(answer, to) == VerifiedAnswer(PORTAL, "ecdsa-p256-sha256", NOW)

    def test_is_worth_nothing_for_another_request(self) -> None:
        to, answer = self._exchange()
        others = [
            replace(to, method="PUT"),
            replace(to, target_uri=TARGET + "/reverse"),
            replace(to, signature=dict(signed(Draft(nonce="A" * 20)))["signature"]),
        ]

        for other in others:
            with pytest.raises(errors.SignatureWrong):
                self._verified(answer, other)

    @given(st.data())
    def test_any_one_changed_byte_is_refused(self, data: st.DataObject) -> None:
        to, answer = self._exchange()
        place = data.draw(st.integers(0, len(answer.body) - 1))

        changed = answer.body[:place] + bytes([answer.body[place] ^ 1]) + answer.body[place + 1 :]

        with pytest.raises(errors.DigestMismatch):
            self._verified(replace(answer, body=changed), to)

    def test_another_status_is_refused(self) -> None:
        to, answer = self._exchange()

        with pytest.raises(errors.SignatureWrong):
            self._verified(replace(answer, status=200), to)


class TestClaimedKeyid:
    def test_says_whose_key_to_fetch(self) -> None:
        assert claimed_keyid(signed(Draft(keyid=ED25519))) == ED25519

    def test_refuses_what_carries_no_signature(self) -> None:
        with pytest.raises(errors.SignatureMissing):
            claimed_keyid({})


class _Keys(oracle.HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id: str) -> Any:
        return PRIVATE[key_id].public_key()

    def resolve_private_key(self, key_id: str) -> Any:
        return PRIVATE[key_id]


class TestTheLibraryAsOracle:
    """`http-message-signatures` implements the same standards without our limits: each must accept what the other signs."""

    @given(
        keyid=st.sampled_from([ES256, ED25519]),
        body=st.binary(max_size=200),
        query=st.text(st.characters(codec="ascii", categories=["L", "N"]), max_size=20),
        key=st.from_regex(r"\A[!-~]([ -~]{0,30}[!-~])?\Z"),
    )
    def test_it_accepts_what_we_sign(self, keyid: str, body: bytes, query: str, key: str) -> None:
        plain = Request("POST", f"{TARGET}?q={query}", HEADERS | {"Idempotency-Key": key}, body)
        added = sign_request(plain, a_signer(keyid), profile=TERMINAL, now=_present(), nonce=NONCE)
        message = SimpleNamespace(
            method="POST", url=plain.target_uri, headers={**HEADERS, "Idempotency-Key": key, **added}
        )

        verifier = oracle.HTTPMessageVerifier(signature_algorithm=ALGORITHMS[keyid], key_resolver=_Keys())
        (result,) = verifier.verify(message, max_age=timedelta(minutes=1), body=body)

        assert result.parameters["tag"] == "fuhai-terminal"

    @given(keyid=st.sampled_from([ES256, ED25519]), body=st.binary(max_size=200), named=st.booleans())
    def test_we_accept_what_it_signs(self, keyid: str, body: bytes, *, named: bool) -> None:
        message = SimpleNamespace(method="POST", url=TARGET, headers=dict(HEADERS))
        signer = oracle.HTTPMessageSigner(signature_algorithm=ALGORITHMS[keyid], key_resolver=_Keys())
        signer.sign(
            message,
            key_id=keyid,
            created=datetime.fromtimestamp(NOW, UTC),
            nonce=NONCE,
            label="sig1",
            tag="fuhai-terminal",
            include_alg=named,
            covered_component_ids=("@method", "@target-uri", "content-type", "idempotency-key", "content-digest"),
            body=body,
        )

        assert verified(Request("POST", TARGET, message.headers, body)).nonce == NONCE


def _present() -> int:
    """The oracle compares with the machine's clock."""
    return int(datetime.now(UTC).timestamp())
