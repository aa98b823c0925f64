"""Sealed PDFs: found genuine as they are, and found out when anything is changed."""

import asyncio
import random
import subprocess
import sys
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp

import pytest
from asn1crypto import algos
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from app.kernel import clock
from app.kernel.settings import Settings
from app.pki.authorities import Authorities, SealedAt, pem
from app.pki.crls import make_crl
from app.pki.documents import LICENCE, licence_values, signed_licence
from app.pki.pades import sign_pdf, validation_context
from app.pki.profiles import Kind
from app.pki.revocation import Standing
from app.pki.sealed_documents import check_document, take_apart, verify_document
from app.pki.setup import prepare_folder, root_crl_path
from app.pki.signed_data import NotGenuine
from app.pki.typesetting import typeset
from tests.makers.pki import AT, a_paper, a_setup
from tests.makers.programs import needs

SEALS = 12
SCRIPT = Path(__file__).parents[3] / "docs" / "verify_pdf.py"


@cache
def sealing(at: datetime = AT) -> SealedAt:
    """Authorities of this file alone, with their lists of revoked certificates."""
    folder = Path(mkdtemp(prefix="fuhai-seal-"))
    trusted = prepare_folder(a_setup(folder, at))
    lists = [make_crl(trusted.issuer(kind).signer, (), at) for kind in (Kind.SEAL, Kind.TIMESTAMP)]
    return SealedAt(trusted, [root_crl_path(folder).read_bytes(), *lists], at)


@cache
def a_sealed_pdf() -> bytes:
    """A licence, sealed."""
    return sign_pdf(typeset(LICENCE, licence_values(a_paper()), AT), "7K2M-9QXD", sealing())


def refused(pdf: bytes, trusted: Authorities | None = None) -> str:
    """Why a PDF isn't genuine."""
    with pytest.raises(NotGenuine) as reason:
        check_document(pdf, trusted or sealing().trusted)
    return str(reason.value)


def signature_of(pdf: bytes) -> bytes:
    """The hexadecimal of a PDF's signature."""
    start = pdf.index(b"/Contents <") + len(b"/Contents <")
    return pdf[start : pdf.index(b">", start)]


class TestCheckDocument:
    def test_finds_what_we_sealed_genuine(self) -> None:
        found = check_document(a_sealed_pdf(), sealing().trusted)

        assert found.reference == "7K2M-9QXD"
        assert found.sealed_at == AT

    def test_finds_any_changed_byte(self) -> None:
        good = a_sealed_pdf()
        positions = random.Random(3).sample(range(len(good)), 400)

        for position in positions:
            changed = bytearray(good)
            changed[position] ^= 0x01
            try:
                check_document(bytes(changed), sealing().trusted)
            except NotGenuine:
                continue
            # Only the signature's own hexadecimal isn't signed: its padding, or what doesn't change its meaning.
            parts = take_apart(bytes(changed))
            assert parts.signed == take_apart(good).signed

    def test_finds_every_changed_byte_of_what_is_said(self) -> None:
        good = a_sealed_pdf()
        start = good.index(b"/Reason")

        for position in range(start, start + 40):
            changed = bytearray(good)
            changed[position] ^= 0x01
            assert refused(bytes(changed)) in {"content_changed", "not_signed", "not_signed_as_a_whole"}

    @pytest.mark.parametrize("more", [b"\n", b"%%EOF", b"\n1 0 obj\n<<>>\nendobj\n"])
    def test_finds_what_was_added_behind(self, more: bytes) -> None:
        assert refused(a_sealed_pdf() + more) == "not_signed_as_a_whole"

    def test_finds_what_was_added_in_front(self) -> None:
        assert refused(b"%PDF-1.7\n" + a_sealed_pdf()) == "not_signed_as_a_whole"

    def test_finds_text_smuggled_into_the_signature(self) -> None:
        good = a_sealed_pdf()
        at = good.index(b"/Contents <") + 2_000

        assert refused(good[:at] + b")/X(" + good[at + 4 :]) == "not_signed_as_a_whole"

    def test_refuses_another_citys_seal(self, tmp_path: Path) -> None:
        assert refused(a_sealed_pdf(), prepare_folder(a_setup(tmp_path))) == "certificate_not_trusted"

    def test_refuses_a_signature_moved_to_another_document(self) -> None:
        other = sign_pdf(typeset(LICENCE, licence_values(a_paper(name="李四")), AT), "7K2M-9QXD", sealing())
        mine, theirs = signature_of(other), signature_of(a_sealed_pdf())
        moved = other.replace(mine, theirs.rstrip(b"0").ljust(len(mine), b"0"))

        assert refused(moved) == "content_changed"

    def test_isnt_misled_by_what_a_document_says_about_itself(self) -> None:
        said = "/Reason (FAKE-CODE) /ByteRange [0 1 2 3]"
        values = licence_values(a_paper(name=said)) | {"title": {"zh": said, "en": said}, "office": said}

        found = check_document(sign_pdf(typeset(LICENCE, values, AT), "7K2M-9QXD", sealing()), sealing().trusted)

        assert found.reference == "7K2M-9QXD"

    def test_refuses_an_unsigned_pdf(self) -> None:
        assert refused(typeset(LICENCE, licence_values(a_paper()), AT)) == "not_signed"

    @pytest.mark.parametrize(
        "pdf",
        [
            b"",
            b"%PDF-",
            b"%PDF-1.7 /ByteRange [0 10 20 1]",
            b"%PDF-/ByteRange[0 5 7 40]<>" + b"x" * 23,
            b"%PDF-/ByteRange [0 999999999 999999999 999999999]",
        ],
    )
    def test_refuses_what_only_looks_like_one(self, pdf: bytes) -> None:
        assert refused(pdf) in {"not_signed", "not_signed_as_a_whole", "signature_unreadable"}

    def test_outlives_the_seals_certificate(self) -> None:
        found = check_document(a_sealed_pdf(), sealing().trusted)

        assert (
            found.sealed_at + timedelta(days=366) > sealing().trusted.own["documents"].certificate.not_valid_after_utc
        )


class TestSignPdf:
    def test_writes_no_field_over_and_over(self, monkeypatch: pytest.MonkeyPatch) -> None:
        pdf, written = typeset(LICENCE, licence_values(a_paper()), AT), 0
        write = algos.DigestAlgorithm._set_contents

        def counted(field: algos.DigestAlgorithm, force: bool = False) -> None:  # noqa: FBT001, FBT002 - the base's shape
            nonlocal written
            written += 1
            write(field, force)

        monkeypatch.setattr(algos.DigestAlgorithm, "_set_contents", counted)
        for minutes in range(SEALS):  # by other authorities each, since not every seal was written over and over
            sign_pdf(pdf, "7K2M-9QXD", sealing(AT + timedelta(minutes=minutes)))

        assert 0 < written < SEALS * 5_000

    @pytest.mark.parametrize("reference", ["", "a b", "a)b", "福", "A" * 65, "a\n"])
    def test_refuses_a_reference_that_couldnt_be_read_again(self, reference: str) -> None:
        with pytest.raises(ValueError, match="not a reference"):
            sign_pdf(b"%PDF-", reference, sealing())

    def test_writes_a_reference_of_any_length_so_that_it_is_read_again(self) -> None:
        pdf = typeset(LICENCE, licence_values(a_paper()), AT)
        longest = "HK20261122006012345678-7Q4MZ-9KTRC".ljust(64, "_")

        assert check_document(sign_pdf(pdf, longest, sealing()), sealing().trusted).reference == longest


class TestPyhanko:
    def test_agrees_that_it_is_valid_trusted_stamped_and_complete(self) -> None:
        (signature,) = PdfFileReader(BytesIO(a_sealed_pdf())).embedded_regular_signatures
        context = validation_context(sealing())

        status = validate_pdf_signature(signature, context, context)

        assert status.bottom_line
        assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        assert status.modification_level is ModificationLevel.NONE
        assert status.timestamp_validity is not None
        assert status.timestamp_validity.trusted

    def test_agrees_that_a_changed_byte_breaks_it(self) -> None:
        changed = a_sealed_pdf().replace(b"7K2M", b"7K2N")
        (signature,) = PdfFileReader(BytesIO(changed)).embedded_regular_signatures
        context = validation_context(sealing())

        assert not validate_pdf_signature(signature, context, context).intact

    def test_finds_the_evidence_for_later_in_the_file(self) -> None:
        evidence = PdfFileReader(BytesIO(a_sealed_pdf())).root["/DSS"]

        assert len(evidence["/CRLs"]) == 3
        assert len(evidence["/Certs"]) >= 4


class TestSignedLicence:
    async def test_is_made_and_verified_by_what_is_set_up(self, own: Authorities) -> None:
        pdf = await signed_licence(a_paper())

        found = await verify_document(pdf)

        assert found.reference == a_paper().verify_code

    async def test_leaves_the_loop_free_while_many_are_made(self, own: Authorities) -> None:
        turns = 0

        async def watch() -> None:
            nonlocal turns
            while True:
                await asyncio.sleep(0.001)
                turns += 1

        watching = asyncio.create_task(watch())
        await asyncio.gather(*(signed_licence(a_paper(name=f"张{n}")) for n in range(6)))
        watching.cancel()

        assert turns > 6 * 3, "somebody held the loop while documents were made"

    async def test_isnt_genuine_if_the_seal_was_revoked_before(
        self, own: Authorities, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pdf = await signed_licence(a_paper())
        found = await verify_document(pdf)

        async def revoked_before(serial: str) -> Standing:
            return Standing(serial, Kind.SEAL, Kind.SEAL.value, None, found.sealed_at, x509.ReasonFlags.key_compromise)

        monkeypatch.setattr("app.pki.sealed_documents.standing", revoked_before)

        with pytest.raises(NotGenuine, match="certificate_revoked"):
            await verify_document(pdf)


@pytest.mark.interop
@needs("openssl")
class TestOpenssl:
    def verify(self, folder: Path, pdf: bytes) -> subprocess.CompletedProcess[str]:
        (folder / "licence.pdf").write_bytes(pdf)
        (folder / "root.pem").write_bytes(pem(sealing().trusted.root))
        subprocess.run([sys.executable, SCRIPT, "licence.pdf", "signed.bin", "signature.der"], cwd=folder, check=True)
        command = (
            "openssl cms -verify -binary -cades -inform DER -in signature.der -content signed.bin "
            f"-CAfile root.pem -purpose any -out /dev/null -attime {int(AT.timestamp())}"
        )
        return subprocess.run(command.split(), cwd=folder, capture_output=True, text=True, check=False)

    def test_verifies_a_document_without_us(self, tmp_path: Path) -> None:
        done = self.verify(tmp_path, a_sealed_pdf())

        assert done.returncode == 0, done.stderr
        assert "CAdES Verification successful" in done.stderr

    def test_finds_a_changed_byte_without_us(self, tmp_path: Path) -> None:
        done = self.verify(tmp_path, a_sealed_pdf().replace(b"7K2M", b"7K2N"))

        assert done.returncode != 0


@pytest.mark.interop
@needs("pdfsig", "certutil")
class TestPdfsig:
    def said_of(self, pdf: bytes, root: x509.Certificate, folder: Path) -> str:
        (folder / "licence.pdf").write_bytes(pdf)
        (folder / "root.pem").write_bytes(pem(root))
        said = ""
        for command in (
            "certutil -N -d sql:. --empty-password",
            "certutil -A -d sql:. -n root -t CT,CT,CT -i root.pem",
            f"pdfsig -no-ocsp -nssdir sql:{folder} licence.pdf",
        ):
            said = subprocess.run(command.split(), cwd=folder, capture_output=True, text=True, check=False).stdout
        return said

    def test_calls_it_valid_trusted_and_complete(self, tmp_path: Path) -> None:
        at_present = sealing(clock.now())
        pdf = sign_pdf(typeset(LICENCE, licence_values(a_paper()), at_present.at), "7K2M-9QXD", at_present)

        said = self.said_of(pdf, at_present.trusted.root, tmp_path)

        assert "Signature is Valid" in said
        assert "Certificate is Trusted" in said
        assert "Total document signed" in said

    def test_finds_a_changed_byte(self, tmp_path: Path) -> None:
        changed = a_sealed_pdf().replace(b"7K2M", b"7K2N")

        assert "Digest Mismatch" in self.said_of(changed, sealing().trusted.root, tmp_path)
