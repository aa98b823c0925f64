"""The canonical form and detached signatures, against PyJWT as an outside reader."""

import base64
from datetime import date
from typing import Any

import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.ids import new_person_id
from app.pki.profiles import Kind
from lifecycle.cases import signing
from lifecycle.cases.errors import CaseSignatureWrong, VersionMissing
from lifecycle.cases.etags import NO_VERSION, etag, version_in
from lifecycle.cases.numbers import case_number, next_number
from lifecycle.cases.signing import ToSign
from tests.makers.callers import a_key
from tests.makers.pki import a_leaf

PERSON = new_person_id()
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def to_sign(form: dict[str, Any]) -> ToSign:
    """A form to be signed."""
    return ToSign(PERSON, "a_matter", 1, PERSON, PERSON, form)


class TestCanonical:
    def test_is_sorted_and_tight(self) -> None:
        assert signing.canonical(to_sign({"b": {"d": 1, "c": "中"}, "a": True})).startswith(
            b'{"applicant_id":"' + str(PERSON).encode() + b'","case_id":"'
        )
        assert b'"form":{"a":true,"b":{"c":"\xe4\xb8\xad","d":1}}' in signing.canonical(
            to_sign({"b": {"d": 1, "c": "中"}, "a": True})
        )

    @given(st.dictionaries(st.text(), values))
    def test_does_not_depend_on_the_order_in_which_fields_were_filled_in(self, form: dict[str, Any]) -> None:
        turned = dict(reversed(list(form.items())))

        assert signing.canonical(to_sign(form)) == signing.canonical(to_sign(turned))
        assert msgspec.json.decode(signing.canonical(to_sign(form)))["form"] == form


class TestDetached:
    def test_takes_what_another_library_signed(self) -> None:
        key = a_key()
        leaf = a_leaf(Kind.DEVICE, key=key.public_key())
        x5c = [base64.b64encode(leaf.public_bytes(Encoding.DER)).decode()]
        payload = signing.canonical(to_sign({"name": "林一"}))
        header, _, signature = jwt.api_jws.encode(payload, key, "ES256", headers={"x5c": x5c}).split(".")

        detached = signing.read_detached(f"{header}..{signature}")
        signing.refuse_other_payload(detached, payload)

        with pytest.raises(CaseSignatureWrong):
            signing.refuse_other_payload(detached, payload + b" ")

    @given(st.text(alphabet="abcXYZ019_-.=", max_size=40))
    def test_refuses_anything_else_by_name(self, text: str) -> None:
        with pytest.raises(CaseSignatureWrong):
            signing.read_detached(text)

    @pytest.mark.parametrize("member", ["crit", "other"])
    def test_refuses_nesting_without_end(self, member: str) -> None:
        header = b'{"alg":"ES256","x5c":["AAAA"],"' + member.encode() + b'":' + b"[" * 3_000 + b"]" * 3_000 + b"}"

        with pytest.raises(CaseSignatureWrong):
            signing.read_detached(f"{signing.encoded(header)}..{signing.encoded(bytes(64))}")


class TestEtags:
    def test_read_what_they_write(self) -> None:
        assert version_in(etag(7)) == 7

    @pytest.mark.parametrize("text", ['W/"7"', "7", "*", '"07"', '"-1"', '"9999999999"', ""])
    def test_match_nothing_else(self, text: str) -> None:
        assert version_in(text) == NO_VERSION

    def test_are_needed(self) -> None:
        with pytest.raises(VersionMissing):
            version_in(None)


class TestCaseNumber:
    def test_reads_as_people_say_it(self) -> None:
        assert case_number(date(2026, 11, 22), "01", 42) == "YT2026112201000042"

    async def test_refuses_a_stage_that_does_not_exist(self) -> None:
        with pytest.raises(ValueError, match="12"):
            await next_number(date(2026, 11, 22), "12")
