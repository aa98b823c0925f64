"""The offline verifier of a citizen's proof: nothing but published checkpoints speaks for it. Pure."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from heapq import merge
from typing import Final

import msgspec

from app.audit import person_map, statements
from app.audit.log_checking import Kind, Report, Trust, checked_checkpoint, kept_checkpoints, trusted_key
from app.audit.log_files import AccessProof, ProvedEntry, ProvedHead, WithheldEntry
from app.audit.merkle import includes
from app.audit.person_map import Head
from app.audit.signed_notes import Checkpoint
from app.audit.statements import NO_SALT, NOTHING_BEFORE, ActStatement, HeadsStatement, StatementWrong
from app.kernel.clock import SHANGHAI

_Entry = ProvedEntry | WithheldEntry
_DAY: Final = timedelta(days=1)
_COMMITTED_BY: Final = time(0, 15)


class _Tree(msgspec.Struct, frozen=True):
    """The tree that a checkpoint signed."""

    size: int
    root: bytes


def check_proof(pages: Sequence[AccessProof], trust: Trust) -> Report:
    """Check the pages of one proof, in their order: every entry's place, the person's chain, and the committed head."""
    report = Report()
    first = pages[0]
    if any((page.person, page.checkpoint, page.key) != (first.person, first.checkpoint, first.key) for page in pages):
        report.wrong(Kind.FILE, "the pages aren't of one proof: person, key and checkpoint must be the same")
        return report
    checked = checked_checkpoint(first.checkpoint, first.key, trust, report)
    if checked is None:
        return report
    checkpoint, at = checked
    tree = _Tree(checkpoint.size, checkpoint.root)
    leaves = _chain([entry for page in pages for entry in _in_order(page)], first, tree, report)
    if len(leaves) != first.count:
        report.wrong(Kind.TRUNCATED, f"{len(leaves)} of {first.count} entries are there")
    _check_head(first, tree, leaves, at, report)
    public = trusted_key(first.key, trust, at, report)
    _compare_kept(kept_checkpoints(public, trust, report) if public else (), tree, report)
    _tell_withheld(pages, report)
    report.facts.append(f"{len(leaves)} entries about {first.person}, in a log of {tree.size} as of {at}")
    return report


def _in_order(page: AccessProof) -> list[_Entry]:
    """What a page says and what it withholds, by number; each list stays in its own order, so that one that was moved is seen."""
    shown: list[_Entry] = [*page.items]
    withheld: list[_Entry] = [*page.withheld]
    return list(merge(shown, withheld, key=lambda one: one.number))


def _tell_withheld(pages: Sequence[AccessProof], report: Report) -> None:
    ends = [one.until for page in pages for one in page.withheld]
    if ends:
        report.facts.append(f"{len(ends)} of them are withheld by law, until {max(ends).date()} at the latest")


def _chain(items: Sequence[_Entry], proof: AccessProof, tree: _Tree, report: Report) -> list[bytes]:
    """The leaves of the person's entries; each must be in the tree and follow the one before.

    Of one that is withheld, the entry after it says that it follows, and the committed head.
    """
    leaves, last = [NOTHING_BEFORE], -1
    for item in items:
        if isinstance(item, WithheldEntry):
            leaf = bytes.fromhex(item.leaf)
            _check_place(item, leaf, tree, report)
        else:
            leaf, statement = _entry(item, tree, report)
            _check_link(item, statement, proof, leaves, report)
        if item.number <= last:
            report.wrong(Kind.ORDER, f"entry {item.number} stands after entry {last}")
        leaves.append(leaf)
        last = item.number
    return leaves[1:]


def _check_link(
    item: ProvedEntry,
    statement: ActStatement | HeadsStatement | None,
    proof: AccessProof,
    before: Sequence[bytes],
    report: Report,
) -> None:
    if not isinstance(statement, ActStatement) or statement.about != proof.person:
        report.wrong(Kind.EDIT, f"entry {item.number} isn't about the person")
    elif (statement.person_number, statement.person_previous) != (len(before), before[-1].hex()):
        report.wrong(Kind.CHAIN, f"entry {item.number} doesn't follow the one before: one is missing or moved")


def _entry(item: ProvedEntry, tree: _Tree, report: Report) -> tuple[bytes, ActStatement | HeadsStatement | None]:
    """An entry's leaf and what it says, if it can be read."""
    text = item.statement.encode(errors="surrogatepass")
    leaf = statements.leaf_of(bytes.fromhex(item.salt), text)
    _check_place(item, leaf, tree, report)
    try:
        return leaf, statements.read(text)
    except StatementWrong:
        report.wrong(Kind.EDIT, f"entry {item.number} says nothing that a log says")
        return leaf, None


def _check_place(item: _Entry, leaf: bytes, tree: _Tree, report: Report) -> None:
    if not includes(tree.root, tree.size, item.number, leaf, [bytes.fromhex(one) for one in item.path]):
        report.wrong(Kind.EDIT, f"entry {item.number} isn't in the log that the checkpoint signed")


def _check_head(proof: AccessProof, tree: _Tree, leaves: Sequence[bytes], at: datetime, report: Report) -> None:
    """The head that was committed last before the checkpoint must be one of the chain; so up to it nothing can have been left out."""
    if proof.head is None:
        said = (
            "no day's heads are in it: that nothing is missing can't be seen. Fetch it anew, by the newest checkpoint"
        )
        report.wrong(Kind.HEADS, said)
        return
    _, heads = _entry(proof.head.entry, tree, report)
    if not isinstance(heads, HeadsStatement) or proof.head.entry.salt != NO_SALT.hex():
        report.wrong(Kind.HEADS, "what should be a day's heads isn't")
        return
    if heads.day < _newest_heads_by(at):
        said = f"the heads are of {heads.day}, and the checkpoint of {at}: entries in between may be missing"
        report.wrong(Kind.HEADS, said)
    if not _stands_in(heads, proof, proof.head):
        report.wrong(Kind.HEADS, f"the heads of {heads.day} don't give this person that head")
    elif proof.head.count == 0:
        report.facts.append(f"no entry about this person stood in it on {heads.day}")
    elif not 0 < proof.head.count <= len(leaves) or leaves[proof.head.count - 1].hex() != proof.head.leaf:
        report.wrong(Kind.TRUNCATED, f"the heads of {heads.day} have {proof.head.count} entries that aren't these")
    else:
        report.facts.append(f"complete up to entry {proof.head.count} of {len(leaves)}, by the heads of {heads.day}")


def _newest_heads_by(at: datetime) -> date:
    """The day whose heads a checkpoint of that time must hold: each day's are committed in its first moments (of the city's day)."""
    local = at.astimezone(SHANGHAI)
    return local.date() - (_DAY if local.time() < _COMMITTED_BY else timedelta())


def _stands_in(heads: HeadsStatement, proof: AccessProof, head: ProvedHead) -> bool:
    try:
        root, bucket = bytes.fromhex(heads.root), bytes.fromhex(head.bucket)
    except ValueError:
        return False
    claimed = Head(proof.person, head.count, bytes.fromhex(head.leaf))
    return person_map.has_head(root, claimed, bucket, [bytes.fromhex(one) for one in head.bucket_path])


def _compare_kept(kept: Sequence[Checkpoint], tree: _Tree, report: Report) -> None:
    """A checkpoint that was kept can only be compared with one of the same size; others need /v1/log/consistency."""
    for one in kept:
        if one.size == tree.size and one.root != tree.root:
            report.wrong(Kind.FORK, f"two roots were signed for {tree.size} entries")
        elif one.size != tree.size:
            report.facts.append(
                f"whether it continues the checkpoint of {one.size} entries: ask for a consistency proof"
            )
