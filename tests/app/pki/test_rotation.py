"""Rotating keys: the new one signs, and what the old one signed is judged as before."""

from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.x509 import ocsp
from cryptography.x509.ocsp import OCSPCertStatus

from app.kernel.settings import Settings
from app.keys.provider import KeyMissing
from app.pki.authorities import DOCUMENTS, OWN_LEAVES, Authorities, SealedAt, authorities, open_authorities
from app.pki.certificates import Leaf, make_leaf, new_key
from app.pki.crls import make_crl
from app.pki.documents import LICENCE, licence_values
from app.pki.evidence import Evidence, Signature, check
from app.pki.ocsp import Status, make_answer, read_request, responder
from app.pki.pades import sign_pdf
from app.pki.profiles import Kind
from app.pki.sealed_documents import check_document
from app.pki.setup import RootOffline, prepare, prepare_folder, root_crl_path, rotate, setup_of
from app.pki.timestamps import stamp_over
from app.pki.typesetting import typeset
from app.pki.verification import check_certificate
from tests.app.pki.test_ocsp import a_request
from tests.makers.pki import AT, MASTER, PLACE, a_paper, a_setup


def rotated(folder: Path, *names: str) -> Authorities:
    """The authorities of a folder after rotations."""
    prepare_folder(a_setup(folder))
    for name in names:
        rotate(a_setup(folder), name)
    return open_authorities(folder, MASTER, PLACE)


def a_device_of(trusted: Authorities) -> x509.Certificate:
    """A device's certificate."""
    return make_leaf(trusted.issuer(Kind.DEVICE), new_key().public_key(), Leaf("d1.cit-a1"), AT)


def a_pdf(trusted: Authorities, folder: Path) -> bytes:
    """A licence, sealed."""
    lists = [make_crl(trusted.issuer(kind).signer, (), AT) for kind in (Kind.SEAL, Kind.TIMESTAMP)]
    sealed = SealedAt(trusted, [root_crl_path(folder).read_bytes(), *lists], AT)
    return sign_pdf(typeset(LICENCE, licence_values(a_paper()), AT), "7K2M-9QXD", sealed)


class TestRotatedAuthority:
    def test_issues_with_a_key_name_and_lists_of_its_own(self, tmp_path: Path) -> None:
        before, after = prepare_folder(a_setup(tmp_path)), rotated(tmp_path, "device")

        assert after.issuer(Kind.DEVICE).name == "device-g2"
        old = after.by_name("device")
        assert old is not None
        assert old.certificate == before.issuer(Kind.DEVICE).certificate
        assert old.certificate.public_key() != after.issuer(Kind.DEVICE).certificate.public_key()
        assert "device-g2-202611-" in str(a_device_of(after).extensions)
        assert len(x509.load_pem_x509_certificates(after.bundle())) == 2 + len(Kind)

    def test_leaves_what_the_old_one_issued_valid(self, tmp_path: Path) -> None:
        leaf = a_device_of(prepare_folder(a_setup(tmp_path)))

        after = rotated(tmp_path, "device", "device")

        assert check_certificate(leaf, Kind.DEVICE, AT, after).name == "d1.cit-a1.device.fuhai.example"
        assert check_certificate(a_device_of(after), Kind.DEVICE, AT, after).kind is Kind.DEVICE

    def test_answers_for_what_the_old_one_issued_by_a_responder_of_the_old_one(self, tmp_path: Path) -> None:
        before = prepare_folder(a_setup(tmp_path))
        leaf = a_device_of(before)
        after = rotated(tmp_path, "device")

        asked = read_request(a_request(leaf, before.issuer(Kind.DEVICE).certificate), after)
        answer = ocsp.load_der_ocsp_response(make_answer(asked, Status(known=True), responder(asked.issuer, AT), AT))

        assert asked.issuer.name == "device"
        assert answer.certificate_status is OCSPCertStatus.GOOD
        answer.certificates[0].verify_directly_issued_by(before.issuer(Kind.DEVICE).certificate)

    def test_leaves_evidence_valid(self, tmp_path: Path) -> None:
        before = prepare_folder(a_setup(tmp_path))
        leaf = a_device_of(before)
        asked = read_request(a_request(leaf, before.issuer(Kind.DEVICE).certificate), before)
        status = make_answer(asked, Status(known=True), responder(asked.issuer, AT), AT)
        evidence = Evidence((), status, stamp_over(b"signature", before, AT))

        after = rotated(tmp_path, "device", "timestamp", "timestamps")

        assert check(Signature(b"signature", leaf, Kind.DEVICE), evidence, after).signed_by == AT

    def test_gives_the_products_own_seals_certificates_of_the_new_one(self, tmp_path: Path) -> None:
        pdf = a_pdf(prepare_folder(a_setup(tmp_path)), tmp_path)

        after = rotated(tmp_path, "seal", "timestamp")

        for leaf in OWN_LEAVES:
            assert after.own[leaf.label].certificate.issuer == after.issuer(leaf.kind).certificate.subject
        assert check_document(pdf, after).reference == "7K2M-9QXD"
        assert check_document(a_pdf(after, tmp_path), after).reference == "7K2M-9QXD"

    def test_stays_when_the_set_up_is_repeated(self, tmp_path: Path) -> None:
        after = rotated(tmp_path, *Kind)
        files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

        assert prepare_folder(a_setup(tmp_path)).bundle() == after.bundle()
        assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == files

    def test_needs_the_roots_key_and_changes_nothing_without_it(self, tmp_path: Path) -> None:
        before = prepare_folder(a_setup(tmp_path))
        (tmp_path / "offline").rename(tmp_path / "away")

        with pytest.raises(RootOffline, match="authority device-g2"):
            rotate(a_setup(tmp_path), "device")

        assert open_authorities(tmp_path, MASTER, PLACE).bundle() == before.bundle()


class TestProcess:
    def test_sees_a_rotation_by_another_at_its_next_use(
        self, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        elsewhere = msgspec.structs.replace(settings, var=tmp_path)
        monkeypatch.setattr("app.pki.authorities.load", lambda: elsewhere)
        prepare(elsewhere)
        before = authorities()

        rotate(setup_of(elsewhere), "device")

        assert authorities().issuer(Kind.DEVICE).name == "device-g2"
        assert [one.certificate for one in authorities().earlier] == [before.issuer(Kind.DEVICE).certificate]
        assert authorities() is authorities()


class TestRotatedSeal:
    def test_seals_with_a_new_key_and_leaves_old_documents_genuine(self, tmp_path: Path) -> None:
        before = prepare_folder(a_setup(tmp_path))
        pdf = a_pdf(before, tmp_path)

        after = rotated(tmp_path, DOCUMENTS.label)

        old, new = (one.own[DOCUMENTS.label].certificate for one in (before, after))
        assert old.public_key() != new.public_key()
        assert old.subject == new.subject
        assert check_document(pdf, after).seal_serial != check_document(a_pdf(after, tmp_path), after).seal_serial

    def test_needs_no_root(self, tmp_path: Path) -> None:
        prepare_folder(a_setup(tmp_path))
        (tmp_path / "offline").rename(tmp_path / "away")

        assert rotate(a_setup(tmp_path), "receipts") == "receipts-g2"


@pytest.mark.parametrize("name", ["", "root", "nobody", "../device", "device-g2"])
def test_refuses_to_rotate_what_has_no_key_of_that_name(name: str, tmp_path: Path) -> None:
    prepare_folder(a_setup(tmp_path))

    with pytest.raises(KeyMissing):
        rotate(a_setup(tmp_path), name)
