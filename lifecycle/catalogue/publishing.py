"""From files to published versions: what is new is published, what changed becomes a draft for a department."""

import hashlib
from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import execute, fetch_all, transaction
from lifecycle.catalogue.files import CatalogueFiles, MatterText, read_files
from lifecycle.catalogue.index import Catalogue
from lifecycle.catalogue.search import Entry

ACTOR: Final = System("catalogue")
_INSERT: Final = """
    INSERT INTO matter_version (code, version, stage, state, content, search, sha256, at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (code, version) DO NOTHING
"""
_LATEST: Final = "SELECT DISTINCT ON (code) code, version, sha256 FROM matter_version ORDER BY code, version DESC"
_PUBLISHED: Final = """
    SELECT DISTINCT ON (code) code, version, stage, content, search FROM matter_version
    WHERE state = 'published' ORDER BY code, version DESC
"""


async def publish_files(files: CatalogueFiles | None = None) -> int:
    """Write what the files say that the database doesn't know yet, and return how many versions were written.

    A matter's first version is published; a changed one is a draft. Repeating it, also side by side, changes nothing.
    """
    files = files or read_files()
    async with transaction(ACTOR):
        known = {row["code"]: (row["version"], row["sha256"]) for row in await fetch_all(_LATEST)}
        changed = [code for code in files.matters if _sha256(files.matters[code][1]) != known.get(code, (0, ""))[1]]
        return sum([await _write(files.matters[code], known.get(code, (0, ""))[0]) for code in changed])


async def read_published(files: CatalogueFiles | None = None) -> Catalogue:
    """Read the published versions; stages and departments come from the files, and so does the order of matters."""
    files = files or read_files()
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


async def _write(matter: tuple[str, MatterText], known_version: int) -> int:
    stage, text = matter
    return await execute(
        _INSERT,
        text.code,
        known_version + 1,
        stage,
        "draft" if known_version else "published",
        _canonical(text),
        msgspec.json.encode(_entry(text)).decode(),
        _sha256(text),
        clock.now(),
    )


def _entry(text: MatterText) -> Entry:
    from lifecycle.catalogue import sounds  # noqa: PLC0415 - 55 MiB that a process which publishes nothing needn't hold

    return sounds.entry(text)


def _canonical(text: MatterText) -> str:
    return msgspec.json.encode(text, order="deterministic").decode()


def _sha256(text: MatterText) -> str:
    return hashlib.sha256(_canonical(text).encode()).hexdigest()
