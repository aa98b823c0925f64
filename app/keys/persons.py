"""Two data keys per person, so that erasing a person is destroying a key.

What is sealed for a person names the version of *their* key. Once their own key is destroyed, nothing sealed under it can be opened
by anybody, in any backup of the data without the backup of the key. What a law retains (`retain`) is sealed under a second key,
which outlives the first until the law's term ends; after an erasure it opens for the retention's purpose only. Both are sealed
under the master key and kept in the person's shard. The wrapping is pure; the rest works inside the caller's transaction.
"""

import hashlib
from collections.abc import Collection, Sequence
from datetime import date
from typing import Final, Literal
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.database import execute, fetch_all, fetch_one, fetch_value
from app.kernel.errors import NotFound
from app.kernel.ids import shard_of
from app.kernel.words import Words
from app.keys.fields import place_of
from app.keys.master import MasterKey, master_key
from app.keys.sealing import new_key, seal, unseal

KeyColumn = Literal["wrapped_key", "retained_key"]
_WRAPPING: Final = "person-keys"
_FIRST: Final = 1
_RETAINED: Final = 1_000_000
"""The version that values under the retention's key name; a person's own key never gets there."""

_FIND: Final = "SELECT wrapped_key, retained_key, version, destroyed_at FROM person_key WHERE shard = $1 AND id = $2"
_INSERT: Final = """
INSERT INTO person_key (shard, id, wrapped_key, retained_key, version, made_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (shard, id) DO NOTHING
"""
_FIND_MANY: Final = """
SELECT k.id, k.wrapped_key, k.version, k.destroyed_at FROM unnest($1::int4[], $2::uuid[]) AS wanted (shard, id)
JOIN person_key k ON k.shard = wanted.shard AND k.id = wanted.id
"""
_INSERT_MANY: Final = """
INSERT INTO person_key (shard, id, wrapped_key, retained_key, version, made_at)
SELECT shard, id, own, retained, $5, $6 FROM unnest($1::int4[], $2::uuid[], $3::bytea[], $4::bytea[]) AS made (shard, id, own, retained)
ON CONFLICT (shard, id) DO NOTHING
"""
_DESTROY: Final = """
UPDATE person_key SET wrapped_key = NULL, destroyed_at = $3, retained_until = $4,
retained_key = CASE WHEN $4::date IS NULL THEN NULL ELSE retained_key END
WHERE shard = $1 AND id = $2 AND destroyed_at IS NULL
"""
_retained_tables: Final[set[str]] = set()


class PersonErased(NotFound):
    """The person's data can't be opened any more: their key was destroyed."""

    code = "person_erased"
    title = Words(zh="该个人信息已被删除。", en="This person's data were erased.")


class DataKey(msgspec.Struct, frozen=True):
    """A person's keys, unwrapped; they live no longer than the work at hand. Who is erased has the retention's only."""

    key: bytes | None
    version: int
    retained: bytes | None = None

    @property
    def own(self) -> bytes:
        """The person's own key; refuses (`PersonErased`) where only the retention's is left."""
        if self.key is None:
            raise PersonErased
        return self.key

    def seal(self, place: bytes, value: bytes) -> bytes:
        """Seal a value for one place, under the retention's key if a law retains its table."""
        table = place.partition(b"\0")[0].decode()
        if table in _retained_tables and self.retained is not None:
            return seal(self.retained, _RETAINED, place, value)
        return seal(self.own, self.version, place, value)

    def open(self, place: bytes, sealed: bytes) -> bytes:
        """Open a sealed value; refuses (`SealBroken`) what belongs to another place, person or version."""
        return unseal({self.version: self.key, _RETAINED: self.retained}.get, place, sealed)

    @property
    def fingerprint(self) -> str:
        """What a certificate of erasure names the key by: its SHA-256, from which it can't be found."""
        return hashlib.sha256(b"fuhai/person-key\0" + (self.key or b"")).hexdigest()


def retain(*tables: str) -> None:
    """Have what is sealed for these tables outlive an erasure, since a law retains it; called from wiring."""
    _retained_tables.update(tables)


def wrap_key(
    citizen_id: UUID, key: bytes, column: KeyColumn = "wrapped_key", *, master: MasterKey | None = None
) -> bytes:
    """Seal a person's key under the newest version of the master key, for this person and column only."""
    master = master or master_key()
    version, wrapping = master.sealing(_WRAPPING)
    return seal(wrapping, version, _place(citizen_id, column), key)


def unwrap_key(
    citizen_id: UUID, wrapped: bytes, column: KeyColumn = "wrapped_key", *, master: MasterKey | None = None
) -> bytes:
    """Open a person's sealed key; refuses (`SealBroken`) another person's."""
    versions = master or master_key()
    return unseal(lambda version: versions.derived(_WRAPPING, version), _place(citizen_id, column), wrapped)


async def person_key(citizen_id: UUID) -> DataKey:
    """Give a person's keys, made on first use in the present transaction; refuses `PersonErased`.

    A citizen gets only their own keys and their wards'.
    """
    key = await key_unless_erased(citizen_id)
    if key is None:
        raise PersonErased
    return key


async def keys_unless_erased(citizen_ids: Collection[UUID]) -> dict[UUID, DataKey]:
    """Give the keys of some people for a list of what is theirs; who is erased is left out, and hides nobody else's."""
    found = {citizen_id: await key_unless_erased(citizen_id) for citizen_id in citizen_ids}
    return {citizen_id: key for citizen_id, key in found.items() if key is not None}


async def key_unless_erased(citizen_id: UUID) -> DataKey | None:
    """Give a person's keys as `person_key` does; nothing where the person is erased."""
    shard = shard_of(citizen_id)
    row = await fetch_one(_FIND, shard, citizen_id)
    if row is None:
        await _make(citizen_id)
        row = await fetch_one(_FIND, shard, citizen_id)
    if row is None or row["destroyed_at"] is not None:
        return None
    kept = row["retained_key"]
    return DataKey(
        unwrap_key(citizen_id, row["wrapped_key"]),
        row["version"],
        None if kept is None else unwrap_key(citizen_id, kept, "retained_key"),
    )


async def person_keys(citizen_ids: Sequence[UUID]) -> dict[UUID, DataKey]:
    """Give many persons' own keys at once (only `System` may), made where there are none; who is erased is left out.

    The retention's keys aren't among them: what a law retains is sealed and opened by `person_key`.
    """
    shards = [shard_of(citizen_id) for citizen_id in citizen_ids]
    rows = await fetch_all(_FIND_MANY, shards, citizen_ids)
    missing = sorted(set(citizen_ids) - {row["id"] for row in rows})
    if missing:
        own = [wrap_key(citizen_id, new_key()) for citizen_id in missing]
        kept = [wrap_key(citizen_id, new_key(), "retained_key") for citizen_id in missing]
        await execute(
            _INSERT_MANY, [shard_of(citizen_id) for citizen_id in missing], missing, own, kept, _FIRST, clock.now()
        )
        rows = await fetch_all(_FIND_MANY, shards, citizen_ids)
    return {
        row["id"]: DataKey(unwrap_key(row["id"], row["wrapped_key"]), row["version"])
        for row in rows
        if row["destroyed_at"] is None
    }


async def retained_key(citizen_id: UUID) -> DataKey:
    """Give what opens the retained part of an erased person, for the retention's purpose; refuses `PersonErased` after its term."""
    row = await fetch_one(_FIND, shard_of(citizen_id), citizen_id)
    if row is None or row["destroyed_at"] is None or row["retained_key"] is None:
        raise PersonErased
    return DataKey(None, row["version"], unwrap_key(citizen_id, row["retained_key"], "retained_key"))


async def seal_for_person(citizen_id: UUID, table: str, column: str, row_id: UUID, value: bytes) -> bytes:
    """Seal a column's value for its row under the person's key; refuses `PersonErased`."""
    return (await person_key(citizen_id)).seal(place_of(table, column, row_id), value)


async def open_for_person(citizen_id: UUID, table: str, column: str, row_id: UUID, sealed: bytes) -> bytes:
    """Open a value sealed for a person; refuses `PersonErased`, and `SealBroken` for one from another place."""
    return (await person_key(citizen_id)).open(place_of(table, column, row_id), sealed)


async def destroy_person_key(citizen_id: UUID, retained_until: date | None = None) -> bool:
    """Destroy a person's own key for good (only `System` may); says False if there was none left to destroy.

    The retention's key stays until the end of `retained_until`, and goes along where nothing is retained. A person who never
    had a key gets a destroyed one, so that none is made later.
    """
    await _make(citizen_id)
    return await execute(_DESTROY, shard_of(citizen_id), citizen_id, clock.now(), retained_until) == 1


async def destroy_retained_keys() -> int:
    """Destroy the retention's keys whose term has ended (only `System` may); gives how many."""
    return await execute(
        "UPDATE person_key SET retained_key = NULL WHERE retained_until < $1 AND retained_key IS NOT NULL",
        clock.today(),
    )


async def is_erased(citizen_id: UUID) -> bool:
    """Whether a person's own key was destroyed."""
    sql = "SELECT destroyed_at IS NOT NULL FROM person_key WHERE shard = $1 AND id = $2"
    return bool(await fetch_value(sql, shard_of(citizen_id), citizen_id))


async def _make(citizen_id: UUID) -> None:
    keys = wrap_key(citizen_id, new_key()), wrap_key(citizen_id, new_key(), "retained_key")
    await execute(_INSERT, shard_of(citizen_id), citizen_id, *keys, _FIRST, clock.now())


def _place(citizen_id: UUID, column: KeyColumn) -> bytes:
    return place_of("person_key", column, citizen_id)
