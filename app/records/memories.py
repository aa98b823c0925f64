"""Memories (回忆): what a person writes into their own timeline, changes and deletes; no evidence of anything."""

from datetime import date, datetime, time
from typing import Final
from uuid import UUID

import msgspec

from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, execute, transaction
from app.kernel.ids import new_id, shard_of
from app.keys.fields import place_of
from app.keys.persons import DataKey, person_key
from app.privacy.deciding import refuse_unless_deciding
from app.records import lines
from app.records.attaching import put_beside
from app.records.entries import OWN
from app.records.errors import MemoryDayWrong, NotYourMemory
from app.records.hiding import decided, lock
from app.records.kinds import RecordKind
from app.records.limits import limit_today
from app.records.lines import KEEPER, Line
from app.records.queries import as_shown, found
from app.records.structs import MemoryChange, MemoryContent, NewMemory, TimelineEntry

_INSERT: Final = """
INSERT INTO memory (id, shard, citizen_id, made_at, changed_at, day, content) VALUES ($1, $2, $3, $4, $4, $5, $6)
"""
_CHANGE: Final = "UPDATE memory SET changed_at = $3, day = $4, content = $5 WHERE shard = $1 AND id = $2"


async def remember(citizen: Citizen, memory: NewMemory) -> TimelineEntry:
    """Write a memory of a day, with files of the citizen's disk beside it, if any.

    Refuses `MemoryDayWrong`, `NotYoursToDecide`, `DecidesThemselves` and what attaching refuses.
    """
    _refuse_day(memory.day)
    person = memory.person_id or citizen.id
    async with transaction(citizen):
        await refuse_unless_deciding(citizen, person)
        await note_ward_look(citizen, person)
        entry_id, key = new_id(person), await person_key(person)
        content = MemoryContent(memory.title, memory.text)
        await execute(
            _INSERT,
            *(entry_id, shard_of(entry_id), person, clock.now(), memory.day, _sealed(key, entry_id, content)),
        )
        async with transaction(KEEPER):
            await lines.add(_line(entry_id, person, memory.day, content), key)
        for node_id in dict.fromkeys(memory.node_ids):
            await put_beside(citizen, person, entry_id, node_id)
        return await as_shown(citizen, await found(citizen, entry_id))


async def change(citizen: Citizen, entry_id: UUID, wanted: MemoryChange) -> TimelineEntry:
    """Change a memory; what isn't said stays. Refuses `RecordNotFound`, `NotYourMemory`, `MemoryDayWrong`, `DecidesThemselves`."""
    if wanted.day is not None:
        _refuse_day(wanted.day)
    async with transaction(citizen):
        line = await _locked_memory(citizen, entry_id)
        row, key = await found(citizen, entry_id), await person_key(line["citizen_id"])
        day = wanted.day or clock.local(row["happened_at"]).date()
        before = msgspec.json.decode(
            key.open(place_of("memory", "content", entry_id), row["content"]), type=MemoryContent
        )
        content = MemoryContent(
            before.title if wanted.title is None else wanted.title, before.text if wanted.text is None else wanted.text
        )
        await execute(_CHANGE, shard_of(entry_id), entry_id, clock.now(), day, _sealed(key, entry_id, content))
        async with transaction(KEEPER):
            await lines.move(line, _at(day), (content.title, content.text), key)
        return await as_shown(citizen, await found(citizen, entry_id))


async def forget(citizen: Citizen, entry_id: UUID) -> None:
    """Delete a memory and what lies beside it; the files stay in the disk. Refuses `RecordNotFound`, `NotYourMemory`, `DecidesThemselves`."""
    async with transaction(citizen):
        await _locked_memory(citizen, entry_id)
        await execute("DELETE FROM memory WHERE shard = $1 AND id = $2", shard_of(entry_id), entry_id)
        async with transaction(KEEPER):
            await lines.drop(entry_id)


async def _locked_memory(citizen: Citizen, entry_id: UUID) -> Row:
    line = await lock(citizen, entry_id)
    row = await decided(citizen, entry_id)
    if row["content"] is None:
        raise NotYourMemory
    return line


def _line(entry_id: UUID, person: UUID, day: date, content: MemoryContent) -> Line:
    return Line(
        id=entry_id,
        citizen_id=person,
        happened_at=_at(day),
        kind=RecordKind.MEMORY.value,
        source=OWN,
        texts=(content.title, content.text),
    )


def _at(day: date) -> datetime:
    """A memory stands at the beginning of its day."""
    return datetime.combine(day, time(), clock.SHANGHAI)


def _refuse_day(day: date) -> None:
    earliest = date(limit_today("memory_earliest_year"), 1, 1)
    if not earliest <= day <= clock.today():
        raise MemoryDayWrong(earliest=earliest.isoformat(), latest=clock.today().isoformat())


def _sealed(key: DataKey, entry_id: UUID, content: MemoryContent) -> bytes:
    return key.seal(place_of("memory", "content", entry_id), msgspec.json.encode(content))
