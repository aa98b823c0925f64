"""The offline verifier: what it trusts, what it finds, and the whole log.

It needs no database and nobody's word: an edit, a deletion, another order, an end cut off or a fork shows in hashes, numbers
and signed notes. Pure.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from app.audit import statements, time_stamps
from app.audit.log_files import LOG_FORMAT, FileWrong, HiddenLine, Line, LogKey, LogLine, LogStart, SignedCheckpoint
from app.audit.merkle import GrowingTree
from app.audit.person_map import Head, HeadMap, person_key
from app.audit.signed_notes import Checkpoint, NoteWrong, read_note, verified_note
from app.audit.statements import NO_SALT, NOTHING_BEFORE, ActStatement, HeadsStatement, StatementWrong
from app.audit.time_stamps import StampWrong

_MOST_FLAWS: Final = 100
"""After so many the rest is no news."""


class Kind(StrEnum):
    """What can be wrong with a log."""

    FILE = "file"
    KEY = "key"
    SIGNATURE = "signature"
    TIME = "time"
    ORDER = "order"
    EDIT = "edit"
    CHAIN = "chain"
    HEADS = "heads"
    TRUNCATED = "truncated"
    FORK = "fork"


class Flaw(msgspec.Struct, frozen=True):
    """One thing that is wrong, in a sentence."""

    kind: Kind
    said: str


class Report(msgspec.Struct):
    """What was looked at, and what is wrong with it."""

    facts: list[str] = []
    flaws: list[Flaw] = []

    def wrong(self, kind: Kind, said: str) -> None:
        """Note a flaw."""
        if len(self.flaws) < _MOST_FLAWS:
            self.flaws.append(Flaw(kind, said))


class Trust(msgspec.Struct, frozen=True):
    """What the verifier has from elsewhere: the root authority's certificate, and checkpoints kept from before (notes)."""

    root: x509.Certificate
    kept: tuple[str, ...] = ()


def trusted_key(key: LogKey, trust: Trust, at: datetime, report: Report) -> ec.EllipticCurvePublicKey | None:
    """The log's public key, if its certificate leads to the root that is trusted."""
    try:
        certificates = x509.load_pem_x509_certificates((key.certificate + key.chain).encode())
        time_stamps.refuse_unless_below(trust.root, certificates, at)
        _refuse_unless_named(certificates[0], key.origin)
    except (ValueError, x509.InvalidVersion) as error:
        report.wrong(Kind.KEY, f"the log's certificate isn't to be trusted: {error}")
        return None
    public = certificates[0].public_key()
    return public if isinstance(public, ec.EllipticCurvePublicKey) else None


def _refuse_unless_named(certificate: x509.Certificate, origin: str) -> None:
    """Refuse a certificate below the same root that isn't the log's own: a device, an officer, another seal."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound as error:
        raise ValueError("it has no name") from error
    if names.get_values_for_type(x509.DNSName) != [origin]:
        raise ValueError("it isn't of the log's name")


def checked_checkpoint(
    published: SignedCheckpoint, key: LogKey, trust: Trust, report: Report
) -> tuple[Checkpoint, datetime] | None:
    """What a checkpoint says and when it was stamped, if signature and time-stamp hold."""
    name = f"checkpoint {published.number}"
    try:
        at = time_stamps.stamped_at(published.timestamp, published.note.encode(), trust.root)
    except (StampWrong, UnicodeEncodeError) as error:
        report.wrong(Kind.TIME, f"{name}'s time-stamp: {error}")
        return None
    public = trusted_key(key, trust, at, report)
    if public is None:
        return None
    try:
        checkpoint = verified_note(published.note, public)
    except NoteWrong as error:
        report.wrong(Kind.SIGNATURE, f"{name}: {error}")
        return None
    if checkpoint.origin != key.origin:
        report.wrong(Kind.SIGNATURE, f"{name} is of another log, {checkpoint.origin}")
        return None
    return checkpoint, at


def kept_checkpoints(key: ec.EllipticCurvePublicKey, trust: Trust, report: Report) -> list[Checkpoint]:
    """The checkpoints that were kept from before, as far as this log's key signed them."""
    found = []
    for note in trust.kept:
        try:
            found.append(verified_note(note, key))
        except NoteWrong as error:
            report.wrong(Kind.FORK, f"a checkpoint that was kept isn't this log's: {error}")
    return found


def kept_sizes(trust: Trust) -> set[int]:
    """The sizes of the checkpoints that were kept, as far as they can be read."""
    sizes = set()
    for note in trust.kept:
        with suppress(NoteWrong):
            sizes.add(read_note(note).size)
    return sizes


def check_log(lines: Iterable[Line], trust: Trust) -> Report:
    """Check a whole log, line by line."""
    report = Report()
    remaining = iter(lines)
    try:
        _Check(_start(remaining), trust, report).run(remaining)
    except FileWrong as error:
        report.wrong(Kind.FILE, str(error))
    return report


def _start(lines: Iterator[Line]) -> LogStart:
    start = next(lines, None)
    if not isinstance(start, LogStart) or start.format != LOG_FORMAT:
        raise FileWrong(f"it doesn't begin as a log of the format {LOG_FORMAT}")
    return start


class _Check:
    """One run over a log: its tree, its persons' chains and its checkpoints, as far as they were read."""

    def __init__(self, start: LogStart, trust: Trust, report: Report) -> None:
        self.start, self.trust, self.report = start, trust, report
        self.tree, self.heads, self.map = GrowingTree(), dict[UUID, Head](), HeadMap()
        self.hidden, self.hidden_of, self.shown = 0, dict[bytes, int](), set[bytes]()
        self.kept = kept_sizes(trust)
        self.roots, self.published = dict[int, bytes](), dict[int, bytes]()
        self.stamped: datetime | None = None

    def run(self, lines: Iterator[Line]) -> None:
        """Read all lines, then look at what only the end shows."""
        for line in lines:
            match line:
                case LogLine():
                    self._number(line.number)
                    self._append(self._opened(line))
                case HiddenLine():
                    self._number(line.number)
                    self._hide(line.number, bytes.fromhex(line.person), bytes.fromhex(line.leaf))
                    self._append(bytes.fromhex(line.leaf))
                case SignedCheckpoint():
                    self._checkpoint(line)
                case _:
                    raise FileWrong("a log begins in the middle of it")
        self._end()

    def _number(self, number: int) -> None:
        if number != self.tree.size:
            self.report.wrong(Kind.ORDER, f"entry {number} stands where {self.tree.size} belongs")

    def _append(self, leaf: bytes) -> None:
        self.tree.append(leaf)
        if self.tree.size in self.kept:
            self.roots[self.tree.size] = self.tree.root()

    def _hide(self, number: int, person: bytes, leaf: bytes) -> None:
        """An entry that can't be opened: an erasure takes every entry about somebody, never some of them."""
        if person in self.shown:
            self.report.wrong(Kind.EDIT, f"entry {number} is hidden, and others about the same person aren't")
        self.hidden += 1
        self.hidden_of[person] = self.hidden_of.get(person, 0) + 1
        self.map.put(person, self.hidden_of[person], leaf)

    def _opened(self, line: LogLine) -> bytes:
        """The leaf of an entry; what it says is looked at by the way."""
        text, salt = line.statement.encode(errors="surrogatepass"), bytes.fromhex(line.salt)
        leaf = statements.leaf_of(salt, text)
        try:
            statement = statements.read(text)
        except StatementWrong:
            self.report.wrong(Kind.EDIT, f"entry {line.number} says nothing that a log says")
            return leaf
        if isinstance(statement, ActStatement):
            self._follow(line.number, statement, leaf)
        else:
            self._compare_heads(line.number, statement, salt)
        return leaf

    def _follow(self, number: int, act: ActStatement, leaf: bytes) -> None:
        before = self.heads.get(act.about, Head(act.about, 0, NOTHING_BEFORE))
        if (act.person_number, act.person_previous) != (before.count + 1, before.leaf.hex()):
            said = f"entry {number} doesn't follow the entry before about the same person"
            self.report.wrong(Kind.CHAIN, f"{said}: one was changed, left out or moved")
        self.heads[act.about] = Head(act.about, act.person_number, leaf)
        key = person_key(act.about)
        if key in self.hidden_of:
            self.report.wrong(Kind.EDIT, f"entry {number} is shown, and others about the same person are hidden")
        self.shown.add(key)
        self.map.put(key, act.person_number, leaf)

    def _compare_heads(self, number: int, heads: HeadsStatement, salt: bytes) -> None:
        if salt != NO_SALT:
            self.report.wrong(Kind.EDIT, f"entry {number} has a salt, and heads have none")
        if (heads.root, heads.persons) != (self.map.root().hex(), self.map.persons):
            self.report.wrong(Kind.HEADS, f"the heads of {heads.day} (entry {number}) aren't those of the entries")

    def _checkpoint(self, line: SignedCheckpoint) -> None:
        checked = checked_checkpoint(line, self.start.key, self.trust, self.report)
        if checked is None:
            return
        checkpoint, at = checked
        if self.stamped and at < self.stamped:
            self.report.wrong(Kind.TIME, f"checkpoint {line.number} was stamped before the one before it")
        self.stamped = at
        if checkpoint.size != self.tree.size:
            self.report.wrong(
                Kind.TRUNCATED if checkpoint.size > self.tree.size else Kind.ORDER,
                f"checkpoint {line.number} has {checkpoint.size} entries, and {self.tree.size} stand before it",
            )
        elif checkpoint.root != self.tree.root():
            said = f"the first {checkpoint.size} entries aren't those that checkpoint {line.number} signed"
            self.report.wrong(Kind.EDIT, f"{said}: one was changed, left out, added or moved")
        if self.published.setdefault(checkpoint.size, checkpoint.root) != checkpoint.root:
            self.report.wrong(Kind.FORK, f"two roots were signed for {checkpoint.size} entries")

    def _end(self) -> None:
        """The log must reach as far as it says, and every checkpoint that was kept must be one of its own."""
        if self.tree.size != self.start.size:
            self.report.wrong(Kind.TRUNCATED, f"{self.tree.size} of {self.start.size} entries are there")
        if not self.published:
            self.report.wrong(Kind.TRUNCATED, "no checkpoint proves any of it")
            return
        if max(self.published) < self.tree.size:
            self.report.facts.append(f"the last {self.tree.size - max(self.published)} entries have no checkpoint yet")
        self._compare_kept()
        self.report.facts += [
            f"{self.tree.size} entries ({self.hidden} of {len(self.hidden_of)} erased persons), {len(self.heads)} persons",
            f"checkpoints of {len(self.published)} sizes; the newest is of {self.stamped}",
        ]

    def _compare_kept(self) -> None:
        public = trusted_key(self.start.key, self.trust, self.stamped, self.report) if self.stamped else None
        for kept in kept_checkpoints(public, self.trust, self.report) if public else ():
            if kept.size > self.tree.size:
                self.report.wrong(Kind.TRUNCATED, f"a checkpoint of {kept.size} entries was kept; the log has fewer")
            elif self.roots.get(kept.size) != kept.root:
                self.report.wrong(
                    Kind.FORK, f"a checkpoint of {kept.size} entries was kept, and this log isn't that one"
                )
