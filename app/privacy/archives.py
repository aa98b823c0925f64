"""The archive that a person gets of everything about them: a ZIP whose every byte is sealed by its manifest.

One JSON file per table, the files of their disk (or the list of them, where they are too many bytes), `index.html` to read it all,
`manifest.json` with the SHA-256 of each, and the seal over the manifest. It is written to disk row by row, so that it never lies in
memory as a whole.
"""

import asyncio
import hashlib
import re
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Final
from uuid import UUID

import msgspec

from app.privacy.archive_page import page_of
from app.privacy.limits import limit_today
from app.privacy.rights import (
    Exporter,
    PagedExporter,
    Rows,
    StoredFile,
    exporters,
    file_exporters,
    sealer,
)
from integrations.object_store.port import ObjectStore

_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
Progress = Callable[[int, int], Awaitable[None]]


class Listed(msgspec.Struct, frozen=True):
    """A file of the archive; `rows` is how many rows a table has, and null for what isn't a table."""

    name: str
    size_bytes: int
    sha256: str
    rows: int | None = None


class Manifest(msgspec.Struct, frozen=True):
    """What the seal covers; `files_left_out` lists what was too large to be put in."""

    citizen_id: UUID
    made_at: datetime
    files: tuple[Listed, ...]
    files_left_out: tuple[StoredFile, ...]


class Archive:
    """An archive that is being written."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._zip = file
        self.listed: list[Listed] = []

    async def add(self, name: str, pieces: AsyncIterator[tuple[bytes, int]], *, rows: bool = False) -> None:
        """Add a file from pieces, each with how many rows it holds, and list it."""
        digest, size, count = hashlib.sha256(), 0, 0
        with self._zip.open(name, "w", force_zip64=True) as entry:
            async for piece, held in pieces:
                await asyncio.to_thread(_write, entry, piece)
                digest.update(piece)
                size, count = size + len(piece), count + held
        self.listed.append(Listed(name, size, digest.hexdigest(), count if rows else None))

    async def add_bytes(self, name: str, content: bytes) -> None:
        """Add a file that is in memory, and list it."""

        async def whole() -> AsyncIterator[tuple[bytes, int]]:
            yield content, 0

        await self.add(name, whole())

    def seal(self, manifest: Manifest) -> None:
        """Seal the manifest, and add it with its seal."""
        content = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
        sealed = sealer().seal(content)
        for name, part in (
            ("manifest.json", content),
            ("manifest.sig", sealed.signature),
            ("certificate.pem", sealed.certificate.encode()),
            ("chain.pem", sealed.chain.encode()),
        ):
            self._zip.writestr(name, part)


async def write(people: Sequence[UUID], path: Path, store: ObjectStore, made_at: datetime, progress: Progress) -> None:
    """Write everything about a person to a file; `progress` is told how many rooms were asked, of how many.

    `people` are the residents who turned out to be this one, and this one last.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        archive, asked = Archive(file), exporters()
        for number, exporter in enumerate(asked):
            await progress(number, len(asked))
            await _add_tables(archive, exporter, people)
        left_out = await _add_files(archive, people, store)
        await archive.add_bytes("index.html", page_of(archive.listed, left_out, made_at).encode())
        archive.seal(Manifest(people[-1], made_at, tuple(archive.listed), tuple(left_out)))
    await progress(len(asked), len(asked))


async def _add_tables(archive: Archive, exporter: Exporter, people: Sequence[UUID]) -> None:
    if isinstance(exporter, PagedExporter):
        (table,) = exporter.tables
        await archive.add(f"data/{table}.json", _array(_pages(exporter, people), table), rows=True)
        return
    exported = [await exporter.export(person) for person in people]
    for table in exporter.tables:
        await archive.add(f"data/{table}.json", _array(_each(exported), table), rows=True)


async def _pages(exporter: PagedExporter, people: Sequence[UUID]) -> AsyncIterator[Rows]:
    for person in people:
        async for page in exporter.pages(person):
            yield page


async def _each(exported: Sequence[Rows]) -> AsyncIterator[Rows]:
    for rows in exported:
        yield rows


async def _array(pages: AsyncIterator[Rows], table: str) -> AsyncIterator[tuple[bytes, int]]:
    """A JSON array, a row a line."""
    opening = b"[\n"
    async for page in pages:
        rows: Sequence[Mapping[str, object]] = page.get(table, ())
        if rows:
            yield opening + b",\n".join(msgspec.json.encode(row) for row in rows), len(rows)
            opening = b",\n"
    yield (b"[]\n" if opening == b"[\n" else b"\n]\n"), 0


async def _add_files(archive: Archive, people: Sequence[UUID], store: ObjectStore) -> list[StoredFile]:
    """Add the person's files; gives those that are left out, which is all if they are too many bytes together."""
    files = [file for exporter in file_exporters() for person in people for file in await exporter.files(person)]
    if sum(file.size_bytes for file in files) > limit_today("export_files_bytes"):
        return files
    for number, file in enumerate(files, 1):
        await archive.add(f"files/{number:05d} {_UNSAFE.sub('_', file.name)[:150]}", _pieces(store, file))
    return []


async def _pieces(store: ObjectStore, file: StoredFile) -> AsyncIterator[tuple[bytes, int]]:
    async for piece in store.read(file.key):
        yield piece, 0


def _write(entry: IO[bytes], piece: bytes) -> None:
    entry.write(piece)
