"""Writes docs/vectors/offline-codes.json: codes and batches that another implementation must take, or refuse for the same flaw.

Everything is written by a few plain lines of their own, which share no code with `app.offline`. Run
`python -m tests.app.offline.vectors` after a change of the form; a test says when the file is out of date.
"""

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

FILE: Final = Path(__file__).parents[3] / "docs" / "vectors" / "offline-codes.json"
ABOUT: Final = (
    "Fuhai's codes for paying without a line (docs/offline-codes.md). `expect` is `ok`, or the flaw for which a code is refused, whatever "
    "the time: `payer_code_wrong` (not of the form), `issuer_unknown`, `certificate_forged`, `code_forged`. The keys are published with "
    "their secrets, and worthless."
)
NOW: Final = 1_795_305_600
LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def _key(name: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(
        int.from_bytes(hashlib.sha256(f"fuhai test key {name}".encode()).digest()) >> 8, ec.SECP256R1()
    )


ISSUER, OTHER_ISSUER, DEVICE, OTHER_DEVICE = map(_key, ("issuer", "other issuer", "device", "other device"))
ACCOUNT: Final = bytes([1]) + bytes(range(16))
NONCE: Final = bytes.fromhex("0102030405060708")


def base45(data: bytes) -> str:
    """RFC 9285, written plainly."""
    text = ""
    for at in range(0, len(data), 2):
        pair = data[at : at + 2]
        value = int.from_bytes(pair)
        for _ in range(3 if len(pair) == 2 else 2):
            text += LETTERS[value % 45]
            value //= 45
    return text


def head(major: int, value: int) -> bytes:
    """The head of a CBOR item, in the shortest form."""
    if value < 24:
        return bytes([major << 5 | value])
    size = next(size for size in (1, 2, 4, 8) if value < 256**size)
    return bytes([major << 5 | {1: 24, 2: 25, 4: 26, 8: 27}[size]]) + value.to_bytes(size)


def number(value: int) -> bytes:
    """A CBOR integer of zero and up."""
    return head(0, value)


def octets(value: bytes) -> bytes:
    """A CBOR byte string."""
    return head(2, len(value)) + value


def array(*items: bytes) -> bytes:
    """A CBOR array of written items."""
    return head(4, len(items)) + b"".join(items)


def raw(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    """The same ES256 signature each time (RFC 6979)."""
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True)))
    return r.to_bytes(32) + s.to_bytes(32)


def sign1(key: ec.EllipticCurvePrivateKey, protected: bytes, payload: bytes, beside: bytes = b"") -> bytes:
    """A COSE_Sign1."""
    text = head(3, 10) + b"Signature1"
    signed = array(text, octets(protected), octets(beside), octets(payload))
    return array(octets(protected), b"\xa0", octets(payload), octets(raw(key, signed)))


def spki(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A public key in DER."""
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def kid(key: ec.EllipticCurvePrivateKey) -> bytes:
    """How certificates name a key."""
    return hashlib.sha256(spki(key)).digest()[:4]


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A compressed public key."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def payload_of(account: bytes = ACCOUNT, payment: bytes | None = None, sum_max: int = 50_000) -> bytes:
    """A certificate's payload."""
    fields = (octets(account), octets(point(DEVICE)), number(NOW - 3600), number(1440))
    return array(*fields, payment or number(20_000), number(sum_max))


def certificate(signer: ec.EllipticCurvePrivateKey = ISSUER, payload: bytes | None = None) -> bytes:
    """A certificate that names the issuer, signed by whoever."""
    protected = b"\xa2\x01\x26\x04" + octets(kid(ISSUER))
    return sign1(signer, protected, payload or payload_of())


def token(beside: bytes, signer: ec.EllipticCurvePrivateKey = DEVICE, payload: bytes | None = None) -> bytes:
    """A token of a certificate."""
    return sign1(signer, b"\xa1\x01\x26", payload or array(number(NOW), octets(NONCE)), beside)


def shown(data: bytes) -> str:
    """A code's text."""
    return "FH1:" + base45(data)


CERTIFICATE: Final = certificate()
GOOD: Final = shown(array(CERTIFICATE, token(CERTIFICATE)))


def _codes() -> dict[str, tuple[str, str]]:
    whole = array(CERTIFICATE, token(CERTIFICATE))
    unknown = sign1(OTHER_ISSUER, b"\xa2\x01\x26\x04" + octets(kid(OTHER_ISSUER)), payload_of())
    dear = certificate(payload=payload_of(sum_max=1_000_000))
    forged = certificate(OTHER_ISSUER)
    long_number = certificate(payload=payload_of(payment=b"\x1a\x00\x00\x4e\x20"))
    doubled = b"\xa3\x01\x26\x01\x26\x04" + octets(kid(ISSUER))
    twice = sign1(ISSUER, doubled, payload_of())
    disordered = sign1(ISSUER, b"\xa2\x04" + octets(kid(ISSUER)) + b"\x01\x26", payload_of())
    negative = certificate(payload=payload_of(payment=b"\x20"))
    floating = certificate(payload=payload_of(payment=b"\xf9\x78\xe2"))
    tagged = b"\xd2" + CERTIFICATE
    unnamed = sign1(ISSUER, b"\xa1\x01\x26", payload_of())
    other_algorithm = sign1(ISSUER, b"\xa2\x01\x27\x04" + octets(kid(ISSUER)), payload_of())
    wrong = "payer_code_wrong"
    return {
        "good": (GOOD, "ok"),
        "a certificate that another key signed": (shown(array(forged, token(forged))), "certificate_forged"),
        "an issuer that nobody knows": (shown(array(unknown, token(unknown))), "issuer_unknown"),
        "a token that another device signed": (
            shown(array(CERTIFICATE, token(CERTIFICATE, OTHER_DEVICE))),
            "code_forged",
        ),
        "a token of another certificate": (shown(array(dear, token(CERTIFICATE))), "code_forged"),
        "bytes that follow": (shown(whole + b"\x00"), wrong),
        "an array of indefinite length": (shown(b"\x9f" + whole[1:] + b"\xff"), wrong),
        "an array that is cut": (shown(whole[:-1]), wrong),
        "a number in a longer form": (shown(array(long_number, token(long_number))), wrong),
        "a key twice": (shown(array(twice, token(twice))), wrong),
        "keys out of order": (shown(array(disordered, token(disordered))), wrong),
        "a negative limit": (shown(array(negative, token(negative))), wrong),
        "a limit with a point": (shown(array(floating, token(floating))), wrong),
        "a tagged certificate": (shown(array(tagged, token(tagged))), wrong),
        "a certificate that names no key": (shown(array(unnamed, token(unnamed))), wrong),
        "another algorithm": (shown(array(other_algorithm, token(other_algorithm))), wrong),
        "a nonce of seven bytes": (
            shown(array(CERTIFICATE, token(CERTIFICATE, payload=array(number(NOW), octets(NONCE[:7]))))),
            wrong,
        ),
        "a token with a third field": (
            shown(array(CERTIFICATE, token(CERTIFICATE, payload=array(number(NOW), octets(NONCE), number(1))))),
            wrong,
        ),
        "lower-case letters": (GOOD.lower(), wrong),
        "another prefix": (GOOD.replace("FH1:", "FH2:"), wrong),
        "a letter outside the alphabet": (GOOD[:-1] + "!", wrong),
        "a group above its bytes": ("FH1:" + ":::" + GOOD[7:], wrong),
        "nothing": ("FH1:", wrong),
    }


def _batches() -> list[dict[str, Any]]:
    sales = [(1, NOW * 1000, 200, GOOD), (2, (NOW + 65) * 1000 + 250, 350, GOOD)]
    first = _batch(1, "0" * 64, sales)
    return [first, _batch(2, first["digest"], [(3, (NOW + 99) * 1000, 1, GOOD)])]


def _batch(batch_number: int, previous: str, sales: list[tuple[int, int, int, str]]) -> dict[str, Any]:
    ended = (NOW + 600) * 1000
    rows = [f"{counter} {at} {fen} {code}" for counter, at, fen, code in sales]
    text = "".join(f"{line}\n" for line in ("fuhai-offline-batch-v1", batch_number, previous, ended, *rows))
    return {
        "batch_number": batch_number,
        "previous_digest": previous,
        "sales": [
            {"counter": counter, "sold_at_milliseconds": at, "amount_fen": fen, "payer_code": code}
            for counter, at, fen, code in sales
        ],
        "ended_at_milliseconds": ended,
        "digest": hashlib.sha256(text.encode()).hexdigest(),
    }


def _public(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    secret = key.private_numbers().private_value.to_bytes(32)
    return {"kid": kid(key).hex(), "spki": spki(key).hex(), "secret": secret.hex()}


def document() -> str:
    """The file's content."""
    told = {
        "about": ABOUT,
        "issuer": _public(ISSUER),
        "device": _public(DEVICE),
        "good": {
            "account": ACCOUNT.hex(),
            "listed_as": hashlib.sha256(ACCOUNT).digest()[:8].hex(),
            "device_key": point(DEVICE).hex(),
            "not_before": NOW - 3600,
            "valid_minutes": 1440,
            "payment_max_fen": 20_000,
            "sum_max_fen": 50_000,
            "token_at": NOW,
            "nonce": NONCE.hex(),
            "certificate": CERTIFICATE.hex(),
            "token": token(CERTIFICATE).hex(),
        },
        "codes": [{"name": name, "code": text, "expect": expect} for name, (text, expect) in _codes().items()],
        "batches": _batches(),
    }
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
