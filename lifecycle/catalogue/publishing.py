"""From files to published versions: what is new is published, what changed becomes a draft for a department."""

import hashlib
from datetime import datetime
from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import execute, fetch_all, fetch_one, fetch_value, transaction
from lifecycle.catalogue.files import CatalogueFiles, MatterText, shipped_files
from lifecycle.catalogue.index import Catalogue
from lifecycle.catalogue.search import Entry

ACTOR: Final = System("catalogue")
_INSERT: Final = """
    INSERT INTO matter_version (code, version, stage, state, content, search, sha256, at, proposed_by, note)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (code, version) DO NOTHING
"""
_KNOWN: Final = "SELECT code, array_agg(sha256) AS texts FROM matter_version GROUP BY code"
_EDITION: Final = """
    SELECT count(*) AS versions, max(coalesce(decided_at, at)) AS changed_at FROM matter_version WHERE state = 'published'
"""
_PUBLISHED: Final = """
    SELECT DISTINCT ON (code) code, version, stage, content, search FROM matter_version
    WHERE state = 'published' ORDER BY code, version DESC
"""


class Written(msgspec.Struct, frozen=True):
    """What is written beside a version's text: which one it is, whose, and why."""

    code: str
    version: int
    stage: str
    state: str
    proposed_by: str
    note: str | None = None


async def publish_files(files: CatalogueFiles | None = None) -> int:
    """Write what the files say that the database doesn't know yet, and return how many versions were written.

    A matter's first version is published; a changed one is a draft, once: a text that was ever there, rejected or overtaken, isn't
    proposed again. While another draft of a matter waits, the file's waits as well. Repeating it, also side by side, changes nothing.
    """
    files = files or shipped_files()
    async with transaction(ACTOR):
        known = {row["code"]: row["texts"] for row in await fetch_all(_KNOWN)}
    changed = [code for code, (_, text) in files.matters.items() if _sha256(text) not in known.get(code, [])]
    return sum([await _publish(code, *files.matters[code]) for code in changed])


async def _publish(code: str, stage: str, text: MatterText) -> int:
    async with transaction(ACTOR):
        await lock(code)
        rows = await fetch_all("SELECT version, state, sha256 FROM matter_version WHERE code = $1", code)
        if any(row["state"] == "draft" or row["sha256"] == _sha256(text) for row in rows):
            return 0
        newest = max((row["version"] for row in rows), default=0)
        return await write(Written(code, newest + 1, stage, "draft" if newest else "published", ACTOR.principal), text)


async def lock(code: str) -> None:
    """One change of a matter after the other, until the transaction in progress ends."""
    await fetch_value("SELECT pg_advisory_xact_lock(hashtextextended($1, 4))", f"matter {code}")


class Edition(msgspec.Struct, frozen=True):
    """What changes whenever something is published: how many versions are, and when the last was written or decided."""

    versions: int
    changed_at: datetime | None


async def edition() -> Edition:
    """The edition that is published now."""
    async with transaction(ACTOR):
        row = await fetch_one(_EDITION)
    return Edition(row["versions"], row["changed_at"]) if row else Edition(0, None)


async def next_version(code: str) -> int:
    """The number of a matter's next version, in the transaction in progress."""
    newest = await fetch_value("SELECT coalesce(max(version), 0) FROM matter_version WHERE code = $1", code)
    return int(newest) + 1


async def read_published(files: CatalogueFiles | None = None) -> Catalogue:
    """Read the published versions; stages and departments come from the files, and so does the order of matters."""
    files = files or shipped_files()
    async with transaction(ACTOR):
        rows = {row["code"]: row for row in await fetch_all(_PUBLISHED)}
    order = [code for code in files.matters if code in rows] + sorted(rows.keys() - files.matters.keys())
    matters = {
        code: (rows[code]["stage"], msgspec.json.decode(rows[code]["content"], type=MatterText)) for code in order
    }
    content = CatalogueFiles(files.stages, files.departments, files.life_events, matters)
    versions = {code: rows[code]["version"] for code in order}
    return Catalogue(content, versions, {code: msgspec.json.decode(rows[code]["search"], type=Entry) for code in order})


def entries(files: CatalogueFiles) -> dict[str, Entry]:
    """Work out what is searched for every matter of the files."""
    return {code: _entry(text) for code, (_, text) in files.matters.items()}


async def write(what: Written, text: MatterText) -> int:
    """Write a version, in the transaction in progress; says how many rows that made."""
    return await execute(
        _INSERT,
        *(what.code, what.version, what.stage, what.state, _canonical(text)),
        *(msgspec.json.encode(_entry(text)).decode(), _sha256(text), clock.now(), what.proposed_by, what.note),
    )


def _entry(text: MatterText) -> Entry:
    from lifecycle.catalogue import sounds  # noqa: PLC0415 - 55 MiB that a process which publishes nothing needn't hold

    return sounds.entry(text)


def _canonical(text: MatterText) -> str:
    return msgspec.json.encode(text, order="deterministic").decode()


def _sha256(text: MatterText) -> str:
    return hashlib.sha256(_canonical(text).encode()).hexdigest()
