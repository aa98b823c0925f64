"""Making certificates: pure functions of keys, names and a time; profiles decide what stands in them.

All keys are on P-256 and all signatures are ECDSA with SHA-256. What is made passes `openssl verify -x509_strict`.
"""

import re
from datetime import datetime, timedelta
from typing import Final

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from app.pki.errors import NameNotAllowed
from app.pki.lists import shard_name
from app.pki.profiles import BACKDATED, ISSUER_LIFE, RESPONDER_LIFE, ROOT_LIFE, Profile, key_usage, usage

_LABELS: Final = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?){0,3}", re.ASCII
)
_LONGEST_COMMON_NAME: Final = 64
_SHA256: Final = hashes.SHA256()
_END: Final = x509.BasicConstraints(ca=False, path_length=None)


class Place(msgspec.Struct, frozen=True):
    """Where certificates belong: the DNS suffix of their names, and the origin where CRLs and OCSP are reached."""

    domain: str
    origin: str


class Signer(msgspec.Struct, frozen=True):
    """A key together with the certificate that speaks for it."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def new_key() -> ec.EllipticCurvePrivateKey:
    """A new P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


class Commission(msgspec.Struct, frozen=True):
    """What an issuing authority is made for: the rules of a kind, where its certificates belong, and its generation.

    A generation has a key of its own; the next one takes over where a key is rotated.
    """

    profile: Profile
    place: Place
    generation: int = 1

    @property
    def name(self) -> str:
        """What its files and addresses are called: `device`, and `device-g2` after a rotation."""
        return named(self.profile.kind, self.generation)

    @property
    def title(self) -> str:
        """What its certificate is called; each generation differently, so that a list's issuer names one key."""
        return self.profile.issuer_name + (f" G{self.generation}" if self.generation > 1 else "")


class Issuer(msgspec.Struct, frozen=True):
    """An issuing authority: its key and certificate, the rules of its kind, and where its certificates belong.

    `responding` is the key that it delegates OCSP answers to.
    """

    signer: Signer
    responding: ec.EllipticCurvePrivateKey
    profile: Profile
    place: Place
    generation: int = 1

    @property
    def name(self) -> str:
        """What its files and addresses are called."""
        return named(self.profile.kind, self.generation)

    @property
    def certificate(self) -> x509.Certificate:
        """The authority's own certificate."""
        return self.signer.certificate


def make_root(key: ec.EllipticCurvePrivateKey, at: datetime) -> Signer:
    """Make the root: signed by itself, no policy and no path of its own, valid for twenty years."""
    name = _authority_name("Fuhai Root")
    builder = (
        _builder(name, name, key.public_key(), at, ROOT_LIFE)
        .serial_number(x509.random_serial_number())
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
    )
    return Signer(key, builder.sign(key, _SHA256))


def make_issuer(root: Signer, key: ec.EllipticCurvePublicKey, commission: Commission, at: datetime) -> x509.Certificate:
    """Make the certificate of a kind's issuing authority: leaves only, one policy, no name outside the kind's subtree."""
    profile, place = commission.profile, commission.place
    names = x509.NameConstraints(
        permitted_subtrees=[x509.DNSName(profile.subtree(place.domain))], excluded_subtrees=None
    )
    builder = (
        _issued(root, _authority_name(commission.title), key, at, ISSUER_LIFE)
        .serial_number(x509.random_serial_number())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(names, critical=True)
        .add_extension(_policies(profile), critical=False)
        .add_extension(_crl_address(place, "root"), critical=False)
        .add_extension(_access(place, "root"), critical=False)
    )
    return builder.sign(root.key, _SHA256)


class Leaf(msgspec.Struct, frozen=True):
    """What a leaf says: its DNS label under the kind's subtree, and a title where people read it (a seal's)."""

    label: str
    title: str = ""
    life: timedelta | None = None


def make_leaf(issuer: Issuer, key: ec.EllipticCurvePublicKey, leaf: Leaf, at: datetime) -> x509.Certificate:
    """Make a kind's leaf for a key. Refuses labels that aren't lower-case DNS labels (`NameNotAllowed`)."""
    profile, place = issuer.profile, issuer.place
    name = leaf_name(profile, leaf.label, place.domain)
    life = min(leaf.life or profile.life, issuer.certificate.not_valid_after_utc - at)
    serial = x509.random_serial_number()
    shard = shard_name(issuer.name, profile, serial, at)
    stamping = profile.uses == (ExtendedKeyUsageOID.TIME_STAMPING,)
    builder = (
        _issued(issuer.signer, _leaf_name(leaf.title or name), key, at, life)
        .serial_number(serial)
        .add_extension(_END, critical=True)
        .add_extension(key_usage(profile), critical=True)
        .add_extension(x509.ExtendedKeyUsage(profile.uses), critical=stamping)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(_policies(profile), critical=False)
        .add_extension(_crl_address(place, str(shard)), critical=False)
        .add_extension(_access(place, issuer.name, ocsp=True), critical=False)
    )
    return builder.sign(issuer.signer.key, _SHA256)


def make_responder(issuer: Issuer, at: datetime) -> x509.Certificate:
    """Make the certificate of the key that answers OCSP for an authority; it isn't itself asked about (RFC 6960, 4.2.2.2.1)."""
    name = issuer.profile.name("ocsp", issuer.place.domain)
    builder = (
        _issued(issuer.signer, _leaf_name(name), issuer.responding.public_key(), at, RESPONDER_LIFE)
        .serial_number(x509.random_serial_number())
        .add_extension(_END, critical=True)
        .add_extension(usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(_policies(issuer.profile), critical=False)
        .add_extension(x509.OCSPNoCheck(), critical=False)
    )
    return builder.sign(issuer.signer.key, _SHA256)


def leaf_name(profile: Profile, label: str, domain: str) -> str:
    """The DNS name of a leaf; refuses what can't be one (`NameNotAllowed`)."""
    name = profile.name(label, domain)
    if not _LABELS.fullmatch(label) or len(name) > _LONGEST_COMMON_NAME:
        raise NameNotAllowed(label=label)
    return name


def crl_address(place: Place, name: str) -> str:
    """Where a list of revoked certificates is published, by its name."""
    return f"{place.origin}/pki/{name}.crl"


def named(name: str, generation: int) -> str:
    """What a generation of a key and its certificate is called: the first by the name alone."""
    return name if generation == 1 else f"{name}-g{generation}"


def serial_text(serial: int) -> str:
    """A serial number as tables and people write it: hexadecimal, 40 digits."""
    return f"{serial:040x}"


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .not_valid_before(at - BACKDATED)
        .not_valid_after(at + life)
    )


def _issued(
    issuer: Signer, subject: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime, life: timedelta
) -> x509.CertificateBuilder:
    known = issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return (
        _builder(subject, issuer.certificate.subject, key, at, life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known), critical=False)
    )


def _authority_name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Fuhai"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _leaf_name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _policies(profile: Profile) -> x509.CertificatePolicies:
    return x509.CertificatePolicies([x509.PolicyInformation(profile.policy, None)])


def _crl_address(place: Place, name: str) -> x509.CRLDistributionPoints:
    address = x509.UniformResourceIdentifier(crl_address(place, name))
    return x509.CRLDistributionPoints([x509.DistributionPoint([address], None, None, None)])


def _access(place: Place, issuer_name: str, *, ocsp: bool = False) -> x509.AuthorityInformationAccess:
    """Where the issuer's certificate lies, and who answers for the certificate's standing."""
    methods = {AuthorityInformationAccessOID.CA_ISSUERS: f"{place.origin}/pki/{issuer_name}.cer"}
    if ocsp:
        methods = {AuthorityInformationAccessOID.OCSP: f"{place.origin}/pki/ocsp"} | methods
    return x509.AuthorityInformationAccess(
        [x509.AccessDescription(oid, x509.UniformResourceIdentifier(address)) for oid, address in methods.items()]
    )
