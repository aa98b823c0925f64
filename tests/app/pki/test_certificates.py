"""Certificates: what the profiles put into them, and that openssl agrees."""

import subprocess
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.pki.authorities import pem
from app.pki.certificates import Leaf, leaf_name, make_leaf, make_responder, new_key, serial_text
from app.pki.crls import make_crl
from app.pki.errors import NameNotAllowed
from app.pki.profiles import PROFILES, Kind
from tests.makers.pki import AT, a_leaf, the_authorities
from tests.makers.programs import needs


class TestIssuingAuthority:
    @pytest.mark.parametrize("kind", Kind)
    def test_may_name_only_its_own_subtree(self, kind: Kind) -> None:
        certificate = the_authorities().issuer(kind).certificate

        names = certificate.extensions.get_extension_for_class(x509.NameConstraints)

        assert names.critical
        assert names.value.permitted_subtrees == [x509.DNSName(f"{PROFILES[kind].branch}.fuhai.example")]

    @pytest.mark.parametrize("kind", Kind)
    def test_issues_leaves_only(self, kind: Kind) -> None:
        certificate = the_authorities().issuer(kind).certificate

        assert certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0

    def test_has_a_policy_and_a_subtree_of_its_own(self) -> None:
        assert len({profile.policy for profile in PROFILES.values()}) == len(Kind)
        assert len({profile.branch for profile in PROFILES.values()}) == len(Kind)


class TestLeaf:
    @pytest.mark.parametrize(
        ("kind", "days"),
        [(Kind.DEVICE, 365), (Kind.TERMINAL, 7), (Kind.OFFICER, 7), (Kind.DEPARTMENT, 365), (Kind.SEAL, 365)],
    )
    def test_lives_as_long_as_its_kind(self, kind: Kind, days: int) -> None:
        assert (a_leaf(kind).not_valid_after_utc - AT).days == days

    def test_never_outlives_its_authority(self) -> None:
        issuer = the_authorities().issuer(Kind.DEVICE)
        late = issuer.certificate.not_valid_after_utc.replace(month=1, day=1)

        assert a_leaf(Kind.DEVICE, at=late).not_valid_after_utc == issuer.certificate.not_valid_after_utc

    def test_names_itself_below_its_subtree(self) -> None:
        names = a_leaf(Kind.DEVICE, "d1.cit-a1").extensions.get_extension_for_class(x509.SubjectAlternativeName).value

        assert names.get_values_for_type(x509.DNSName) == ["d1.cit-a1.device.fuhai.example"]

    def test_shows_people_the_title_of_a_seal(self) -> None:
        trusted = the_authorities()
        said = Leaf("documents", "福海市电子证照专用章")

        certificate = make_leaf(trusted.issuer(Kind.SEAL), new_key().public_key(), said, AT)

        assert certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "福海市电子证照专用章"

    def test_has_random_serial_numbers_of_at_least_64_bits(self) -> None:
        serials = {a_leaf(Kind.TERMINAL).serial_number for _ in range(50)}

        assert len(serials) == 50
        assert all(serial.bit_length() > 64 + 32 for serial in serials)

    def test_stamps_time_and_nothing_else(self) -> None:
        use = a_leaf(Kind.TIMESTAMP).extensions.get_extension_for_class(x509.ExtendedKeyUsage)

        assert use.critical
        assert list(use.value) == [ExtendedKeyUsageOID.TIME_STAMPING]

    @pytest.mark.parametrize(
        "label",
        ["", "*", "-a", "a-", "A", "a..b", ".a", "a.", "a b", "a\n", "a/b", "福海", "a" * 64, "a.b.c.d.e", "x" * 60],
    )
    def test_refuses_labels_that_are_no_names(self, label: str) -> None:
        with pytest.raises(NameNotAllowed):
            leaf_name(PROFILES[Kind.DEVICE], label, "fuhai.example")


def test_writes_serial_numbers_with_forty_digits() -> None:
    assert serial_text(255) == "0" * 38 + "ff"


@pytest.mark.interop
@needs("openssl")
class TestOpenssl:
    def verify(self, folder: Path, leaf: x509.Certificate, kind: Kind) -> subprocess.CompletedProcess[str]:
        trusted = the_authorities()
        issuer = trusted.issuer(kind)
        for name, content in {
            "root.pem": pem(trusted.root),
            "issuer.pem": pem(issuer.certificate),
            "leaf.pem": pem(leaf),
            "issuer.crl": make_crl(issuer.signer, (), AT),
        }.items():
            (folder / name).write_bytes(content)
        policy = PROFILES[kind].policy.dotted_string
        return subprocess.run(
            f"openssl verify -x509_strict -policy_check -explicit_policy -policy {policy} -attime {int(AT.timestamp())} "
            "-crl_check -CRLfile issuer.crl -CAfile root.pem -untrusted issuer.pem leaf.pem".split(),
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )

    @pytest.mark.parametrize("kind", Kind)
    def test_agrees_with_each_profile(self, kind: Kind, tmp_path: Path) -> None:
        done = self.verify(tmp_path, a_leaf(kind), kind)

        assert done.returncode == 0, done.stderr

    def test_agrees_with_the_responder(self, tmp_path: Path) -> None:
        issuer = the_authorities().issuer(Kind.OFFICER)
        responder = make_responder(issuer, AT)

        done = self.verify(tmp_path, responder, Kind.OFFICER)

        assert done.returncode == 0, done.stderr

    def test_refuses_a_name_outside_the_subtree(self, tmp_path: Path) -> None:
        issuer = msgspec.structs.replace(the_authorities().issuer(Kind.DEVICE), profile=PROFILES[Kind.DEPARTMENT])
        stray = make_leaf(issuer, new_key().public_key(), Leaf("gaj"), AT)

        done = self.verify(tmp_path, stray, Kind.DEVICE)

        assert "permitted subtree violation" in done.stderr
