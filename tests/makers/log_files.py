"""Makers of whole logs without a database: entries about a few persons, signed and stamped by the product's own seal."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from app.audit import statements
from app.audit.checkpoints import use_log_seal
from app.audit.log_checking import Trust
from app.audit.log_files import LOG_FORMAT, Line, LogKey, LogLine, LogStart, SignedCheckpoint
from app.audit.log_queries import log_key
from app.audit.merkle import root_of
from app.audit.person_map import Head, HeadMap, person_key
from app.audit.signed_notes import Checkpoint, signed_note
from app.audit.statements import NO_SALT, NOTHING_BEFORE, ActStatement, HeadsStatement
from app.kernel import clock
from app.kernel.ids import new_id, new_person_id
from app.pki.authorities import authorities
from app.pki.log_seals import CheckpointSeal
from tests.makers.callers import the_authorities_of_the_product

SEAL: Final = CheckpointSeal()
HEADS_AT: Final = 5
"""Which entry of a made log is a day's heads."""


class MadeLog:
    """A log in the making, as the product would make it."""

    def __init__(self) -> None:
        the_authorities_of_the_product()
        use_log_seal(SEAL)
        self.entries: list[LogLine] = []
        self.leaves: list[bytes] = []
        self.checkpoints: dict[int, SignedCheckpoint] = {}
        self.map, self._heads = HeadMap(), dict[UUID, Head]()

    def act(self, person: UUID, what: str = "case_looked_at") -> None:
        """An act about a person."""
        before = self._heads.get(person, Head(person, 0, NOTHING_BEFORE))
        said = ActStatement(
            about=person,
            act=what,
            actor="officer:x",
            actor_department="GAJ",
            actor_kind="officer",
            at=clock.now(),
            basis_id="YT1",
            basis_kind="case",
            id=new_id(person),
            on_behalf_of=None,
            person_number=before.count + 1,
            person_previous=before.leaf.hex(),
            subject=None,
        )
        self._append(len(self.entries).to_bytes(32), statements.encoded(said))
        self._heads[person] = Head(person, before.count + 1, self.leaves[-1])
        self.map.put(person_key(person), before.count + 1, self.leaves[-1])

    def heads(self, day: date) -> None:
        """A day's heads."""
        said = HeadsStatement(day=day, persons=self.map.persons, root=self.map.root().hex())
        self._append(NO_SALT, statements.encoded(said))

    def checkpoint(self) -> SignedCheckpoint:
        """Sign and stamp the log as it stands."""
        said = Checkpoint(SEAL.origin, len(self.leaves), root_of(self.leaves))
        note = signed_note(said, SEAL.public_key, SEAL.sign(said.text))
        made = SignedCheckpoint(len(self.checkpoints) + 1, note, SEAL.stamp(note.encode()))
        self.checkpoints[said.size] = made
        return made

    def _append(self, salt: bytes, said: bytes) -> None:
        self.entries.append(LogLine(len(self.entries), salt.hex(), said.decode()))
        self.leaves.append(statements.leaf_of(salt, said))

    @property
    def lines(self) -> list[Line]:
        """The whole log's lines."""
        return lines_of(self.entries, self.checkpoints)


def the_key() -> LogKey:
    """The key of the product's log."""
    said = log_key()
    return LogKey(said.origin, said.public_key, said.certificate, said.chain)


def lines_of(entries: Sequence[LogLine], checkpoints: dict[int, SignedCheckpoint]) -> list[Line]:
    """Lines of a whole log with these entries, each checkpoint after as many as it signed, or at the end."""
    lines: list[Line] = [LogStart(LOG_FORMAT, the_key(), len(entries))]
    for count, entry in enumerate(entries, 1):
        lines.append(entry)
        lines += [checkpoints[count]] if count in checkpoints else []
    return lines + [later for size, later in checkpoints.items() if size > len(entries)]


def numbered_anew(entries: Sequence[LogLine]) -> list[LogLine]:
    """The same entries with numbers that follow each other, as somebody who covers his traces would write them."""
    return [msgspec.structs.replace(entry, number=number) for number, entry in enumerate(entries)]


def a_log(acts: int = 12, persons: Sequence[UUID] = ()) -> MadeLog:
    """A log of acts about persons (three new ones) in turns, with a day's heads, and checkpoints at 4, 9 and the end."""
    made, about = MadeLog(), persons or [new_person_id() for _ in range(3)]
    for number in range(acts):
        if len(made.entries) == HEADS_AT:
            made.heads(date(2026, 11, 29))
        made.act(about[number % len(about)])
        if len(made.entries) in {4, 9}:
            made.checkpoint()
    made.checkpoint()
    return made


def a_trust(*kept: str) -> Trust:
    """The product's root, and notes that were kept."""
    the_authorities_of_the_product()
    return Trust(authorities().root, kept)
