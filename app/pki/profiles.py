"""What each kind of certificate is: its names, how long it lives, what its key may do.

A profile decides everything but the key. Names are DNS names, since the verifier enforces name constraints only for
those; each kind has an issuing authority that may name nothing outside its own subtree, and one policy that its leaves
carry (RFC 5280, 4.2.1.4 and 4.2.1.10).
"""

from datetime import timedelta
from enum import StrEnum
from typing import Final

import msgspec
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

BACKDATED: Final = timedelta(minutes=5)
"""How far before its making a certificate is valid, for clocks that are behind ours."""
ROOT_LIFE: Final = timedelta(days=20 * 365)
ISSUER_LIFE: Final = timedelta(days=10 * 365)
RESPONDER_LIFE: Final = timedelta(days=7)

POLICY_ARC: Final = "1.3.6.1.4.1.32473.1"
"""Where our policies are numbered: the arc for examples (RFC 5612), as our names end in `.example`."""

DOCUMENT_SIGNING: Final = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""id-kp-documentSigning (RFC 9336)."""


class Kind(StrEnum):
    """What a certificate is for; each kind has its own issuing authority."""

    DEVICE = "device"
    TERMINAL = "terminal"
    OFFICER = "officer"
    DEPARTMENT = "department"
    SEAL = "seal"
    TIMESTAMP = "timestamp"


class Profile(msgspec.Struct, frozen=True):
    """The rules of one kind of certificate."""

    kind: Kind
    branch: str
    policy_number: int
    life: timedelta
    uses: tuple[ObjectIdentifier, ...]
    commits: bool
    issuer_name: str
    lists_a_month: int = 1
    """Into how many lists of revoked certificates a month of issue is cut; at most 100."""

    @property
    def policy(self) -> ObjectIdentifier:
        """The policy that the authority and its leaves carry."""
        return ObjectIdentifier(f"{POLICY_ARC}.{self.policy_number}")

    def subtree(self, domain: str) -> str:
        """The DNS subtree that the authority may name: itself and everything below."""
        return f"{self.branch}.{domain}"

    def name(self, label: str, domain: str) -> str:
        """The DNS name of a leaf. `label` is one or more DNS labels, such as `d1.cit-k3f9`."""
        return f"{label}.{self.subtree(domain)}"


_CLIENT: Final = (ExtendedKeyUsageOID.CLIENT_AUTH,)
_SEAL: Final = (DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION)
"""NSS, and so pdfsig, knows no use for documents and takes the one for signed mail."""

PROFILES: Final[dict[Kind, Profile]] = {
    profile.kind: profile
    for profile in (
        Profile(Kind.DEVICE, "device", 1, timedelta(days=365), _CLIENT, True, "Fuhai Citizen Devices", 16),
        Profile(Kind.TERMINAL, "term", 2, timedelta(days=7), _CLIENT, False, "Fuhai Terminals"),
        Profile(Kind.OFFICER, "officer", 3, timedelta(days=7), _CLIENT, True, "Fuhai Officers"),
        Profile(Kind.DEPARTMENT, "dept", 4, timedelta(days=365), _CLIENT, True, "Fuhai Departments"),
        Profile(Kind.SEAL, "seal", 5, timedelta(days=365), _SEAL, True, "Fuhai Document Seals"),
        Profile(
            Kind.TIMESTAMP,
            "tsa",
            6,
            timedelta(days=3 * 365),
            (ExtendedKeyUsageOID.TIME_STAMPING,),
            False,
            "Fuhai Time-stamps",
        ),
    )
}


def key_usage(profile: Profile) -> x509.KeyUsage:
    """What a leaf's key may do: sign, and commit to what was signed where the kind signs declarations."""
    return usage(digital_signature=True, content_commitment=profile.commits)


def usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    """A key usage extension with everything else denied (RFC 5280, 4.2.1.3)."""
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )
