"""Checkpoints: what the log is at a moment, signed by a key of its own and time-stamped, for anyone to keep."""

from datetime import timedelta
from typing import Final, Protocol

from app.audit import sequencing
from app.audit.merkle import Range
from app.audit.proofs import read_tiles
from app.audit.signed_notes import Checkpoint, signed_note
from app.audit.tiles import range_root
from app.kernel import clock
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction

EVERY: Final = timedelta(minutes=1)
STILL: Final = timedelta(hours=1)
"""A log to which nothing was added is signed again only so often."""
_NEWEST: Final = "SELECT * FROM log_checkpoint ORDER BY number DESC LIMIT 1"


class LogSeal(Protocol):
    """What signs and time-stamps checkpoints; the certificates' room has one, and wiring hands it in."""

    @property
    def origin(self) -> str:
        """The log's name, as its notes carry it."""
        ...

    @property
    def public_key(self) -> bytes:
        """The public key (DER, SubjectPublicKeyInfo), P-256."""
        ...

    @property
    def certificate(self) -> str:
        """The key's certificate, PEM."""
        ...

    @property
    def chain(self) -> str:
        """The authorities above it, PEM, root last."""
        ...

    def sign(self, text: bytes) -> bytes:
        """Sign a checkpoint's text: ECDSA on P-256 with SHA-256, DER."""
        ...

    def stamp(self, text: bytes) -> bytes:
        """Have a text time-stamped: a token over its SHA-256 (RFC 3161), DER."""
        ...


_seals: list[LogSeal] = []


def use_log_seal(seal: LogSeal) -> None:
    """Set what signs checkpoints; called from wiring."""
    _seals[:] = [seal]


def log_seal() -> LogSeal:
    """What signs checkpoints."""
    return _seals[0]


async def publish_checkpoint(*, at_once: bool = False) -> bool:
    """Publish a checkpoint when the newest is a minute old and the log has grown, or at once; says whether it did."""
    async with transaction(sequencing.SEQUENCER):
        log = await sequencing.hold_log()
        newest = await fetch_one(_NEWEST)
        if log is None or not log.edge.size or not (at_once or _is_due(newest, log.edge.size)):
            return False
        whole: Range = (0, log.edge.size)
        root = range_root(whole, await read_tiles([whole]))
        note = _signed(Checkpoint(log_seal().origin, log.edge.size, root))
        await execute(
            "INSERT INTO log_checkpoint (number, at, size, root, note, timestamp) VALUES ($1, $2, $3, $4, $5, $6)",
            *((newest["number"] if newest else 0) + 1, clock.now(), log.edge.size, root, note),
            log_seal().stamp(note.encode()),
        )
    return True


def _is_due(newest: Row | None, size: int) -> bool:
    if newest is None:
        return True
    age = clock.now() - newest["at"]
    return bool(age >= EVERY and (newest["size"] != size or age >= STILL))


def _signed(checkpoint: Checkpoint) -> str:
    return signed_note(checkpoint, log_seal().public_key, log_seal().sign(checkpoint.text))


async def newest_checkpoint() -> Row | None:
    """The newest checkpoint's row, if there is one, in the (system) transaction in progress."""
    return await fetch_one(_NEWEST)


async def checkpoints_before(number: int | None, limit: int) -> list[Row]:
    """Checkpoints newest first, before a number if one is given, in the (system) transaction in progress."""
    return await fetch_all(
        "SELECT * FROM log_checkpoint WHERE $1::int8 IS NULL OR number < $1 ORDER BY number DESC LIMIT $2",
        number,
        limit,
    )
