"""The keys of the city's parties, made once under `<var>/city/` and readable by their owner only.

Departments bring a certificate signing request; set-up puts the certificates (`gaj.pem`, `wjw.pem` …) and the portal's own
certificate or public key (`portal.pem`) into the same folder.
"""

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from cryptography.x509.oid import NameOID

from integrations.departments.directory import NAMES

DEPARTMENTS: Final = {code.lower(): name.zh for code, name in NAMES.items()}
PORTAL: Final = "portal"


class Accounts(msgspec.Struct, frozen=True):
    """What the channels gave us, so to speak: ids and shared secrets of the sandbox."""

    appid: str
    mchid: str
    merchant_serial: str
    platform_serial: str
    apiv3_key: str
    sms_secret_id: str
    sms_secret_key: str
    sms_app_id: str
    sms_sign_name: str

    @property
    def wechat_secret(self) -> str:
        """The mini-program's secret, made of another one, so that folders of before have it too."""
        return hashlib.sha256(f"mini-program {self.apiv3_key}".encode()).hexdigest()[:32]

    def __repr__(self) -> str:
        """Show no secret."""
        return f"Accounts({self.appid!r}, {self.mchid!r}, {self.sms_app_id!r})"


class CityKeys(msgspec.Struct, frozen=True):
    """Where everything lies in the city's folder."""

    folder: Path

    def department_key(self, department: str) -> Path:
        """A department's P-256 private key."""
        return self.folder / f"{department}.key.pem"

    def department_request(self, department: str) -> Path:
        """A department's certificate signing request (PKCS #10)."""
        return self.folder / f"{department}.csr.pem"

    def certificate(self, name: str) -> Path:
        """Where set-up puts a department's certificate, or the portal's certificate or public key."""
        return self.folder / f"{name}.pem"

    @property
    def merchant_key(self) -> Path:
        """RSA key with which the portal signs payment requests."""
        return self.folder / "wechat_pay_merchant.key.pem"

    @property
    def merchant_public_key(self) -> Path:
        """Its public half, which the city checks with."""
        return self.folder / "wechat_pay_merchant.pub.pem"

    @property
    def platform_key(self) -> Path:
        """RSA key with which the city's WeChat Pay signs."""
        return self.folder / "wechat_pay_platform.key.pem"

    @property
    def platform_public_key(self) -> Path:
        """Its public half, which the portal pins."""
        return self.folder / "wechat_pay_platform.pub.pem"

    @property
    def accounts(self) -> Path:
        """Ids and shared secrets, JSON."""
        return self.folder / "accounts.json"


def keyid(name: str, domain: str) -> str:
    """The DNS name in a party's certificate, by which its signatures name their key."""
    return f"{name}.dept.{domain}"


def prepare(folder: Path, domain: str = "fuhai.example") -> CityKeys:
    """Make whatever key isn't there yet; never overwrites one, also when several processes come at once."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = CityKeys(folder)
    with _alone_in(folder):
        _make_missing(keys, domain)
    return keys


def _make_missing(keys: CityKeys, domain: str) -> None:
    for department, title in DEPARTMENTS.items():
        if not keys.department_key(department).exists():
            _make_department(keys, department, title, keyid(department, domain))
    for private, public in (
        (keys.merchant_key, keys.merchant_public_key),
        (keys.platform_key, keys.platform_public_key),
    ):
        if not private.exists():
            _make_rsa(private, public)
    if not keys.accounts.exists():
        _write(keys.accounts, msgspec.json.encode(_new_accounts()))


def read_accounts(keys: CityKeys) -> Accounts:
    """Read ids and shared secrets."""
    return msgspec.json.decode(keys.accounts.read_bytes(), type=Accounts)


def read_rsa_key(path: Path) -> rsa.RSAPrivateKey:
    """Read an RSA private key; anything else is refused as a broken folder."""
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        message = f"{path.name} holds no RSA key"
        raise TypeError(message)
    return key


def read_rsa_public_key(path: Path) -> rsa.RSAPublicKey:
    """Read an RSA public key; anything else is refused as a broken folder."""
    key = load_pem_public_key(path.read_bytes())
    if not isinstance(key, rsa.RSAPublicKey):
        message = f"{path.name} holds no RSA key"
        raise TypeError(message)
    return key


def read_p256_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Read a P-256 private key; anything else is refused as a broken folder."""
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        message = f"{path.name} holds no P-256 key"
        raise TypeError(message)
    return key


def read_public_key(pem: bytes) -> object:
    """Read the public key of a PEM that is either a certificate or a public key; raises ValueError for anything else."""
    if b"-----BEGIN CERTIFICATE-----" in pem:
        return x509.load_pem_x509_certificate(pem).public_key()
    return load_pem_public_key(pem)


def _make_department(keys: CityKeys, department: str, title: str, dns_name: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(
            x509.Name(
                [
                    x509.NameAttribute(NameOID.ORGANIZATION_NAME, title),
                    x509.NameAttribute(NameOID.COMMON_NAME, dns_name),
                ]
            )
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(dns_name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(keys.department_request(department), request.public_bytes(Encoding.PEM))
    _write(keys.department_key(department), _private_pem(key))


def _make_rsa(private: Path, public: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    _write(public, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    _write(private, _private_pem(key))


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder against other processes; the lock goes with the process, however it ends."""
    with os.fdopen(os.open(folder / ".lock", os.O_WRONLY | os.O_CREAT, 0o600), "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _private_pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _new_accounts() -> Accounts:
    return Accounts(
        appid="wx" + secrets.token_hex(8),
        mchid=str(1_600_000_000 + secrets.randbelow(100_000_000)),
        merchant_serial=secrets.token_hex(20).upper(),
        platform_serial=secrets.token_hex(20).upper(),
        apiv3_key=secrets.token_hex(16),
        sms_secret_id="AKID" + secrets.token_hex(16),
        sms_secret_key=secrets.token_hex(16),
        sms_app_id=str(1_400_000_000 + secrets.randbelow(100_000_000)),
        sms_sign_name="福海",
    )


def _write(path: Path, content: bytes) -> None:
    """Write a whole file or none, mode 0600."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)
