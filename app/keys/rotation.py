"""Rotating the master key: a new version seals from now on, a job seals everything anew, and the old version is destroyed.

What lies under the master key is registered: columns by `register_sealed`, folders of signing keys by `register_keys`. The job
goes through each column by (shard, id) in small batches and notes how far it came; a value that somebody else wrote meanwhile is
left as they wrote it. Payer codes and one-time codes aren't sealed anew, since they end by themselves.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
import structlog

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.jobs import enqueue
from app.keys import master as master_file
from app.keys.fields import open_field, seal_field
from app.keys.master import VersionNeeded, master_key
from app.keys.persons import KeyColumn, unwrap_key, wrap_key
from app.keys.provider import FileKeys
from app.keys.sealing import SealBroken, header_of

RESEAL: Final = "keys.reseal"
BATCH: Final = 500
TRANSIENT: Final = timedelta(hours=1)
"""What is sealed without being kept (payer codes, one-time codes) has ended after this."""
_log = structlog.get_logger()
_KEEPER: Final = System("keys")
_START: Final = (-1, UUID(int=0))
_FIND_PROGRESS: Final = "SELECT last_shard, last_id, finished_at FROM key_rotation WHERE version = $1 AND place = $2"
_NOTE_PROGRESS: Final = """
INSERT INTO key_rotation (version, place, last_shard, last_id, resealed, finished_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (version, place) DO UPDATE SET last_shard = excluded.last_shard, last_id = excluded.last_id,
resealed = key_rotation.resealed + excluded.resealed, finished_at = excluded.finished_at
"""


class SealedColumn(msgspec.Struct, frozen=True):
    """A column sealed under the master key; rows of a reference table have no shard."""

    table: str
    column: str
    owned: bool = True

    @property
    def place(self) -> str:
        """How progress names it."""
        return f"{self.table}.{self.column}"


class Reseal(msgspec.Struct, frozen=True):
    """The job of sealing everything anew under a version, if it is the newest still."""

    version: int


class Needed(msgspec.Struct, frozen=True):
    """How many values of one place aren't under the newest version, by version; a folder of key files counts once."""

    place: str
    by_version: dict[int, int]


_columns: Final[list[SealedColumn]] = []
_keys: Final[dict[Path, FileKeys]] = {}


def register_sealed(*columns: SealedColumn) -> None:
    """Make sealed columns known; called from wiring, and again without harm."""
    _columns.extend(column for column in columns if column not in _columns)


def register_keys(*folders: Path) -> None:
    """Make folders of signing keys known; called from wiring, and again without harm."""
    _keys.update({folder: FileKeys(folder, master_key()) for folder in folders if folder not in _keys})


def sealed_columns() -> Sequence[SealedColumn]:
    """Every column under the master key."""
    return tuple(_columns)


async def rotate(folder: Path) -> int:
    """Add a version to the master key's file in a folder and have everything sealed anew; gives the version."""
    version = master_file.add_version(folder).newest
    async with transaction(_KEEPER):
        await _order(version)
    return version


async def reseal_newest() -> None:
    """Have sealed anew what still lies under an older version; run daily, for what came late."""
    if any(place.by_version for place in await needed()):
        async with transaction(_KEEPER):
            await execute("DELETE FROM key_rotation WHERE version = $1", master_key().newest)
            await _order(master_key().newest)


async def reseal(order: Reseal) -> None:
    """Seal everything anew under a version, from where an earlier try came; a newer version's job takes over from an older one's."""
    for keys in _keys.values():
        await asyncio.to_thread(keys.reseal)
    for column in _columns:
        while order.version == master_key().newest and await _reseal_batch(column, order.version):
            pass


async def retire(folder: Path, version: int) -> None:
    """Destroy an older version for good; refuses (`VersionNeeded`) while anything may still need it."""
    added_at = master_file.read_or_make(folder).added_at.get(master_key().newest)
    if added_at is not None and clock.now() - added_at < TRANSIENT:
        message = f"codes sealed before the newest version was added may live until {added_at + TRANSIENT:%H:%M}"
        raise VersionNeeded(message)
    held = {place.place: count for place in await needed() if (count := place.by_version.get(version))}
    if held:
        message = ", ".join(f"{place} ({count})" for place, count in sorted(held.items()))
        raise VersionNeeded(f"version {version} is still needed by {message}")
    master_file.retire_version(folder, version)


async def needed() -> list[Needed]:
    """What isn't under the newest version, by place."""
    newest = master_key().newest
    found = []
    async with transaction(_KEEPER):
        for column in _columns:
            rows = await fetch_all(
                f"SELECT substring({column.column} FROM 1 FOR 5) AS header, count(*) AS count FROM {column.table} "
                f"WHERE {column.column} IS NOT NULL AND substring({column.column} FROM 1 FOR 5) <> $1 GROUP BY 1",
                header_of(newest),
            )
            found.append(Needed(column.place, {int.from_bytes(row["header"][1:]): row["count"] for row in rows}))
    for folder, keys in _keys.items():
        stale = [version for version in keys.versions() if version != newest]
        found.append(Needed(str(folder.name), dict.fromkeys(stale, 1)))
    return found


async def progress() -> dict[str, int]:
    """How many values of each place were sealed anew under the newest version."""
    async with transaction(_KEEPER):
        rows = await fetch_all("SELECT place, resealed FROM key_rotation WHERE version = $1", master_key().newest)
    return {row["place"]: row["resealed"] for row in rows}


async def _order(version: int) -> None:
    await enqueue(RESEAL, Reseal(version), once=f"{RESEAL}:{version}")


async def _reseal_batch(column: SealedColumn, version: int) -> bool:
    """Seal one batch anew and note how far that came; says False once the column is done."""
    async with transaction(_KEEPER):
        noted = await fetch_one(_FIND_PROGRESS, version, column.place)
        if noted is not None and noted["finished_at"] is not None:
            return False
        after = (noted["last_shard"], noted["last_id"]) if noted is not None else _START
        rows = await _next(column, version, after)
        changed = sum([await _reseal_one(column, row) for row in rows])
        shard, row_id = (rows[-1]["shard"], rows[-1]["id"]) if rows else after
        finished_at = None if len(rows) == BATCH else clock.now()
        await execute(_NOTE_PROGRESS, version, column.place, shard, row_id, changed, finished_at)
    return finished_at is None


async def _next(column: SealedColumn, version: int, after: tuple[int, UUID]) -> list[Row]:
    shard = "shard" if column.owned else "0"
    return await fetch_all(
        f"SELECT {shard} AS shard, id, {column.column} AS sealed FROM {column.table} "
        f"WHERE ({shard}, id) > ($1, $2) AND substring({column.column} FROM 1 FOR 5) <> $3 "
        f"ORDER BY {'shard, ' if column.owned else ''}id LIMIT $4",
        *(*after, header_of(version), BATCH),
    )


async def _reseal_one(column: SealedColumn, row: Row) -> bool:
    """Replace one value, unless it was replaced meanwhile. One that doesn't open is left, and keeps its version from being retired."""
    try:
        anew = _anew(column, row["id"], row["sealed"])
    except SealBroken:
        _log.warning("sealed_value_broken", name=column.place, id=str(row["id"]))
        return False
    where = "shard = $3 AND id = $4" if column.owned else "$3 = 0 AND id = $4"
    return bool(
        await fetch_value(
            f"UPDATE {column.table} SET {column.column} = $1 WHERE {where} AND {column.column} = $2 RETURNING true",
            *(anew, row["sealed"], row["shard"], row["id"]),
        )
    )


def _anew(column: SealedColumn, row_id: UUID, sealed: bytes) -> bytes:
    if column.table == "person_key":
        which: KeyColumn = "retained_key" if column.column == "retained_key" else "wrapped_key"
        return wrap_key(row_id, unwrap_key(row_id, sealed, which), which)
    return seal_field(column.table, column.column, row_id, open_field(column.table, column.column, row_id, sealed))
