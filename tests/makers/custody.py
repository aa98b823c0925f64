"""Another custody of keys than files: another process keeps them, and answers over a pipe."""

import base64
import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.identity import tokens
from app.keys.algorithms import ES256
from app.keys.master import MasterKey
from app.keys.provider import KeyExists, KeyMissing, KeyProvider, PublicKey, Signature, use_custody
from app.pki import authorities

KEEPER = (sys.executable, str(Path(__file__).with_name("key_keeper.py")))


class Keeper:
    """The other process."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment and dict(environment)
        )
        self._turn = threading.Lock()

    def ask(self, act: str, name: str, digest: bytes = b"") -> bytes | None:
        """What the keeper answers, or nothing."""
        asked = json.dumps({"act": act, "name": name, "digest": base64.b64encode(digest).decode()})
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        with self._turn:
            stdin.write(asked + "\n")
            stdin.flush()
            answer = json.loads(stdout.readline())
        return None if answer is None else base64.b64decode(answer)

    def stop(self) -> None:
        """Close the pipe; its keys are gone."""
        self._process.communicate(timeout=10)


class KeptKeys:
    """The keys of one folder, in a keeper's hands; it has the four methods of a `KeyProvider` and nothing else."""

    def __init__(self, keeper: Keeper, folder: Path) -> None:
        self._keeper = keeper
        self._folder = folder

    def make_key(self, key_id: str) -> PublicKey:
        """Make a key; refuses (`KeyExists`) an id that is taken."""
        if self._keeper.ask("make", self._name(key_id)) is None:
            raise KeyExists(key_id)
        return self.public_key(key_id)

    def public_key(self, key_id: str) -> PublicKey:
        """Give the public half; refuses (`KeyMissing`) an unknown id."""
        return PublicKey(ES256, self._asked("public", key_id))

    def sign(self, key_id: str, data: bytes) -> Signature:
        """Sign data; refuses (`KeyMissing`) an unknown id."""
        return self.sign_digest(key_id, hashlib.sha256(data).digest())

    def sign_digest(self, key_id: str, digest: bytes) -> Signature:
        """Sign 32 bytes of SHA-256; refuses (`KeyMissing`) an unknown id."""
        return Signature(ES256, self._asked("sign", key_id, digest))

    def _asked(self, act: str, key_id: str, digest: bytes = b"") -> bytes:
        answer = self._keeper.ask(act, self._name(key_id), digest)
        if answer is None:
            raise KeyMissing(key_id)
        return answer

    def _name(self, key_id: str) -> str:
        return f"{self._folder}/{key_id}"


@contextmanager
def kept_elsewhere(command: Sequence[str] = KEEPER, environment: Mapping[str, str] | None = None) -> Iterator[None]:
    """Have another process keep every signing key meanwhile."""
    keeper = Keeper(command, environment)

    def custody(folder: Path, master: MasterKey) -> KeyProvider:
        return KeptKeys(keeper, folder)

    before = use_custody(custody)
    _forget()
    try:
        yield
    finally:
        use_custody(before)
        _forget()
        keeper.stop()


def _forget() -> None:
    """Have keys that this process read already be read again."""
    authorities._machine.clear()
    tokens._keys.cache_clear()
    tokens._public_key.cache_clear()
