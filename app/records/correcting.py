"""Having a record corrected (更正): asked of who said it, decided at the department's desk, filed as a record of its own.

Nothing that was filed is changed. The request is one of the privacy room's, about a row; where it is granted, a record that names the
one it corrects is filed, and the timeline shows both as one entry.
"""

from typing import Final
from uuid import UUID

import msgspec

from app.kernel.actors import Citizen
from app.kernel.database import fetch_one, transaction
from app.kernel.ids import shard_of
from app.kernel.phrases import Phrase
from app.kernel.words import Words
from app.keys.fields import place_of
from app.keys.persons import key_unless_erased
from app.privacy.events import CorrectionDecided
from app.privacy.provenance import provenance_of
from app.privacy.row_corrections import About, ask_about
from app.records import lines
from app.records.entries import recorded
from app.records.errors import MemoryIsYours
from app.records.filing import Happening, file_record
from app.records.hiding import decided
from app.records.kinds import RecordKind
from app.records.queries import as_shown, found
from app.records.structs import TimelineEntry

TABLE: Final = "record"
_COLUMN: Final = "facts"
CORRECTED: Final = "record.corrected"
PHRASES: Final = {
    CORRECTED: Phrase(
        Words(zh="更正：{title}", en="Corrected: {title}"),
        Words(zh="部门答复：{answer}", en="The office says: {answer}"),
    ),
}
_GRANTED: Final = """
SELECT id, citizen_id, about_id, department, answer FROM correction_request
WHERE shard = $1 AND id = $2 AND about_table = $3 AND about_id IS NOT NULL AND state = 'granted'
"""
_RECORD: Final = "SELECT * FROM record WHERE shard = $1 AND id = $2 AND citizen_id = $3"


async def ask(citizen: Citizen, entry_id: UUID, text: str) -> TimelineEntry:
    """Ask whoever said it to correct a record of the citizen's, or of a ward's below 14; the entry then shows `disputed`.

    Refuses `RecordNotFound`, `MemoryIsYours`, `DecidesThemselves`, and `CorrectionAskedAlready` while a request is open.
    """
    async with transaction(citizen):
        row = await decided(citizen, entry_id)
        if row["content"] is not None:
            raise MemoryIsYours
        await ask_about(citizen, About(row["citizen_id"], TABLE, _COLUMN, entry_id, answering(row["source"])), text)
        async with transaction(lines.KEEPER):
            await lines.note_extras(entry_id)
        return await as_shown(citizen, await found(citizen, entry_id))


def answering(source: str) -> str:
    """The department that answers for a source: itself, or the one that answers for what the portal itself recorded."""
    known = provenance_of(TABLE)
    return source if source.isupper() or known is None else known.department


async def describe(citizen_id: UUID, record_id: UUID) -> Phrase | None:
    """What a record tells, for the officer who decides on it; in a system transaction."""
    row = await fetch_one(_RECORD, shard_of(record_id), record_id, citizen_id)
    key = await key_unless_erased(citizen_id)
    return None if row is None or key is None else recorded(row, key)


async def on_decided(event: CorrectionDecided) -> None:
    """File what was granted as a record of its own, once; a subscriber."""
    asked = await fetch_one(_GRANTED, shard_of(event.subject_id), event.subject_id, TABLE)
    if asked is None:
        return
    row = await fetch_one(_RECORD, shard_of(asked["about_id"]), asked["about_id"], asked["citizen_id"])
    key = await key_unless_erased(asked["citizen_id"])
    if row is None or key is None:
        return
    answer = key.open(place_of("correction_request", "answer", asked["id"]), asked["answer"])
    await file_record(
        Happening(
            citizen_id=asked["citizen_id"],
            happened_at=row["happened_at"],
            kind=RecordKind(row["kind"]),
            phrase=CORRECTED,
            facts={"title": recorded(row, key).title, "answer": msgspec.json.decode(answer, type=str)},
            source=asked["department"],
            source_ref=f"correction:{asked['id']}",
            about_id=row["about_id"],
            corrects_id=row["id"],
        )
    )
