"""Sealed PDFs and receipts, checked without any of our code: genuine ones hold, changed ones don't."""

import base64
import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import respx

from app.pki.authorities import RECEIPTS
from demo import papers, receipts
from demo.certificates import Trust
from demo.documents import SealedPdf
from demo.report import NotSo
from tests.makers.papers import a_receipt, a_sealed_licence, a_trust, publish_list, sealing_now
from tests.makers.pki import the_authorities


@pytest.fixture(autouse=True)
def outside() -> Iterator[respx.Router]:
    with respx.mock(assert_all_called=False) as router:
        publish_list(router)
        yield router


class TestSealedPdf:
    def test_holds_as_it_is(self) -> None:
        seal, at = SealedPdf(a_sealed_licence()).check(a_trust())

        assert seal == "福海市电子证照专用章"
        assert abs((at - sealing_now().at).total_seconds()) <= 1

    @pytest.mark.parametrize("place", [0.1, 0.3, 0.5])
    def test_doesnt_hold_with_one_byte_changed(self, place: float) -> None:
        changed = bytearray(a_sealed_licence())
        changed[int(len(changed) * place)] ^= 1

        with pytest.raises(NotSo):
            SealedPdf(bytes(changed)).check(a_trust())

    def test_doesnt_hold_with_something_appended(self) -> None:
        with pytest.raises(NotSo, match="whole"):
            SealedPdf(a_sealed_licence() + b"\n% more")

    def test_doesnt_hold_without_a_signature(self) -> None:
        with pytest.raises(NotSo, match="isn't signed"):
            SealedPdf(b"%PDF-1.7\n%%EOF")

    def test_doesnt_hold_under_another_root(self) -> None:
        with pytest.raises(NotSo):
            SealedPdf(a_sealed_licence()).check(Trust(the_authorities().bundle()))

    def test_doesnt_hold_with_another_time_stamp(self) -> None:
        pdf = SealedPdf(a_sealed_licence())
        signer = pdf.content["content"]["signer_infos"][0]
        signer["signature"] = b"\x30\x06\x02\x01\x01\x02\x01\x01"

        with pytest.raises(NotSo, match="time-stamp is over something else"):
            pdf.check(a_trust())

    def test_is_written_as_openssl_takes_it(self, tmp_path: Path) -> None:
        pdf = SealedPdf(a_sealed_licence())

        pdf.write(tmp_path)

        assert (tmp_path / "signed.bin").read_bytes() == pdf.signed
        assert (tmp_path / "signature.der").read_bytes()[:1] == b"\x30"


class TestReceipt:
    def test_holds_as_it_is(self) -> None:
        assert receipts.check(a_receipt(700), a_trust())["amount_fen"] == 700

    def test_doesnt_hold_with_another_amount(self) -> None:
        signed = a_receipt(700)
        cheaper = json.dumps({"id": "r1", "amount_fen": 7}).encode()
        signed["signed_bytes_b64"] = base64.b64encode(cheaper).decode()

        with pytest.raises(NotSo, match="signature doesn't hold"):
            receipts.check(signed, a_trust())

    def test_isnt_believed_where_it_shows_something_else_than_was_signed(self) -> None:
        signed = a_receipt(700)
        signed["receipt"] = {"id": "r1", "amount_fen": 7}

        with pytest.raises(NotSo, match="isn't the one that was signed"):
            receipts.check(signed, a_trust())

    def test_doesnt_hold_after_its_seal_was_revoked(self, outside: respx.Router) -> None:
        signed = a_receipt()

        publish_list(outside, sealing_now().trusted.own[RECEIPTS.label].certificate.serial_number)

        with pytest.raises(NotSo, match="revoked"):
            receipts.check(signed, a_trust())


class TestCommands:
    def test_go_to_a_folder_whatever_its_name(self, tmp_path: Path) -> None:
        folder = tmp_path / "my papers; rm"

        first = papers.commands(folder).splitlines()[0]

        assert shlex.split(first) == ["cd", str(folder)]
