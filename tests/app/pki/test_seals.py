"""Seals over bytes."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.kernel import clock
from app.pki.authorities import Authorities
from app.pki.profiles import Kind
from app.pki.seals import ALGORITHM, Seal, seal_bytes
from app.pki.verification import verify_certificate
from tests.makers.programs import needs

DATA = '{"amount_fen":300,"payee":"福海公交"}'.encode()


def key_of(seal: Seal) -> ec.EllipticCurvePublicKey:
    """The key in a seal's certificate."""
    key = x509.load_pem_x509_certificate(seal.certificate.encode()).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key


@pytest.mark.usefixtures("own")
class TestSealBytes:
    async def test_is_verified_by_a_certificate_of_ours(self) -> None:
        seal = seal_bytes(DATA)

        verified = await verify_certificate(seal.certificate, Kind.SEAL, clock.now())

        verified.public_key.verify(seal.signature, DATA, ec.ECDSA(hashes.SHA256()))
        assert seal.algorithm == ALGORITHM

    def test_doesnt_stand_for_other_bytes(self) -> None:
        seal = seal_bytes(DATA)

        with pytest.raises(InvalidSignature):
            key_of(seal).verify(seal.signature, DATA + b" ", ec.ECDSA(hashes.SHA256()))

    def test_gives_the_chain_up_to_the_root(self, own: Authorities) -> None:
        authority, root = x509.load_pem_x509_certificates(seal_bytes(DATA).chain.encode())

        assert root == own.root
        assert authority == own.issuer(Kind.SEAL).certificate

    def test_seals_from_many_threads(self) -> None:
        pieces = [str(n).encode() for n in range(200)]

        with ThreadPoolExecutor(4) as threads:
            seals = list(threads.map(seal_bytes, pieces))

        for piece, seal in zip(pieces, seals, strict=True):
            key_of(seal).verify(seal.signature, piece, ec.ECDSA(hashes.SHA256()))

    @pytest.mark.interop
    @needs("openssl")
    def test_is_checked_by_openssl_alone(self, tmp_path: Path) -> None:
        seal = seal_bytes(DATA)
        root = seal.chain[seal.chain.rindex("-----BEGIN") :]
        texts = {"certificate.pem": seal.certificate, "chain.pem": seal.chain, "root.pem": root}
        for name, text in texts.items():
            (tmp_path / name).write_text(text, encoding="ascii")
        (tmp_path / "receipt.json").write_bytes(DATA)
        (tmp_path / "signature.der").write_bytes(seal.signature)

        for command in (
            "openssl x509 -in certificate.pem -pubkey -noout -out key.pem",
            "openssl dgst -sha256 -verify key.pem -signature signature.der receipt.json",
            "openssl verify -x509_strict -CAfile root.pem -untrusted chain.pem certificate.pem",
        ):
            done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
