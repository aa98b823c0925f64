"""Checkpoints as signed notes (C2SP tlog-checkpoint and signed-note): origin, size and root of the tree, and who says so.

The text is three lines, each ended: the origin, the size in decimal, the root in base64. A signature line follows after an
empty one: `— origin base64(key id ‖ signature)`; the key id is the first four bytes of SHA-256 of the public key (DER,
SubjectPublicKeyInfo), the signature ECDSA on P-256 with SHA-256, in DER, over the text. Pure.
"""

import base64
import binascii
import hashlib
import re
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ALGORITHM: Final = "ES256"
_ECDSA: Final = ec.ECDSA(hashes.SHA256())
_KEY_ID_BYTES: Final = 4
_NOTE: Final = re.compile(
    r"\A(?P<text>(?P<origin>[\x21-\x7e]{1,200})\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[A-Za-z0-9+/]{43}=)\n)"
    r"\n\u2014 (?P<name>[\x21-\x7e]{1,200}) (?P<signature>[A-Za-z0-9+/]{8,400}={0,2})\n\Z"
)


class NoteWrong(ValueError):  # noqa: N818 - a refusal is named as a fact
    """It isn't a checkpoint's note, or its signature isn't that key's; the message says which."""


class Checkpoint(msgspec.Struct, frozen=True):
    """What a note says: whose tree, how many entries, and its root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> bytes:
        """The bytes that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n".encode()


def signed_note(checkpoint: Checkpoint, public_key: bytes, signature: bytes) -> str:
    """The note with its signature line; the public key is DER."""
    signed = base64.b64encode(key_id_of(public_key) + signature).decode()
    return f"{checkpoint.text.decode()}\n\u2014 {checkpoint.origin} {signed}\n"


def key_id_of(public_key: bytes) -> bytes:
    """The four bytes by which notes name a public key (DER)."""
    return hashlib.sha256(public_key).digest()[:_KEY_ID_BYTES]


def read_note(note: str) -> Checkpoint:
    """What a note says, its signature not looked at; refuses `NoteWrong`."""
    found = _NOTE.match(note)
    if found is None or found["name"] != found["origin"]:
        raise NoteWrong("it isn't written as a checkpoint is")
    return Checkpoint(found["origin"], int(found["size"]), base64.b64decode(found["root"]))


def verified_note(note: str, key: ec.EllipticCurvePublicKey) -> Checkpoint:
    """What a note says that a key signed; refuses `NoteWrong`."""
    checkpoint, found = read_note(note), _NOTE.match(note)
    try:
        signed = base64.b64decode(found["signature"], validate=True) if found else b""
    except binascii.Error as error:
        raise NoteWrong("its signature can't be read") from error
    if signed[:_KEY_ID_BYTES] != key_id_of(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)):
        raise NoteWrong("another key signed it")
    try:
        key.verify(signed[_KEY_ID_BYTES:], checkpoint.text, _ECDSA)
    except InvalidSignature as error:
        raise NoteWrong("its signature doesn't hold") from error
    return checkpoint
