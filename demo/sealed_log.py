"""A citizen's own entries of the sealed log, proved by hashing alone: RFC 6962's tree, as docs/sealed-log.md says.

What isn't done here, and `fuhai check log` does, is to check the time-stamps and the daily map of everybody's newest entry.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from demo.certificates import DOCUMENT_SIGNING, Trust, is_signed, public_key
from demo.report import require

_KEY_ID_BYTES: Final = 4
_NOTHING_BEFORE: Final = "0" * 64


@dataclass(frozen=True)
class Checkpoint:
    """How many entries a tree has, and its root, as its log signed them."""

    size: int
    root: bytes


def read_note(note: str, certificate_pem: str, trust: Trust) -> Checkpoint:
    """What a note says, once its signature holds by a certificate that leads to the root and bears the log's name."""
    text, _, signature = note.partition("\n\n")
    origin, size, root = text.split("\n")
    dash, signer, signed = signature.rstrip("\n").split(" ")
    certificate = x509.load_pem_x509_certificate(certificate_pem.encode())
    require(trust.check(certificate, DOCUMENT_SIGNING) == origin == signer, "the note isn't by the log that it names")
    raw = base64.b64decode(signed, validate=True)
    spki = public_key(certificate).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    named = raw[:_KEY_ID_BYTES] == _hash(spki)[:_KEY_ID_BYTES]
    holds = is_signed(certificate, raw[_KEY_ID_BYTES:], f"{text}\n".encode())
    require(dash == "—" and named and holds, "the note's signature doesn't hold")
    return Checkpoint(int(size), base64.b64decode(root, validate=True))


def check_entries(items: list[dict[str, Any]], person: str, tree: Checkpoint) -> list[dict[str, Any]]:
    """What a person's entries say, once each is in the tree, is about them, and follows the one before without a gap."""
    said, previous = [], _NOTHING_BEFORE
    for number, item in enumerate(items, 1):
        one: dict[str, Any] = json.loads(item["statement"])
        leaf = _hash(b"\0" + _hash(bytes.fromhex(item["salt"]) + item["statement"].encode()))
        path = [bytes.fromhex(step) for step in item["path"]]
        require(_root(leaf, item["number"], tree.size, path) == tree.root, f"entry {number} isn't in the log")
        follows = (one["about"], one["person_number"], one["person_previous"]) == (person, number, previous)
        require(follows, f"entry {number} doesn't follow the one before it")
        said.append(one)
        previous = leaf.hex()
    return said


def _root(leaf: bytes, number: int, size: int, path: list[bytes]) -> bytes:
    """The root over a leaf by its path (RFC 9162, 2.1.3.2)."""
    place, last, root = number, size - 1, leaf
    for step in path:
        require(last > 0, "a path is too long")
        if place % 2 or place == last:
            root = _hash(b"\1" + step + root)
            while place and not place % 2:
                place, last = place // 2, last // 2
        else:
            root = _hash(b"\1" + root + step)
        place, last = place // 2, last // 2
    require(last == 0 and 0 <= number < size, "a path is too short")
    return root


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
