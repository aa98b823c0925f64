"""A program that keeps P-256 keys in its own memory and signs for whoever holds its pipe: one JSON line asks, one answers.

It stands for a module of hardware: the asking process never sees a private key.
"""

import base64
import json
import sys

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class Memory:
    """Keys by name."""

    def __init__(self) -> None:
        self._keys: dict[str, ec.EllipticCurvePrivateKey] = {}

    def make(self, name: str) -> bool:
        """Make a key unless there is one."""
        if name in self._keys:
            return False
        self._keys[name] = ec.generate_private_key(ec.SECP256R1())
        return True

    def public(self, name: str) -> bytes | None:
        """The public half (SubjectPublicKeyInfo), if there is such a key."""
        key = self._keys.get(name)
        return None if key is None else key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, name: str, digest: bytes) -> bytes | None:
        """Sign 32 bytes of SHA-256; gives raw `r || s`."""
        key = self._keys.get(name)
        if key is None:
            return None
        r, s = decode_dss_signature(key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256()))))
        return r.to_bytes(32) + s.to_bytes(32)


def main() -> None:
    """Answer until the pipe is closed."""
    memory = Memory()
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["act"] == "make":
            answer: bytes | None = b"" if memory.make(asked["name"]) else None
        elif asked["act"] == "public":
            answer = memory.public(asked["name"])
        else:
            answer = memory.sign(asked["name"], base64.b64decode(asked["digest"]))
        print(json.dumps(None if answer is None else base64.b64encode(answer).decode()), flush=True)


if __name__ == "__main__":
    main()
