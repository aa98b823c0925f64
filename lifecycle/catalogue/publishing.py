"""From files to published versions: what is new is published, what changed becomes a draft for a department."""

import hashlib
from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.actors import System
from app.kernel.database import execute, fetch_all, transaction
from lifecycle.catalogue.files import CatalogueFiles, MatterText, read_files
from lifecycle.catalogue.index import Catalogue

ACTOR: Final = System("catalogue")
_INSERT: Final = """
    INSERT INTO matter_version (code, version, stage, state, content, sha256, at)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (code, version) DO NOTHING
"""
_LATEST: Final = "SELECT DISTINCT ON (code) code, version, sha256 FROM matter_version ORDER BY code, version DESC"
_PUBLISHED: Final = """
    SELECT DISTINCT ON (code) code, version, stage, content FROM matter_version
    WHERE state = 'published' ORDER BY code, version DESC
"""


async def publish_files(files: CatalogueFiles | None = None) -> int:
    """Write what the files say that the database doesn't know yet, and return how many versions were written.

    A matter's first version is published; a changed one is a draft. Repeating it, also side by side, changes nothing.
    """
    files = files or read_files()
    async with transaction(ACTOR):
        known = {row["code"]: (row["version"], row["sha256"]) for row in await fetch_all(_LATEST)}
        written = 0
        for code, (stage, text) in files.matters.items():
            content = msgspec.json.encode(text, order="deterministic").decode()
            sha256 = hashlib.sha256(content.encode()).hexdigest()
            version, known_sha256 = known.get(code, (0, ""))
            if sha256 != known_sha256:
                state = "draft" if version else "published"
                written += await execute(_INSERT, code, version + 1, stage, state, content, sha256, clock.now())
    return written


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
    return Catalogue(content, {code: rows[code]["version"] for code in order})
