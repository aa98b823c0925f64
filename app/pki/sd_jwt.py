"""SD-JWT (RFC 9901): a signed statement some of whose claims its holder may withhold. Pure: its form, made and read strictly.

Each claim that can be withheld stands in the statement as a digest only (SHA-256 of a disclosure with a salt of 128 bits); whoever
shows it adds the disclosures of what they show. We make flat ones, of texts, without key binding: the type is `dc+sd-jwt`.
"""

import base64
import hashlib
import secrets
from typing import Annotated, Any, Final, NoReturn, TypeVar

import msgspec
from msgspec import Meta

from app.pki.signed_data import NotGenuine

T = TypeVar("T")
ALGORITHM: Final = "ES256"
TYPE: Final = "dc+sd-jwt"
RESERVED: Final = frozenset(
    {
        "iss",
        "sub",
        "aud",
        "exp",
        "nbf",
        "iat",
        "jti",
        "cnf",
        "vct",
        "status",
        "issuing_authority",
        "_sd",
        "_sd_alg",
        "...",
    }
)
"""Names of claims that are never withheld."""
_SALT_BYTES: Final = 16
_SIGNATURE_BYTES: Final = 64
_PARTS: Final = 3
_DIGESTS: Final = "sha-256"
_UNREADABLE: Final = "presentation_unreadable"


class Disclosure(msgspec.Struct, frozen=True):
    """One claim that can be withheld, with its salt."""

    salt: str
    name: str
    value: str

    @property
    def encoded(self) -> str:
        """How it is added to what is shown (section 4.2.1)."""
        return encoded(msgspec.json.encode([self.salt, self.name, self.value]))

    @property
    def digest(self) -> str:
        """What stands for it in the statement (section 4.2.3)."""
        return digest(self.encoded)


class Header(msgspec.Struct, frozen=True):
    """The protected header: algorithm, type, and the signer's certificate with those above it (RFC 7515, 4.1.6)."""

    alg: str
    typ: str
    x5c: Annotated[list[str], Meta(min_length=1, max_length=4)]
    crit: Any = None


class Claims(msgspec.Struct, frozen=True, kw_only=True, rename={"sd": "_sd", "sd_alg": "_sd_alg"}):
    """What is always said: who issues what kind of credential, from when to when, perhaps to whom it is shown."""

    iss: str
    iat: int
    nbf: int
    exp: int
    jti: str
    vct: str
    sd: list[str]
    sd_alg: str
    aud: str | None = None


class Shown(msgspec.Struct, frozen=True):
    """What somebody shows, taken apart; nothing is verified but that each disclosure belongs to a digest, once."""

    header: Header
    claims: Claims
    disclosed: dict[str, str]
    signing_input: bytes
    signature: bytes


def encoded(data: bytes) -> str:
    """Base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def digest(disclosure: str) -> str:
    """The digest of a disclosure as it is sent."""
    return encoded(hashlib.sha256(disclosure.encode()).digest())


def disclosure_of(name: str, value: str) -> Disclosure:
    """A claim with a new salt."""
    return Disclosure(encoded(secrets.token_bytes(_SALT_BYTES)), name, value)


def statement(claims: dict[str, Any], hidden: list[Disclosure]) -> bytes:
    """The payload to be signed: the claims, and digests in an order that says nothing."""
    return msgspec.json.encode(claims | {"_sd": sorted(one.digest for one in hidden), "_sd_alg": _DIGESTS})


def compact(header: dict[str, Any], payload: bytes) -> bytes:
    """What the signature covers."""
    return f"{encoded(msgspec.json.encode(header))}.{encoded(payload)}".encode()


def joined(signed: str, disclosures: list[Disclosure]) -> str:
    """What is shown: the signed statement and the disclosures of what isn't withheld."""
    return "~".join([signed, *(one.encoded for one in disclosures), ""])


def read(shown: str) -> Shown:
    """Take apart what is shown. Raises `NotGenuine` with the reason's code.

    Refuses another algorithm or type than ours (`none` above all), what isn't canonical base64url, a disclosure of no digest, and
    one that comes twice.
    """
    signed, *disclosures = shown.split("~")
    parts = signed.split(".")
    if len(parts) != _PARTS or not disclosures or disclosures.pop():
        _refuse()
    header = _decoded(parts[0], Header)
    if header.alg != ALGORITHM or header.typ != TYPE or header.crit is not None:
        raise NotGenuine("algorithm_not_allowed")
    claims = _decoded(parts[1], Claims)
    signature = decoded(parts[2])
    if claims.sd_alg != _DIGESTS or len(signature) != _SIGNATURE_BYTES:
        raise NotGenuine("algorithm_not_allowed")
    return Shown(header, claims, _disclosed(disclosures, claims), f"{parts[0]}.{parts[1]}".encode(), signature)


def _disclosed(disclosures: list[str], claims: Claims) -> dict[str, str]:
    if len(set(disclosures)) != len(disclosures):
        raise NotGenuine("disclosure_repeated")
    if not {digest(one) for one in disclosures} <= set(claims.sd):
        raise NotGenuine("disclosure_unknown")
    found = [_decoded(one, tuple[str, str, str]) for one in disclosures]
    names = [name for _, name, _ in found]
    if len(set(names)) != len(names) or not RESERVED.isdisjoint(names):
        raise NotGenuine("disclosure_repeated")
    return {name: value for _, name, value in found}


def decoded(text: str) -> bytes:
    """Bytes of canonical base64url; raises `NotGenuine` over anything else."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        _refuse()
    if encoded(data) != text:
        _refuse()
    return data


def _decoded(text: str, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(decoded(text), type=kind)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise NotGenuine(_UNREADABLE) from error


def _refuse() -> NoReturn:
    raise NotGenuine(_UNREADABLE)
