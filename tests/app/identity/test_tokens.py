"""Access tokens: exactly ours, checked against PyJWT's own reading."""

import base64
import json

import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.identity import tokens
from app.identity.errors import TokenExpired, TokenWrong
from app.kernel import clock
from app.kernel.ids import new_person_id
from app.kernel.settings import load
from tests.makers.callers import a_key

pytestmark = pytest.mark.usefixtures("app")


def some_claims(**changed: object) -> tokens.Claims:
    return msgspec.structs.replace(tokens.claims_of("citizen", new_person_id(), "app"), **changed)


def forged(
    claims: tokens.Claims, key: object, algorithm: str = "ES256", header: dict[str, object] | None = None
) -> str:
    payload = json.loads(msgspec.json.encode(claims))
    headers = {"typ": tokens.TYPE, "kid": "access-1"} | (header or {})
    return jwt.encode(payload, key, algorithm, headers=headers)  # type: ignore[arg-type]


class TestSign:
    def test_writes_what_any_reader_of_jwks_can_check(self) -> None:
        claims = some_claims(level=2)
        token = tokens.sign(claims)
        keys = jwt.PyJWKSet.from_dict(tokens.jwks())
        header = jwt.get_unverified_header(token)

        read = jwt.decode(
            token, keys[header["kid"]], ["ES256"], audience=tokens.audience("citizen"), issuer=load().public_origin
        )

        assert header == {"typ": "at+jwt", "alg": "ES256", "kid": header["kid"]}
        assert {"iss", "aud", "sub", "iat", "exp", "jti", "client_id", "level"} == set(read)
        assert read["exp"] - read["iat"] == 300

    def test_gives_each_token_an_id_of_its_own(self) -> None:
        assert some_claims().jti != some_claims().jti


class TestRead:
    def test_gives_the_claims_back(self) -> None:
        claims = some_claims(level=3, cnf=tokens.Confirmation("x"))

        assert tokens.read(tokens.sign(claims), "citizen") == claims

    def test_refuses_a_token_that_has_run_out(self) -> None:
        with pytest.raises(TokenExpired):
            tokens.read(tokens.sign(some_claims(exp=clock.epoch_seconds())), "citizen")

    @pytest.mark.parametrize(
        "changed",
        [
            {"iss": "http://elsewhere.example"},
            {"aud": "http://elsewhere.example"},
            {"iat": 99_999_999_999, "exp": 99_999_999_999},
        ],
    )
    def test_refuses_what_was_made_elsewhere_or_for_others(self, changed: dict[str, object]) -> None:
        with pytest.raises(TokenWrong):
            tokens.read(tokens.sign(some_claims(**changed)), "citizen")

    def test_refuses_an_officers_token_for_a_citizens(self) -> None:
        token = tokens.sign(tokens.claims_of("officer", new_person_id(), "desk"))

        with pytest.raises(TokenWrong):
            tokens.read(token, "citizen")
        assert tokens.read(token, "officer").aud == tokens.audience("officer")

    def test_refuses_another_key(self) -> None:
        with pytest.raises(TokenWrong):
            tokens.read(forged(some_claims(), a_key()), "citizen")

    @pytest.mark.parametrize(
        "header",
        [
            {"kid": "access-999"},
            {"kid": "../access-1"},
            {"kid": "root"},
            {"kid": ""},
            {"typ": "JWT"},
            {"jwk": {"kty": "EC"}},
            {"jku": "http://elsewhere.example"},
            {"x5u": "http://elsewhere.example"},
            {"crit": ["b64"], "b64": True},
        ],
    )
    def test_refuses_headers_that_bring_anything(self, header: dict[str, object]) -> None:
        with pytest.raises(TokenWrong):
            tokens.read(forged(some_claims(), a_key(), header=header), "citizen")

    def test_refuses_a_secret_made_of_the_public_key(self) -> None:
        secret = str(tokens.jwks()["keys"][0]["x"]) * 2

        with pytest.raises(TokenWrong):
            tokens.read(forged(some_claims(), secret, "HS256"), "citizen")

    def test_refuses_no_algorithm(self) -> None:
        with pytest.raises(TokenWrong):
            tokens.read(forged(some_claims(), None, "none"), "citizen")

    def test_refuses_another_curve(self) -> None:
        with pytest.raises(TokenWrong):
            tokens.read(forged(some_claims(), ec.generate_private_key(ec.SECP384R1()), "ES384"), "citizen")

    @pytest.mark.parametrize("text", ["", ".", "..", "a.b", "a.b.c", "a.b.c.d", "é.é.é", "a" * 5_000])
    def test_refuses_what_is_no_token(self, text: str) -> None:
        with pytest.raises(TokenWrong):
            tokens.read(text, "citizen")

    def test_refuses_a_changed_byte_anywhere(self) -> None:
        head, body, signature = tokens.sign(some_claims(level=1)).split(".")
        raised = base64.urlsafe_b64encode(
            base64.urlsafe_b64decode(body + "==").replace(b'"level":1', b'"level":3')
        ).rstrip(b"=")

        with pytest.raises(TokenWrong):
            tokens.read(f"{head}.{raised.decode()}.{signature}", "citizen")


class TestRotate:
    def test_signs_with_the_new_key_and_reads_the_old(self) -> None:
        before = tokens.sign(some_claims())

        kid = tokens.rotate()

        after = tokens.sign(some_claims())
        assert jwt.get_unverified_header(after)["kid"] == kid
        assert tokens.read(before, "citizen").jti != tokens.read(after, "citizen").jti
        assert kid in {key["kid"] for key in tokens.jwks()["keys"]}
