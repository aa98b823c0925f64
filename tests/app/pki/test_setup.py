"""Setting up the authorities: once, again, interrupted, renewed, and without the root's key."""

import shutil
import stat
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from app.pki.authorities import DOCUMENTS, OWN_LEAVES, open_authorities
from app.pki.certificates import Place
from app.pki.crls import Revocation, next_update
from app.pki.errors import AuthoritiesMissing
from app.pki.profiles import Kind
from app.pki.setup import RootOffline, prepare_folder, revoke_authority, revoked_authorities, root_crl_path
from tests.makers.pki import AT, MASTER, PLACE, a_setup


class TestPrepare:
    def test_makes_an_authority_for_each_kind_and_every_seal(self, tmp_path: Path) -> None:
        made = prepare_folder(a_setup(tmp_path))

        assert set(made.issuers) == set(Kind)
        assert set(made.own) == {leaf.label for leaf in OWN_LEAVES}

    def test_changes_nothing_when_repeated(self, tmp_path: Path) -> None:
        prepare_folder(a_setup(tmp_path))
        before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

        prepare_folder(a_setup(tmp_path, AT + timedelta(days=1)))

        assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before

    def test_goes_on_after_an_interruption(self, tmp_path: Path) -> None:
        first = prepare_folder(a_setup(tmp_path))
        (tmp_path / "device.pem").unlink()
        (tmp_path / "keys" / "officer.pem").unlink()

        again = prepare_folder(a_setup(tmp_path))

        assert again.root == first.root
        assert again.issuer(Kind.DEVICE).certificate.public_key() == first.issuer(Kind.DEVICE).certificate.public_key()
        assert again.issuer(Kind.OFFICER).certificate != first.issuer(Kind.OFFICER).certificate
        assert again.issuer(Kind.TERMINAL).certificate == first.issuer(Kind.TERMINAL).certificate

    def test_renews_a_seal_before_it_ends(self, tmp_path: Path) -> None:
        first = prepare_folder(a_setup(tmp_path))

        later = prepare_folder(a_setup(tmp_path, AT + timedelta(days=320)))

        assert (
            later.own[DOCUMENTS.label].certificate.not_valid_after_utc
            > first.own[DOCUMENTS.label].certificate.not_valid_after_utc
        )
        assert (
            later.issuers == first.issuers or later.issuer(Kind.SEAL).certificate == first.issuer(Kind.SEAL).certificate
        )

    def test_renews_an_authority_with_its_old_key(self, tmp_path: Path) -> None:
        first = prepare_folder(a_setup(tmp_path)).issuer(Kind.DEVICE).certificate

        later = prepare_folder(a_setup(tmp_path, AT + timedelta(days=9 * 365))).issuer(Kind.DEVICE).certificate

        assert later.not_valid_after_utc > first.not_valid_after_utc
        assert later.public_key() == first.public_key()

    def test_follows_a_change_of_domain(self, tmp_path: Path) -> None:
        prepare_folder(a_setup(tmp_path))

        moved = prepare_folder(msgspec.structs.replace(a_setup(tmp_path), place=Place("yantai.example", PLACE.origin)))

        assert "yantai.example" in str(moved.issuer(Kind.SEAL).certificate.extensions)
        assert "documents.seal.yantai.example" in str(moved.own[DOCUMENTS.label].certificate.extensions)

    def test_follows_a_change_of_origin_with_its_own_seals(self, tmp_path: Path) -> None:
        first = prepare_folder(a_setup(tmp_path))

        moved = prepare_folder(
            msgspec.structs.replace(a_setup(tmp_path), place=Place(PLACE.domain, "https://fuhai.example"))
        )

        assert "https://fuhai.example/pki/seal-202611-00.crl" in str(moved.own[DOCUMENTS.label].certificate.extensions)
        assert moved.issuer(Kind.SEAL).certificate == first.issuer(Kind.SEAL).certificate


class TestRootKey:
    def test_isnt_needed_by_the_server(self, tmp_path: Path) -> None:
        made = prepare_folder(a_setup(tmp_path))
        shutil.rmtree(tmp_path / "offline")

        assert open_authorities(tmp_path, MASTER, PLACE).root == made.root

    def test_isnt_needed_by_a_repeated_set_up(self, tmp_path: Path) -> None:
        prepare_folder(a_setup(tmp_path))
        shutil.rmtree(tmp_path / "offline")

        prepare_folder(a_setup(tmp_path))

    def test_is_asked_for_by_name_when_needed(self, tmp_path: Path) -> None:
        prepare_folder(a_setup(tmp_path))
        shutil.rmtree(tmp_path / "offline")
        (tmp_path / "device.pem").unlink()

        with pytest.raises(RootOffline, match="authority device"):
            prepare_folder(a_setup(tmp_path))

    def test_must_belong_to_the_certificate(self, tmp_path: Path) -> None:
        prepare_folder(a_setup(tmp_path / "one"))
        prepare_folder(a_setup(tmp_path / "two"))
        shutil.copytree(tmp_path / "two" / "offline", tmp_path / "one" / "offline", dirs_exist_ok=True)
        (tmp_path / "one" / "device.pem").unlink()

        with pytest.raises(RootOffline, match="belong together"):
            prepare_folder(a_setup(tmp_path / "one"))


class TestFiles:
    def test_hold_only_encrypted_keys_of_the_owner(self, tmp_path: Path) -> None:
        prepare_folder(a_setup(tmp_path))
        files = [*(tmp_path / "keys").iterdir(), *(tmp_path / "offline").iterdir()]

        assert len(files) == 2 * len(Kind) + len(OWN_LEAVES) + 1
        for path in files:
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            with pytest.raises(TypeError, match="encrypted"):
                load_pem_private_key(path.read_bytes(), None)

    def test_hold_the_roots_list_of_revoked_authorities(self, tmp_path: Path) -> None:
        prepare_folder(a_setup(tmp_path))

        assert next_update(root_crl_path(tmp_path).read_bytes()) == AT + timedelta(days=365)

    def test_keep_revoked_authorities_on_the_list_when_it_is_renewed(self, tmp_path: Path) -> None:
        made = prepare_folder(a_setup(tmp_path))
        issuer, reason = made.issuer(Kind.DEVICE), x509.ReasonFlags.ca_compromise
        revoked = revoke_authority(a_setup(tmp_path), issuer, reason)

        late = AT + timedelta(days=300)
        prepare_folder(a_setup(tmp_path, late))

        assert next_update(root_crl_path(tmp_path).read_bytes()) == late + timedelta(days=365)
        assert revoked_authorities(tmp_path) == [revoked] == [Revocation(issuer.certificate.serial_number, AT, reason)]

    def test_list_every_certificate_that_a_revoked_authoritys_key_had(self, tmp_path: Path) -> None:
        first = prepare_folder(a_setup(tmp_path)).issuer(Kind.DEVICE)
        late = first.certificate.not_valid_after_utc - timedelta(days=600)
        renewed = prepare_folder(a_setup(tmp_path, late)).issuer(Kind.DEVICE)
        assert renewed.certificate.public_key() == first.certificate.public_key()

        revoked = revoke_authority(a_setup(tmp_path, late), renewed, x509.ReasonFlags.ca_compromise)
        again = revoke_authority(a_setup(tmp_path, late), renewed, x509.ReasonFlags.superseded)

        assert again == revoked
        assert {one.serial for one in revoked_authorities(tmp_path)} == {
            first.certificate.serial_number,
            renewed.certificate.serial_number,
        }

    def test_refuse_to_open_when_something_is_lacking(self, tmp_path: Path) -> None:
        with pytest.raises(AuthoritiesMissing):
            open_authorities(tmp_path, MASTER, PLACE)

        prepare_folder(a_setup(tmp_path))
        (tmp_path / "receipts.pem").unlink()

        with pytest.raises(AuthoritiesMissing) as refused:
            open_authorities(tmp_path, MASTER, PLACE)
        assert refused.value.facts["missing"] == "receipts"
