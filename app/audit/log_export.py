"""The whole log as a file: every entry opened as far as its person's key is there, and every checkpoint in its place.

Reading it takes its time, and people are erased meanwhile, while a file hides every entry about a person or none. No transaction is
held open for it: the log is read into a draft, part by part, and given out when it is known who was hidden in any part.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final
from uuid import UUID

import msgspec

from app.audit import heads, log_queries, person_map, proofs, sequencing, statements, tiles
from app.audit.log_files import LOG_FORMAT, HiddenLine, Line, LogKey, LogLine, LogStart, SignedCheckpoint, read_line
from app.audit.statements import NO_SALT
from app.kernel.database import Row, fetch_all, transaction
from app.keys.persons import person_keys

PART: Final = 2_000
"""Entries that are read at once; what memory grows with is who was erased, and the checkpoints."""
_ENTRIES: Final = """
SELECT a.*, e.number, e.person_number, e.person_previous FROM log_entry e JOIN act a ON a.shard = e.shard AND a.id = e.id
WHERE e.number >= $1 AND e.number < $2 ORDER BY e.number
"""


class _Said(msgspec.Struct, frozen=True):
    """Whom a statement is about; a day's heads are about nobody."""

    about: UUID | None = None


async def export_log(folder: Path) -> AsyncIterator[bytes]:
    """The log up to its newest checkpoint, a line of JSON at a time; refuses `NoCheckpointYet`.

    The draft lies in a folder that has room for it; it has no name, and goes with this process.
    """
    hidden: set[str] = set()
    with TemporaryFile(dir=folder) as draft:
        async for line in _read():
            if isinstance(line, HiddenLine):
                hidden.add(line.person)
            draft.write(_text(line))
        draft.seek(0)
        for text in draft:
            yield _given_out(text, hidden) if hidden else text


async def _read() -> AsyncIterator[Line]:
    """Every line, each entry as it could be opened when its part was read."""
    async with transaction(log_queries.ANYONE):
        size = (await log_queries.required_checkpoint())["size"]
        published = await fetch_all("SELECT number, size, note, timestamp FROM log_checkpoint ORDER BY number")
    said = log_queries.log_key()
    yield LogStart(LOG_FORMAT, LogKey(said.origin, said.public_key, said.certificate, said.chain), size)
    waiting = [row for row in published if row["size"] <= size]
    for start in range(0, size, PART):
        for number, line in enumerate(await _part(start, min(start + PART, size)), start + 1):
            yield line
            while waiting and waiting[0]["size"] == number:
                row = waiting.pop(0)
                yield SignedCheckpoint(row["number"], row["note"], row["timestamp"])


def _text(line: Line) -> bytes:
    return msgspec.json.encode(line) + b"\n"


def _given_out(text: bytes, hidden: Collection[str]) -> bytes:
    """A line of the draft; an entry that was still opened is hidden if another about the same person is."""
    line = read_line(text)
    if not isinstance(line, LogLine):
        return text
    about = msgspec.json.decode(line.statement, type=_Said).about
    person = None if about is None else person_map.person_key(about).hex()
    if person is None or person not in hidden:
        return text
    leaf = statements.leaf_of(bytes.fromhex(line.salt), line.statement.encode())
    return _text(HiddenLine(line.number, leaf.hex(), person))


async def _part(start: int, end: int) -> list[Line]:
    """The entries of some numbers, in their order."""
    async with transaction(sequencing.SEQUENCER):
        acts = await fetch_all(_ENTRIES, start, end)
        committed = await fetch_all("SELECT * FROM log_heads WHERE number >= $1 AND number < $2", start, end)
        keys = await person_keys(list({act["citizen_id"] for act in acts}))
        hidden = [act["number"] for act in acts if act["citizen_id"] not in keys]
        leaves = await _leaves(hidden)
    lines: dict[int, Line] = {row["number"]: _heads_line(row) for row in committed}
    for act in acts:
        key = keys.get(act["citizen_id"])
        lines[act["number"]] = _act_line(act, key.own) if key else _hidden_line(act, leaves[act["number"]])
    return [lines[number] for number in sorted(lines)]


def _act_line(act: Row, key: bytes) -> LogLine:
    said = sequencing.statement_of(act, act["person_number"], act["person_previous"])
    return LogLine(act["number"], statements.salt_of(key, act["id"]).hex(), said.decode())


def _hidden_line(act: Row, leaf: bytes) -> HiddenLine:
    return HiddenLine(act["number"], leaf.hex(), person_map.person_key(act["citizen_id"]).hex())


def _heads_line(row: Row) -> LogLine:
    said = heads.statement_of(row["day"], row["root"], row["persons"])
    return LogLine(row["number"], NO_SALT.hex(), said.decode())


async def _leaves(numbers: Sequence[int]) -> dict[int, bytes]:
    """The leaves of some entries, from the tree."""
    places = [(number, number + 1) for number in numbers]
    stored = await proofs.read_tiles(places)
    return {place[0]: tiles.range_root(place, stored) for place in places}
