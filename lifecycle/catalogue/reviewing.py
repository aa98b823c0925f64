"""Changing a matter's text: an officer of its department proposes, another one publishes or rejects (四眼原则).

The files are version 1; a changed file is a draft like any other. A published version is never changed: a case keeps the one by
which it was opened.
"""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.actors import NoRight, Officer, may
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.paging import Page, decode_cursor, page
from app.kernel.two_officers import require_other_person
from app.kernel.words import Words
from lifecycle.catalogue import published, publishing
from lifecycle.catalogue.differences import differences
from lifecycle.catalogue.errors import (
    BaseVersionOld,
    DraftWaits,
    MatterContradicts,
    NothingChanged,
    VersionDecided,
    VersionUnknown,
)
from lifecycle.catalogue.files import MatterText, unknown_codes
from lifecycle.catalogue.publishing import ACTOR
from lifecycle.catalogue.review_structs import (
    DraftKey,
    MatterChange,
    Proposal,
    Rejection,
    VersionInFull,
    Versions,
    VersionView,
)
from lifecycle.catalogue.structs import Matter

PROPOSE: Final = "catalogue.propose"
PUBLISH: Final = "catalogue.publish"
ACTIONS: Final = {
    PROPOSE: Words(zh="提出事项修改", en="Propose changes of matters"),
    PUBLISH: Words(zh="审核发布事项", en="Review and publish matters"),
}
"""What officers can be granted here."""
KEEPER: Final = "BIGDATA"
"""The department that keeps the catalogue may change every department's matters; others their own."""
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_MOST_VERSIONS: Final = 1_000_000
_ROW: Final = "SELECT * FROM matter_version WHERE code = $1 AND version = $2"
_DRAFTS: Final = """
SELECT * FROM matter_version WHERE state = 'draft' AND ($1::text IS NULL OR (code, version) > ($1, $2)) ORDER BY code, version
"""
_DECIDE: Final = """
UPDATE matter_version SET state = $3, decided_by = $4, decided_at = $5, reason = $6 WHERE code = $1 AND version = $2
"""


async def drafts(officer: Officer, cursor: str | None, limit: int) -> Page[VersionView]:
    """The drafts that the officer may see, by matter. Refuses `NoRight` who reviews nothing at all, and `CursorWrong`."""
    if not any(may(officer, action, None, None, clock.today()) for action in ACTIONS):
        raise NoRight(action=PUBLISH)
    after = decode_cursor(cursor, DraftKey) if cursor else None
    async with transaction(ACTOR):
        rows = await fetch_all(_DRAFTS, *((after.code, after.version) if after else (None, 0)))
    seen = [row for row in rows if _may_see(officer, row["code"], _text(row))][: limit + 1]
    last = seen[limit - 1] if len(seen) > limit else None
    return page([_view(row) for row in seen], limit, DraftKey(last["code"], last["version"]) if last else None)


async def versions(officer: Officer, code: str) -> Versions:
    """Every version of a matter, newest first. Refuses `VersionUnknown` who may not see them."""
    _refuse_no_code(code)
    async with transaction(ACTOR):
        rows = await fetch_all("SELECT * FROM matter_version WHERE code = $1 ORDER BY version DESC", code)
    if not rows or not _may_see(officer, code, _text(rows[0])):
        raise VersionUnknown
    return Versions([_view(row) for row in rows])


async def version(officer: Officer, code: str, number: int) -> VersionInFull:
    """One version with its text, and what differs from the one published before. Refuses `VersionUnknown`."""
    async with transaction(ACTOR):
        row = await _seen(officer, code, number)
        before = await _published(code, below=number)
    base = None if before is None else _text(before)
    return VersionInFull(
        version=_view(row),
        matter=_matter(row),
        differs_from=None if before is None else before["version"],
        differences=differences(base, _text(row)),
    )


async def published_version(code: str, number: int) -> Matter:
    """A version that is or was published, for anyone who has a case by it. Refuses `VersionUnknown`."""
    async with transaction(ACTOR):
        row = await _there(code, number)
    if row["state"] != "published":
        raise VersionUnknown
    return _matter(row)


async def propose(officer: Officer, code: str, proposal: Proposal) -> VersionView:
    """Propose a change of the published text; it waits for another officer.

    Refuses `VersionUnknown`, `NoRight`, `BaseVersionOld`, `DraftWaits`, `NothingChanged` and `MatterContradicts`.
    """
    _refuse_no_code(code)
    async with transaction(ACTOR):
        await publishing.lock(code)
        base = await _published(code)
        if base is None:
            raise VersionUnknown
        _require(officer, PROPOSE, code, _text(base))
        if base["version"] != proposal.base_version:
            raise BaseVersionOld(version=base["version"])
        waiting = await fetch_value("SELECT version FROM matter_version WHERE code = $1 AND state = 'draft'", code)
        if waiting is not None:
            raise DraftWaits(version=waiting)
        changed = _changed(_text(base), proposal.changes)
        number = await publishing.next_version(code)
        written = publishing.Written(code, number, base["stage"], "draft", officer.principal, proposal.note)
        await publishing.write(written, changed)
        return _view(await _there(code, number))


async def publish(officer: Officer, code: str, number: int) -> VersionView:
    """Publish a draft; from now on it is what everybody sees, within seconds in every process.

    Refuses `VersionUnknown`, `NoRight`, `SameOfficer` whoever proposed it, `VersionDecided`, and `BaseVersionOld` where a later
    version is published.
    """
    async with transaction(ACTOR):
        row = await _draft(officer, code, number)
        newest = await _published(code)
        if newest is not None and newest["version"] > number:
            raise BaseVersionOld(version=newest["version"])
        await execute(_DECIDE, code, number, "published", officer.principal, clock.now(), None)
        return _view(await _there(code, row["version"]))


async def reject(officer: Officer, code: str, number: int, rejection: Rejection) -> VersionView:
    """Reject a draft with a reason; it stays, and is never published. Refuses as `publish` does."""
    async with transaction(ACTOR):
        await _draft(officer, code, number)
        await execute(_DECIDE, code, number, "rejected", officer.principal, clock.now(), rejection.reason)
        return _view(await _there(code, number))


async def withdraw(officer: Officer, code: str, number: int) -> VersionView:
    """Take one's own proposal back. Refuses `VersionUnknown` anybody else, and `VersionDecided`."""
    async with transaction(ACTOR):
        row = await _there(code, number, lock=True)
        if row["proposed_by"] != officer.principal:
            raise VersionUnknown
        _refuse_decided(row)
        await execute(_DECIDE, code, number, "withdrawn", officer.principal, clock.now(), None)
        return _view(await _there(code, number))


async def _draft(officer: Officer, code: str, number: int) -> Row:
    """A draft, locked, that the officer may decide."""
    row = await _seen(officer, code, number, lock=True)
    _require(officer, PUBLISH, code, _text(row))
    require_other_person(row["proposed_by"], officer)
    _refuse_decided(row)
    return row


def _refuse_decided(row: Row) -> None:
    if row["state"] != "draft":
        raise VersionDecided(state=row["state"])


async def _published(code: str, below: int | None = None) -> Row | None:
    return await fetch_one(
        "SELECT * FROM matter_version WHERE code = $1 AND state = 'published' AND ($2::int IS NULL OR version < $2) "
        "ORDER BY version DESC LIMIT 1",
        *(code, below),
    )


async def _seen(officer: Officer, code: str, number: int, *, lock: bool = False) -> Row:
    """A version that the officer may see; refuses `VersionUnknown`."""
    row = await _there(code, number, lock=lock)
    if not _may_see(officer, code, _text(row)):
        raise VersionUnknown
    return row


async def _there(code: str, number: int, *, lock: bool = False) -> Row:
    """A version; `lock` lets one change of the matter follow the other. Refuses `VersionUnknown`."""
    _refuse_no_code(code)
    if lock:
        await publishing.lock(code)
    row = await fetch_one(_ROW, code, number) if 0 < number <= _MOST_VERSIONS else None
    if row is None:
        raise VersionUnknown
    return row


def _refuse_no_code(code: str) -> None:
    if not _CODE.fullmatch(code):
        raise VersionUnknown


def _changed(text: MatterText, changes: MatterChange) -> MatterText:
    """The text with the changes in it; refuses `NothingChanged` and `MatterContradicts`."""
    merged = msgspec.to_builtins(text) | msgspec.to_builtins(changes)
    changed = msgspec.convert(merged, MatterText)
    if changed == text:
        raise NothingChanged
    for problem in _problems(changed):
        raise MatterContradicts(problem=problem)
    return changed


def _problems(text: MatterText) -> Iterator[str]:
    yield from text.problems()
    catalogue = published.catalogue()
    yield from (problem for _, problem in unknown_codes(text, catalogue.departments, catalogue.life_events))


def _may_see(officer: Officer, code: str, text: MatterText) -> bool:
    return any(_may(officer, action, code, text) for action in ACTIONS)


def _may(officer: Officer, action: str, code: str, text: MatterText) -> bool:
    return officer.department in {text.department, KEEPER} and may(officer, action, code, None, clock.today())


def _require(officer: Officer, action: str, code: str, text: MatterText) -> None:
    if not _may(officer, action, code, text):
        raise NoRight(action=action, matter=code)


def _text(row: Row) -> MatterText:
    return msgspec.json.decode(row["content"], type=MatterText)


def _matter(row: Row) -> Matter:
    return published.catalogue().shown(row["stage"], _text(row), row["version"])


def _view(row: Row) -> VersionView:
    text = _text(row)
    return VersionView(
        code=row["code"],
        version=row["version"],
        state=row["state"],
        name=text.name,
        department=published.catalogue().department(text.department),
        proposed_by=row["proposed_by"],
        proposed_at=row["at"],
        note=row["note"],
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        reason=row["reason"],
    )
