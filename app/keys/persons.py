"""One data key per person, so that erasing a person is destroying a key.

The 32-byte key is sealed under the master key and kept in the person's shard. What is sealed for a person names the
version of *their* key. Once the key is destroyed nothing sealed under it can be opened by anybody, in any backup of the
data without the backup of the key. The wrapping is pure; the rest works inside the caller's transaction.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.database import execute, fetch_all, fetch_one
from app.kernel.errors import NotFound
from app.kernel.ids import shard_of
from app.kernel.words import Words
from app.keys.fields import place_of
from app.keys.master import MasterKey, master_key
from app.keys.sealing import new_key, seal, unseal

_WRAPPING: Final = "person-keys"
_FIRST: Final = 1

_FIND: Final = "SELECT wrapped_key, version, destroyed_at FROM person_key WHERE shard = $1 AND id = $2"
_INSERT: Final = """
INSERT INTO person_key (shard, id, wrapped_key, version, made_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (shard, id) DO NOTHING
"""
_FIND_MANY: Final = """
SELECT k.id, k.wrapped_key, k.version, k.destroyed_at FROM unnest($1::int4[], $2::uuid[]) AS wanted (shard, id)
JOIN person_key k ON k.shard = wanted.shard AND k.id = wanted.id
"""
_INSERT_MANY: Final = """
INSERT INTO person_key (shard, id, wrapped_key, version, made_at)
SELECT shard, id, wrapped_key, $4, $5 FROM unnest($1::int4[], $2::uuid[], $3::bytea[]) AS made (shard, id, wrapped_key)
ON CONFLICT (shard, id) DO NOTHING
"""
_DESTROY: Final = """
UPDATE person_key SET wrapped_key = NULL, destroyed_at = $3 WHERE shard = $1 AND id = $2 AND destroyed_at IS NULL
"""


class PersonErased(NotFound):
    """The person's data can't be opened any more: their key was destroyed."""

    code = "person_erased"
    title = Words(zh="该个人信息已被删除。", en="This person's data were erased.")


class DataKey(msgspec.Struct, frozen=True):
    """A person's key, unwrapped; it lives no longer than the work at hand."""

    key: bytes
    version: int

    def seal(self, place: bytes, value: bytes) -> bytes:
        """Seal a value for one place."""
        return seal(self.key, self.version, place, value)

    def open(self, place: bytes, sealed: bytes) -> bytes:
        """Open a sealed value; refuses (`SealBroken`) what belongs to another place, person or version."""
        return unseal(lambda version: self.key if version == self.version else None, place, sealed)


def wrap_key(citizen_id: UUID, key: bytes, *, master: MasterKey | None = None) -> bytes:
    """Seal a person's key under the newest version of the master key, for this person only."""
    master = master or master_key()
    return seal(master.newest_key(_WRAPPING), master.newest, _place(citizen_id), key)


def unwrap_key(citizen_id: UUID, wrapped: bytes, *, master: MasterKey | None = None) -> bytes:
    """Open a person's sealed key; refuses (`SealBroken`) another person's."""
    versions = master or master_key()
    return unseal(lambda version: versions.derived(_WRAPPING, version), _place(citizen_id), wrapped)


async def person_key(citizen_id: UUID) -> DataKey:
    """Give a person's key, made on first use in the present transaction; refuses `PersonErased`.

    A citizen gets only their own key and their wards'.
    """
    shard = shard_of(citizen_id)
    row = await fetch_one(_FIND, shard, citizen_id)
    if row is None:
        await execute(_INSERT, shard, citizen_id, wrap_key(citizen_id, new_key()), _FIRST, clock.now())
        row = await fetch_one(_FIND, shard, citizen_id)
    if row is None or row["destroyed_at"] is not None:
        raise PersonErased
    return DataKey(unwrap_key(citizen_id, row["wrapped_key"]), row["version"])


async def person_keys(citizen_ids: Sequence[UUID]) -> dict[UUID, DataKey]:
    """Give many persons' keys at once (only `System` may), made where there are none; who is erased is left out."""
    shards = [shard_of(citizen_id) for citizen_id in citizen_ids]
    rows = await fetch_all(_FIND_MANY, shards, citizen_ids)
    missing = sorted(set(citizen_ids) - {row["id"] for row in rows})
    if missing:
        wrapped = [wrap_key(citizen_id, new_key()) for citizen_id in missing]
        await execute(
            _INSERT_MANY, [shard_of(citizen_id) for citizen_id in missing], missing, wrapped, _FIRST, clock.now()
        )
        rows = await fetch_all(_FIND_MANY, shards, citizen_ids)
    return {
        row["id"]: DataKey(unwrap_key(row["id"], row["wrapped_key"]), row["version"])
        for row in rows
        if row["destroyed_at"] is None
    }


async def seal_for_person(citizen_id: UUID, table: str, column: str, row_id: UUID, value: bytes) -> bytes:
    """Seal a column's value for its row under the person's key; refuses `PersonErased`."""
    return (await person_key(citizen_id)).seal(place_of(table, column, row_id), value)


async def open_for_person(citizen_id: UUID, table: str, column: str, row_id: UUID, sealed: bytes) -> bytes:
    """Open a value sealed for a person; refuses `PersonErased`, and `SealBroken` for one from another place."""
    return (await person_key(citizen_id)).open(place_of(table, column, row_id), sealed)


async def destroy_person_key(citizen_id: UUID) -> bool:
    """Destroy a person's key for good (only `System` may); says False if there was none left to destroy.

    A person who never had one gets a destroyed one, so that none is made later.
    """
    shard = shard_of(citizen_id)
    await execute(_INSERT, shard, citizen_id, wrap_key(citizen_id, new_key()), _FIRST, clock.now())
    return await execute(_DESTROY, shard, citizen_id, clock.now()) == 1


def _place(citizen_id: UUID) -> bytes:
    return place_of("person_key", "wrapped_key", citizen_id)
