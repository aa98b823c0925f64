"""Makers of keys, requests and authorities."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from app.kernel.words import Words
from app.keys.master import MasterKey
from app.pki.authorities import Authorities
from app.pki.certificates import Leaf, Place, make_leaf, new_key
from app.pki.documents import Fact, LicencePaper
from app.pki.profiles import Kind
from app.pki.setup import Setup, prepare_folder

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PLACE = Place("fuhai.example", "http://127.0.0.1:8000")
MASTER = MasterKey({1: bytes(range(32))})

Building = Callable[[x509.CertificateSigningRequestBuilder], x509.CertificateSigningRequestBuilder]


def a_setup(folder: Path, at: datetime = AT) -> Setup:
    """A set-up in a folder."""
    return Setup(folder, MASTER, PLACE, at)


@cache
def the_authorities() -> Authorities:
    """Authorities of the test run, made once in a temporary folder."""
    return prepare_folder(a_setup(Path(mkdtemp(prefix="fuhai-pki-"))))


def a_csr(
    key: CertificateIssuerPrivateKeyTypes | None = None,
    building: Building = lambda builder: builder,
    digest: hashes.SHA256 | hashes.SHA224 | None = None,
    subject: str = "anybody",
) -> str:
    """A request as PEM; `building` may add to it what a client shouldn't."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    )
    signed = building(builder).sign(key or new_key(), digest or hashes.SHA256())
    return signed.public_bytes(Encoding.PEM).decode()


def a_leaf(
    kind: Kind, label: str = "d1.cit-a1", at: datetime = AT, key: ec.EllipticCurvePublicKey | None = None
) -> x509.Certificate:
    """A leaf of a kind from the test run's authorities."""
    trusted = the_authorities()
    return make_leaf(trusted.issuer(kind), key or new_key().public_key(), Leaf(label), at)


def a_paper(name: str = "张三", address: str = "山东省烟台市芝罘区北马路100号") -> LicencePaper:
    """A licence to print."""
    facts = {("姓名", "Name"): name, ("性别", "Sex"): "女", ("户籍地址", "Registered address"): address}
    return LicencePaper(
        title=Words(zh="出生登记证明", en="Certificate of Birth Registration"),
        number="370602-2026-000123",
        office="烟台市公安局芝罘分局",
        issued_on="2026年11月22日",
        facts=tuple(Fact(Words(zh=zh, en=en), value) for (zh, en), value in facts.items()),
        verify_code="7K2M-9QXD",
        verify_url="http://127.0.0.1:8000/verify?code=7K2M-9QXD",
    )
