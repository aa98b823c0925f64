"""Reading what anyone may see of the log."""

import base64
from textwrap import wrap
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from app.audit import checkpoints
from app.audit.errors import NoCheckpointYet, SizeNotPublished
from app.audit.log_structs import CheckpointView, ConsistencyView, LogKeyView
from app.audit.proofs import consistency_proof
from app.audit.signed_notes import ALGORITHM, key_id_of
from app.kernel.actors import Anonymous
from app.kernel.database import Row, transaction
from app.kernel.paging import Page, decode_cursor, page

ANYONE: Final = Anonymous()


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a page of checkpoints ends."""

    number: Annotated[int, Meta(ge=1, le=2**62)]


async def newest_checkpoint() -> CheckpointView:
    """The newest checkpoint; refuses `NoCheckpointYet`."""
    async with transaction(ANYONE):
        return _view(await required_checkpoint())


async def required_checkpoint() -> Row:
    """The newest checkpoint's row in the (system) transaction in progress; refuses `NoCheckpointYet`."""
    newest = await checkpoints.newest_checkpoint()
    if newest is None:
        raise NoCheckpointYet
    return newest


async def list_checkpoints(cursor: str | None, limit: int) -> Page[CheckpointView]:
    """Checkpoints, newest first."""
    after = decode_cursor(cursor, Place).number if cursor else None
    async with transaction(ANYONE):
        rows = await checkpoints.checkpoints_before(after, limit + 1)
    last = Place(rows[limit - 1]["number"]) if len(rows) > limit else None
    return page([_view(row) for row in rows], limit, last)


async def consistency(old: int, new: int) -> ConsistencyView:
    """The proof that the log at one size continues it at a smaller one; refuses sizes beyond the newest checkpoint."""
    async with transaction(ANYONE):
        newest = await required_checkpoint()
        if not 0 < old <= new <= newest["size"]:
            raise SizeNotPublished(size=newest["size"])
        hashes = await consistency_proof(old, new)
    return ConsistencyView(old_size=old, new_size=new, hashes=[one.hex() for one in hashes])


def log_key() -> LogKeyView:
    """What checkpoints are checked with."""
    seal = checkpoints.log_seal()
    lines = "\n".join(wrap(base64.b64encode(seal.public_key).decode(), 64))
    return LogKeyView(
        origin=seal.origin,
        algorithm=ALGORITHM,
        key_id=key_id_of(seal.public_key).hex(),
        public_key=f"-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----\n",
        certificate=seal.certificate,
        chain=seal.chain,
    )


def _view(row: Row) -> CheckpointView:
    return CheckpointView(
        number=row["number"],
        at=row["at"],
        size=row["size"],
        root=row["root"].hex(),
        note=row["note"],
        timestamp=row["timestamp"],
    )
