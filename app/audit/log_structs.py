"""What anyone may see of the sealed log."""

from datetime import datetime

from app.kernel.structs import View


class CheckpointView(View, frozen=True):
    """A checkpoint: the log's size and root (hexadecimal) at a moment.

    `note` is what was signed, with its signature; `timestamp` a token over the note (RFC 3161, DER in base64).
    """

    number: int
    at: datetime
    size: int
    root: str
    note: str
    timestamp: bytes


class ConsistencyView(View, frozen=True):
    """Hashes (hexadecimal) that show that the log at one size continues the log at a smaller one (RFC 6962, 2.1.2)."""

    old_size: int
    new_size: int
    hashes: list[str]


class LogKeyView(View, frozen=True):
    """What checkpoints are checked with: the log's name, its public key, certificate and the authorities above (PEM)."""

    origin: str
    algorithm: str
    key_id: str
    public_key: str
    certificate: str
    chain: str
