"""Codes that apps make without a line, read and checked by docs/offline-codes.md alone, and made as a phone makes them."""

import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Any, Final

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from demo.keys import Key

PREFIX: Final = "FH1:"
LONGEST: Final = 400
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_BASE, _BYTE, _GROUP = 45, 256, 3
_ES256: Final = {1: -7}
_KID: Final = 4
_SIGNATURE_BYTES: Final = 64
_SIZES: Final = {"account": 17, "device_key": 33, "nonce": 8, "kid": 4}
_MOST: Final = 2**32


class CodeRefused(ValueError):  # noqa: N818 - a refusal is named as a fact
    """A code that isn't taken; `args[0]` says why, by the name that the portal would give."""


@dataclass(frozen=True)
class Shown:
    """What a code says. Times are seconds since 1970, amounts fen."""

    account: bytes
    device_key: bytes
    not_before: int
    valid_minutes: int
    payment_max_fen: int
    sum_max_fen: int
    kid: str
    at: int
    nonce: bytes
    certificate: list[Any]
    token: list[Any]

    @property
    def not_after(self) -> int:
        """When the certificate ends."""
        return self.not_before + self.valid_minutes * 60

    @property
    def listed_as(self) -> str:
        """How the list of what doesn't pay names the account."""
        return hashlib.sha256(self.account).digest()[:8].hex()

    @property
    def spent_as(self) -> str:
        """By what it is known that this code has paid."""
        return hashlib.sha256(self.account + self.nonce).hexdigest()[:32]


def read(text: str) -> Shown:
    """Take a code apart, strictly; refuses `payer_code_wrong`. Nothing of it is believed yet."""
    try:
        if not text.startswith(PREFIX) or len(text) > LONGEST:
            raise CodeRefused("payer_code_wrong")
        certificate, token = _value(_unbase45(text.removeprefix(PREFIX)))
        kid: Any = _header(certificate).get(_KID)
        account, device_key, not_before, minutes, one, all_of_it = _value(certificate[2])
        at, nonce = _value(token[2])
        if _header(token) != _ES256 or _header(certificate) != {**_ES256, _KID: kid}:
            raise CodeRefused("payer_code_wrong")
        for name, value in (("account", account), ("device_key", device_key), ("nonce", nonce), ("kid", kid)):
            if not isinstance(value, bytes) or len(value) != _SIZES[name]:
                raise CodeRefused("payer_code_wrong")
        for number in (not_before, minutes, one, all_of_it, at):
            if type(number) is not int or not 0 <= number < _MOST:
                raise CodeRefused("payer_code_wrong")
    except (ValueError, TypeError, KeyError, RecursionError, cbor2.CBORError) as error:
        raise CodeRefused("payer_code_wrong") from error
    return Shown(
        *(account, device_key, not_before, minutes, one, all_of_it),
        *(kid.hex(), at, nonce, certificate, token),
    )


def check(shown: Shown, issuer_keys: dict[str, str]) -> None:
    """Check both signatures; refuses `issuer_unknown`, `certificate_forged`, `code_forged`."""
    issuer = issuer_keys.get(shown.kid)
    if issuer is None:
        raise CodeRefused("issuer_unknown")
    public = load_pem_public_key(issuer.encode())
    if not isinstance(public, ec.EllipticCurvePublicKey) or not _holds(public, shown.certificate, b""):
        raise CodeRefused("certificate_forged")
    try:
        device = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), shown.device_key)
    except ValueError as error:
        raise CodeRefused("code_forged") from error
    if not _holds(device, shown.token, cbor2.dumps(shown.certificate, canonical=True)):
        raise CodeRefused("code_forged")


def make(certificate: bytes, key: Key, at: float | None = None) -> str:
    """What a phone shows: its certificate, and a new token by its key."""
    protected = cbor2.dumps(_ES256, canonical=True)
    payload = cbor2.dumps([int(time.time() if at is None else at), secrets.token_bytes(8)], canonical=True)
    signed = [protected, {}, payload, key.sign(_structure(protected, certificate, payload))]
    return PREFIX + _base45(cbor2.dumps([cbor2.loads(certificate), signed], canonical=True))


def _holds(key: ec.EllipticCurvePublicKey, signed: list[Any], beside: bytes) -> bool:
    protected, _, payload, signature = signed
    r, s = (int.from_bytes(signature[at : at + 32]) for at in (0, 32))
    try:
        key.verify(utils.encode_dss_signature(r, s), _structure(protected, beside, payload), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _structure(protected: bytes, beside: bytes, payload: bytes) -> bytes:
    """The Sig_structure (RFC 9052, 4.4)."""
    return cbor2.dumps(["Signature1", protected, beside, payload], canonical=True)


def _header(signed: Any) -> dict[int, Any]:
    """The protected header of a COSE_Sign1 that has exactly the form."""
    protected, unprotected, payload, signature = signed
    if unprotected != {} or not isinstance(payload, bytes) or len(signature) != _SIGNATURE_BYTES:
        raise CodeRefused("payer_code_wrong")
    header: dict[int, Any] = _value(protected)
    return header


def _value(data: bytes) -> Any:
    """One value of deterministic CBOR, and nothing behind it."""
    value = cbor2.loads(data)
    if cbor2.dumps(value, canonical=True) != data:
        raise CodeRefused("payer_code_wrong")
    return value


def _base45(data: bytes) -> str:
    """RFC 9285."""
    text = []
    for at in range(0, len(data), 2):
        pair = data[at : at + 2]
        number = int.from_bytes(pair)
        text += [_ALPHABET[number // _BASE**place % _BASE] for place in range(len(pair) + 1)]
    return "".join(text)


def _unbase45(text: str) -> bytes:
    data = bytearray()
    for at in range(0, len(text), _GROUP):
        group = [_ALPHABET.index(letter) for letter in text[at : at + _GROUP]]
        number = sum(value * _BASE**place for place, value in enumerate(group))
        if len(group) == 1 or number >= _BYTE ** (len(group) - 1):
            raise CodeRefused("payer_code_wrong")
        data += number.to_bytes(len(group) - 1)
    return bytes(data)
