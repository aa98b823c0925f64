"""Codes without a line: RFC vectors, published vectors, and whatever may be done to one."""

import io
import json
import secrets
from typing import Any
from uuid import UUID

import pytest
import segno
import zxingcpp
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.kernel import clock
from app.kernel.ids import new_person_id
from app.keys.algorithms import LocalKey
from app.keys.master import MasterKey
from app.offline import base45
from app.offline.accounts import account_of, certificate_of
from app.offline.base45 import Base45Wrong
from app.offline.codes import Certificate, CodeMalformed, kid_of, read_code, write_certificate, write_code
from app.offline.cose import CborWrong, read, write
from app.offline.reading import digest_of, read_sales
from app.offline.structs import OfflineBatch, Sale
from tests.app.offline import vectors
from tests.makers.callers import a_key

DOCUMENT: dict[str, Any] = json.loads(vectors.FILE.read_text(encoding="utf-8"))
ISSUERS = {
    vectors.kid(vectors.ISSUER).hex(): vectors.ISSUER.public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    .decode()
}


class TestBase45:
    @pytest.mark.parametrize(
        ("data", "text"),
        [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0"), (b"", "")],
    )
    def test_is_that_of_the_rfc(self, data: bytes, text: str) -> None:
        assert base45.encode(data) == text
        assert base45.decode(text) == data

    @given(st.binary(max_size=300))
    def test_is_read_back(self, data: bytes) -> None:
        assert base45.decode(base45.encode(data)) == data == base45.decode(vectors.base45(data))

    @pytest.mark.parametrize("text", ["GGW", ":::", "A", "ABCD", "a00", "0 0é", "::"])
    def test_refuses_what_no_bytes_are_written_as(self, text: str) -> None:
        with pytest.raises(Base45Wrong):
            base45.decode(text)


class TestCbor:
    @given(st.recursive(st.integers(0, 2**64 - 1) | st.binary(max_size=40), lambda one: st.lists(one, max_size=4)))
    def test_is_read_back(self, value: object) -> None:
        assert read(write(value)) == value

    @given(st.binary(max_size=60))
    def test_is_written_in_one_way_only(self, data: bytes) -> None:
        try:
            value = read(data)
        except CborWrong:
            return
        assert write(value) == data

    @pytest.mark.parametrize(
        "text", ["", "1800", "190018", "9fff", "5f41014101ff", "a201010101", "a2020101 01", "0000", "81" * 500 + "00"]
    )
    def test_refuses_another_way(self, text: str) -> None:
        with pytest.raises(CborWrong):
            read(bytes.fromhex(text))


class TestVectors:
    def test_are_current(self) -> None:
        assert vectors.FILE.read_text(encoding="utf-8") == vectors.document()

    @pytest.mark.parametrize("vector", DOCUMENT["codes"], ids=lambda vector: vector["name"])
    async def test_are_judged_as_published(self, vector: dict[str, str]) -> None:
        sale = Sale(1, clock.now(), 1, vector["code"])

        (read_one,) = await read_sales([sale], ISSUERS)

        assert (read_one.flaw or "ok") == vector["expect"]

    def test_say_what_is_in_a_code(self) -> None:
        good, shown = DOCUMENT["good"], read_code(vectors.GOOD)

        said = shown.certificate
        assert (said.account.hex(), said.device_key.hex()) == (good["account"], good["device_key"])
        assert (said.not_before, said.valid_minutes) == (good["not_before"], good["valid_minutes"])
        assert (said.payment_max_fen, said.sum_max_fen) == (good["payment_max_fen"], good["sum_max_fen"])
        assert (shown.token.at, shown.token.nonce.hex()) == (good["token_at"], good["nonce"])
        assert (said.listed_as, shown.kid) == (good["listed_as"], DOCUMENT["issuer"]["kid"])

    @pytest.mark.parametrize("vector", DOCUMENT["batches"], ids=lambda vector: f"batch {vector['batch_number']}")
    def test_have_the_batches_digests(self, vector: dict[str, Any]) -> None:
        sales = [
            Sale(one["counter"], _instant(one["sold_at_milliseconds"]), one["amount_fen"], one["payer_code"])
            for one in vector["sales"]
        ]
        ended = _instant(vector["ended_at_milliseconds"])

        batch = OfflineBatch(vector["batch_number"], vector["previous_digest"], sales, ended)

        assert digest_of(batch) == vector["digest"]


def _instant(milliseconds: int) -> Any:
    return clock.from_epoch_micros(milliseconds * 1000)


def a_code() -> str:
    """A code with the largest limits that fit."""
    issuer, device = a_key(), a_key()
    point = device.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    said = Certificate(secrets.token_bytes(17), point, clock.epoch_seconds(), 1440, 2**32 - 1, 2**32 - 1)
    certificate = write_certificate(said, LocalKey(issuer), kid_of(issuer.public_key()))
    return write_code(certificate, LocalKey(device), clock.epoch_seconds(), secrets.token_bytes(8))


class TestCode:
    def test_is_read_at_three_pixels_per_module(self) -> None:
        text = a_code()
        drawn = segno.make(text, error="m", micro=False)
        picture = io.BytesIO()
        drawn.save(picture, kind="png", scale=3)

        (found,) = zxingcpp.read_barcodes(Image.open(picture))

        assert found.text == text
        assert (drawn.mode, int(drawn.version) <= 11) == ("alphanumeric", True)

    @given(st.integers(0, len(vectors.GOOD) - 1), st.sampled_from(vectors.LETTERS))
    def test_with_one_letter_changed_is_none_or_forged(self, at: int, letter: str) -> None:
        changed = vectors.GOOD[:at] + letter + vectors.GOOD[at + 1 :]
        try:
            shown = read_code(changed)
        except CodeMalformed:
            return
        genuine = shown.kid in ISSUERS and shown.is_issued_by(ISSUERS[shown.kid]) and shown.is_of_device()
        assert genuine == (changed == vectors.GOOD)

    @given(st.text(max_size=420))
    def test_that_is_none_is_refused(self, text: str) -> None:
        for one in (text, f"FH1:{text}"):
            with pytest.raises(CodeMalformed):
                read_code(one)

    def test_is_spent_under_an_id_in_its_cards_shard(self) -> None:
        shown = read_code(vectors.GOOD)

        ids = {shown.code_id(shard) for shard in (0, 7, 4095)}

        assert len(ids) == 3
        assert all(one.version == 8 for one in ids)
        assert shown.code_id(7).int & 0xFFF == 7


class TestAccount:
    def test_says_nothing_of_the_id_and_leads_back_to_it(self) -> None:
        master, certificate_id = MasterKey({1: b"1" * 32, 300: b"3" * 32}), new_person_id()

        account = account_of(certificate_id, master)

        assert (len(account), account[0]) == (17, 300 % 256)
        assert certificate_of(account, master) == certificate_id
        assert certificate_id.bytes[-2:] not in account

    def test_of_a_version_that_was_retired_leads_nowhere(self) -> None:
        account = account_of(UUID(int=7), MasterKey({1: b"1" * 32}))

        assert certificate_of(account, MasterKey({2: b"2" * 32})) is None
