"""Checking certificates that are shown: everything that a forger might change."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate
from msgspec.structs import replace

from app.kernel.errors import Refusal
from app.pki.authorities import Authorities, pem
from app.pki.certificates import Leaf, Place, make_leaf, make_responder, new_key
from app.pki.errors import CertificateExpired, CertificateNotTrusted, CertificateOfAnotherKind, CertificateUnreadable
from app.pki.profiles import PROFILES, Kind
from app.pki.setup import prepare_folder
from app.pki.verification import check_certificate, read_shown
from tests.makers.pki import AT, PLACE, a_leaf, a_setup, the_authorities


@pytest.fixture
def trusted() -> Authorities:
    return the_authorities()


class TestCheckCertificate:
    @pytest.mark.parametrize("kind", Kind)
    def test_gives_name_and_key_of_a_good_one(self, kind: Kind, trusted: Authorities) -> None:
        key = new_key().public_key()

        checked = check_certificate(a_leaf(kind, "x1", key=key), kind, AT, trusted)

        assert checked.name == f"x1.{PROFILES[kind].branch}.fuhai.example"
        assert checked.public_key == key

    def test_accepts_a_clock_that_is_a_little_behind(self, trusted: Authorities) -> None:
        check_certificate(a_leaf(Kind.DEVICE), Kind.DEVICE, AT - timedelta(minutes=4), trusted)

    @pytest.mark.parametrize("late", [timedelta(days=7, seconds=1), timedelta(days=3_000)])
    def test_refuses_an_expired_one(self, late: timedelta, trusted: Authorities) -> None:
        with pytest.raises(CertificateExpired):
            check_certificate(a_leaf(Kind.OFFICER), Kind.OFFICER, AT + late, trusted)

    def test_refuses_one_from_the_future(self, trusted: Authorities) -> None:
        with pytest.raises(CertificateExpired):
            check_certificate(a_leaf(Kind.OFFICER, at=AT + timedelta(hours=1)), Kind.OFFICER, AT, trusted)

    @pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.DEVICE])
    def test_refuses_one_of_another_kind(self, kind: Kind, trusted: Authorities) -> None:
        with pytest.raises(CertificateOfAnotherKind):
            check_certificate(a_leaf(kind), Kind.DEVICE, AT, trusted)

    def test_refuses_a_foreign_root(self, tmp_path: Path, trusted: Authorities) -> None:
        theirs = prepare_folder(a_setup(tmp_path))
        forged = make_leaf(theirs.issuer(Kind.DEPARTMENT), new_key().public_key(), Leaf("gaj"), AT)

        with pytest.raises(CertificateNotTrusted):
            check_certificate(forged, Kind.DEPARTMENT, AT, trusted)

    def test_refuses_the_right_policy_from_the_wrong_authority(self, trusted: Authorities) -> None:
        issuer = replace(trusted.issuer(Kind.DEVICE), profile=PROFILES[Kind.DEPARTMENT])
        forged = make_leaf(issuer, new_key().public_key(), Leaf("gaj"), AT)

        with pytest.raises(CertificateNotTrusted):
            check_certificate(forged, Kind.DEPARTMENT, AT, trusted)

    def test_refuses_the_wrong_policy_from_the_right_authority(self, trusted: Authorities) -> None:
        issuer = replace(trusted.issuer(Kind.DEPARTMENT), profile=PROFILES[Kind.TERMINAL])
        forged = make_leaf(issuer, new_key().public_key(), Leaf("gaj"), AT)

        with pytest.raises(CertificateOfAnotherKind):
            check_certificate(forged, Kind.DEPARTMENT, AT, trusted)

    def test_refuses_a_name_outside_the_subtree(self, trusted: Authorities) -> None:
        issuer = replace(trusted.issuer(Kind.OFFICER), place=Place("evil.example", PLACE.origin))
        stray = make_leaf(issuer, new_key().public_key(), Leaf("boss"), AT)

        with pytest.raises(CertificateNotTrusted):
            check_certificate(stray, Kind.OFFICER, AT, trusted)

    def test_refuses_the_responder_in_place_of_a_device(self, trusted: Authorities) -> None:
        responder = make_responder(trusted.issuer(Kind.DEVICE), AT)

        with pytest.raises(CertificateNotTrusted):
            check_certificate(responder, Kind.DEVICE, AT, trusted)

    def test_refuses_an_authority_in_place_of_a_leaf(self, trusted: Authorities) -> None:
        with pytest.raises(CertificateNotTrusted):
            check_certificate(trusted.issuer(Kind.DEVICE).certificate, Kind.DEVICE, AT, trusted)

    def test_is_told_nothing_else_by_any_changed_byte(self, trusted: Authorities) -> None:
        good = a_leaf(Kind.OFFICER).public_bytes(Encoding.DER)
        said = check_certificate(read_shown(good), Kind.OFFICER, AT, trusted)

        for position in range(len(good)):
            changed = bytearray(good)
            changed[position] ^= 0x01
            # The wrapping of the signature isn't signed (a count of unused bits), so a change there may say the same.
            with suppress(Refusal):
                assert check_certificate(read_shown(bytes(changed)), Kind.OFFICER, AT, trusted) == said
                assert changed[: len(certificate_said(good))] == certificate_said(good)


def certificate_said(der: bytes) -> bytes:
    """Everything up to the end of what is signed."""
    body = load_der_x509_certificate(der).tbs_certificate_bytes
    return der[: der.index(body) + len(body)]


class TestReadShown:
    def test_reads_pem_and_der(self) -> None:
        leaf = a_leaf(Kind.DEVICE)

        assert read_shown(pem(leaf).decode()) == read_shown(leaf.public_bytes(Encoding.DER)) == leaf

    @pytest.mark.parametrize(
        "shown", ["", "x", b"\x30\x80", b"\x00" * 100, "-----BEGIN CERTIFICATE-----\n", b"\x30" * 9_000]
    )
    def test_refuses_anything_else(self, shown: str | bytes) -> None:
        with pytest.raises(CertificateUnreadable):
            read_shown(shown)
