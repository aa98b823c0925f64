"""Proofs of possession: for this request, this token, now, once."""

import jwt
import pytest
from jwt.algorithms import ECAlgorithm

from app.identity import dpop
from app.identity.errors import ProofWrong
from app.kernel import clock
from tests.makers.callers import a_key, a_proof

pytestmark = pytest.mark.usefixtures("app")
ADDRESS = "http://127.0.0.1:8000/v1/me"


def flaw(proof: str, method: str = "GET", address: str = ADDRESS, token: str | None = None) -> object:
    with pytest.raises(ProofWrong) as refused:
        dpop.verify(proof, method, address, token)
    return refused.value.facts["flaw"]


class TestVerify:
    def test_gives_the_thumbprint_of_the_key(self) -> None:
        key = a_key()

        proved = dpop.verify(a_proof(key, "GET", ADDRESS, "token"), "GET", ADDRESS, "token")

        assert proved.jkt == dpop.thumbprint_of_key(key.public_key())

    def test_thumbprint_is_that_of_rfc_7638(self) -> None:
        jwk = {
            "kty": "EC",
            "crv": "P-256",
            "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
            "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
        }

        # RFC 9449, 6.1: the thumbprint of the key in its examples.
        assert dpop.thumbprint(jwk) == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"

    def test_refuses_another_request(self) -> None:
        key = a_key()

        assert flaw(a_proof(key, "POST", ADDRESS)) == "method"
        assert flaw(a_proof(key, "GET", ADDRESS + "/family")) == "address"
        assert flaw(a_proof(key, "GET", ADDRESS + "?a=1")) == "address"
        assert flaw(a_proof(key, "GET", "https://elsewhere.example/v1/me")) == "address"

    def test_refuses_another_token_and_one_too_many_or_few(self) -> None:
        key = a_key()

        assert flaw(a_proof(key, "GET", ADDRESS, "one"), token="another") == "token"
        assert flaw(a_proof(key, "GET", ADDRESS), token="one") == "token"
        assert flaw(a_proof(key, "GET", ADDRESS, "one")) == "token"

    @pytest.mark.parametrize("seconds", [-61, -3_600, 62, 3_600])
    def test_refuses_another_time(self, seconds: int) -> None:
        assert flaw(a_proof(a_key(), "GET", ADDRESS, iat=clock.epoch_seconds() + seconds)) == "time"

    def test_refuses_a_key_that_did_not_sign(self) -> None:
        jwk = ECAlgorithm.to_jwk(a_key().public_key(), as_dict=True)

        assert flaw(a_proof(a_key(), "GET", ADDRESS, header={"typ": "dpop+jwt", "jwk": jwk})) == "signature"

    def test_refuses_a_private_key(self) -> None:
        key = a_key()
        jwk = ECAlgorithm.to_jwk(key, as_dict=True)

        assert flaw(a_proof(key, "GET", ADDRESS, header={"typ": "dpop+jwt", "jwk": jwk})) == "malformed"

    def test_refuses_other_headers(self) -> None:
        key = a_key()
        jwk = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
        point = {**jwk, "x": jwk["y"]}

        for header in (
            {"typ": "JWT", "jwk": jwk},
            {"typ": "dpop+jwt"},
            {"typ": "dpop+jwt", "jwk": jwk, "kid": "a"},
            {"typ": "dpop+jwt", "jwk": "text"},
            {"typ": "dpop+jwt", "jwk": {**jwk, "crv": "P-384"}},
            {"typ": "dpop+jwt", "jwk": point},
        ):
            assert flaw(a_proof(key, "GET", ADDRESS, header=header)) == "malformed"

    @pytest.mark.parametrize("jti", ["", "short", "x" * 129, "with space here", "a\x00bcdefghij", 12345678])
    def test_refuses_ids_that_are_none(self, jti: object) -> None:
        assert flaw(a_proof(a_key(), "GET", ADDRESS, jti=jti)) == "malformed"

    @pytest.mark.parametrize("text", ["", "a.b.c", "é", "x" * 5_000])
    def test_refuses_what_is_no_proof(self, text: str) -> None:
        assert flaw(text) == "malformed"

    def test_refuses_nesting_without_end(self) -> None:
        key = a_key()
        jwk = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
        claims = b'{"z":' + b"[" * 1_400 + b"]" * 1_400 + b"}"
        proof = jwt.api_jws.encode(claims, key, "ES256", headers={"typ": "dpop+jwt", "jwk": jwk})
        assert flaw(proof) == "malformed"

    def test_refuses_an_hmac(self) -> None:
        jwk = ECAlgorithm.to_jwk(a_key().public_key(), as_dict=True)
        proof = jwt.encode({"htm": "GET"}, "s" * 32, "HS256", headers={"typ": "dpop+jwt", "jwk": jwk})

        assert flaw(proof) == "malformed"


class TestRefuseReplay:
    @pytest.mark.parametrize("method", ["GET", "POST"])
    async def test_lets_a_proof_count_once(self, method: str) -> None:
        proved = dpop.verify(a_proof(a_key(), method, ADDRESS), method, ADDRESS, None)

        await dpop.refuse_replay(proved, method)

        with pytest.raises(ProofWrong):
            await dpop.refuse_replay(proved, method)

    async def test_keeps_the_same_id_of_two_keys_apart(self) -> None:
        for _ in range(2):
            proof = a_proof(a_key(), "POST", ADDRESS, jti="the-same-id")
            await dpop.refuse_replay(dpop.verify(proof, "POST", ADDRESS, None), "POST")

    def test_remembers_a_read_for_as_long_as_its_proof_could_be_shown(self, monkeypatch: pytest.MonkeyPatch) -> None:
        seen, now = dpop._Seen(), clock.epoch_seconds()

        def at(seconds: int, key: str) -> bool:
            monkeypatch.setattr(clock, "epoch_seconds", lambda: now + seconds)
            return seen.is_first(key)

        assert [at(0, "a"), at(119, "b"), at(119, "a")] == [True, True, False]
        assert [at(121, "c"), at(238, "b"), at(239, "c")] == [True, False, False]
        assert [at(1_000, "d"), at(1_000, "a"), at(1_001, "d")] == [True, True, False]
