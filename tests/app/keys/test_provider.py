"""Keys in files, and what is signed with them."""

import hashlib
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_public_key

from app.keys.algorithms import ES256, KeyUnfit, LocalKey, verifying_key
from app.keys.provider import (
    FileKeys,
    KeyExists,
    KeyIdUnfit,
    KeyMissing,
    ProvidedKey,
    PublicKey,
    ensure_key,
    signing_key,
)
from app.keys.x509_keys import CertificateKey, KeyStaysInside
from tests.makers.keys import a_master_key, some_file_keys


def verifies(public: PublicKey, signature: bytes, data: bytes) -> bool:
    return verifying_key(load_der_public_key(public.spki)).verifies(signature, data)


class TestFileKeys:
    def test_signs_what_the_public_half_verifies(self, tmp_path: Path) -> None:
        keys = some_file_keys(tmp_path)
        public = keys.make_key("root")

        signature = keys.sign("root", b"data")

        assert (public.algorithm, signature.algorithm, len(signature.value)) == (ES256, ES256, 64)
        assert verifies(public, signature.value, b"data")
        assert not verifies(public, signature.value, b"other")

    def test_signs_a_digest_made_elsewhere(self, tmp_path: Path) -> None:
        keys = some_file_keys(tmp_path)
        public = keys.make_key("root")

        signature = keys.sign_digest("root", hashlib.sha256(b"data").digest())

        assert verifies(public, signature.value, b"data")

    def test_the_file_is_encrypted_and_its_owners(self, tmp_path: Path) -> None:
        some_file_keys(tmp_path).make_key("root")

        path = tmp_path / "keys" / "root.pem"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert "ENCRYPTED PRIVATE KEY" in path.read_text()

    def test_another_process_finds_the_key(self, tmp_path: Path) -> None:
        master = a_master_key()
        made = FileKeys(tmp_path, master).make_key("root")

        assert FileKeys(tmp_path, master).public_key("root") == made

    def test_another_master_key_doesnt_open_it(self, tmp_path: Path) -> None:
        FileKeys(tmp_path, a_master_key()).make_key("root")

        with pytest.raises(ValueError, match="password"):
            FileKeys(tmp_path, a_master_key()).public_key("root")

    def test_a_file_under_another_name_doesnt_open(self, tmp_path: Path) -> None:
        keys = FileKeys(tmp_path, a_master_key())
        keys.make_key("root")
        (tmp_path / "root.pem").rename(tmp_path / "leaf.pem")

        with pytest.raises(ValueError, match="password"):
            keys.public_key("leaf")

    def test_refuses_to_overwrite(self, tmp_path: Path) -> None:
        keys = some_file_keys(tmp_path)
        made = keys.make_key("root")

        with pytest.raises(KeyExists):
            keys.make_key("root")

        assert keys.public_key("root") == made

    def test_refuses_a_key_that_isnt_there(self, tmp_path: Path) -> None:
        with pytest.raises(KeyMissing):
            some_file_keys(tmp_path).sign("root", b"")

    @pytest.mark.parametrize("key_id", ["", "..", "../root", "a/b", "A", ".hidden", "a\0", "a" * 129, "a\n"])
    def test_refuses_an_id_that_could_be_a_path(self, tmp_path: Path, key_id: str) -> None:
        with pytest.raises(KeyIdUnfit):
            some_file_keys(tmp_path).make_key(key_id)

        assert not (tmp_path / "keys").exists()


class TestEnsureKey:
    def test_makes_it_once(self, tmp_path: Path) -> None:
        keys = some_file_keys(tmp_path)

        assert ensure_key(keys, "portal") == ensure_key(keys, "portal")

    def test_gives_a_key_that_signs_messages(self, tmp_path: Path) -> None:
        keys = some_file_keys(tmp_path)

        key = signing_key(keys, "portal")

        assert key == ProvidedKey(keys, "portal", ES256)
        assert key.algorithm == ES256
        assert verifies(keys.public_key("portal"), key.sign(b"data"), b"data")


class TestCertificateKey:
    def test_signs_a_certificate_without_showing_itself(self, tmp_path: Path) -> None:
        keys = some_file_keys(tmp_path)
        keys.make_key("root")
        key, name = CertificateKey(keys, "root"), x509.Name([])
        now = datetime(2026, 11, 22, tzinfo=UTC)

        certificate = (
            x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )

        certificate.verify_directly_issued_by(certificate)
        with pytest.raises(KeyStaysInside):
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with pytest.raises(KeyStaysInside):
            key.private_numbers()
        with pytest.raises(KeyStaysInside):
            key.exchange(ec.ECDH(), key.public_key())

    def test_refuses_another_digest_than_its_suite_has(self, tmp_path: Path) -> None:
        keys = some_file_keys(tmp_path)
        keys.make_key("root")

        with pytest.raises(KeyUnfit):
            CertificateKey(keys, "root").sign(b"data", ec.ECDSA(hashes.SHA384()))


class TestVerifyingKey:
    @pytest.mark.parametrize("curve", [ec.SECP384R1(), ec.SECP256K1()])
    def test_refuses_another_curve(self, curve: ec.EllipticCurve) -> None:
        with pytest.raises(KeyUnfit):
            verifying_key(ec.generate_private_key(curve).public_key())

    def test_refuses_a_private_key(self) -> None:
        with pytest.raises(KeyUnfit):
            verifying_key(Ed25519PrivateKey.generate())

    @pytest.mark.parametrize("signature", [b"", bytes(64), bytes(63), bytes(65), b"\xff" * 64])
    def test_says_no_to_what_isnt_a_signature(self, signature: bytes) -> None:
        for private in (ec.generate_private_key(ec.SECP256R1()), Ed25519PrivateKey.generate()):
            assert not verifying_key(private.public_key()).verifies(signature, b"data")

    def test_a_signature_has_one_length(self) -> None:
        key = LocalKey(ec.generate_private_key(ec.SECP256R1()))
        public, signature = verifying_key(key.private_key.public_key()), key.sign(b"data")

        assert public.verifies(signature, b"data")
        assert not public.verifies(signature[:32] + b"\0" + signature[32:], b"data")
