"""Who must be asked when a person's data are exported or erased: every room that holds some registers both, in wiring.

A lower room conforms by shape alone, so these protocols use plain values only.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final, Protocol, runtime_checkable
from uuid import UUID

import msgspec

Rows = Mapping[str, Sequence[Mapping[str, object]]]
"""Rows by table, as the person may read them."""


class Exporter(Protocol):
    """Tells what a room holds of a person."""

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it answers for."""
        ...

    async def export(self, citizen_id: UUID) -> Rows:
        """Everything of the person in these tables, with sealed values opened, in a transaction of the caller's or its own."""
        ...


@runtime_checkable
class PagedExporter(Protocol):
    """An exporter of tables that may be long, which gives them in pages."""

    def pages(self, citizen_id: UUID) -> AsyncIterator[Rows]:
        """The same as `export`, some rows at a time; each page in a transaction of its own."""
        ...


class StoredFile(msgspec.Struct, frozen=True):
    """A file of a person in the object store: under which key, and what it is."""

    key: str
    name: str
    size_bytes: int
    sha256: str


class FileExporter(Protocol):
    """Tells which files of a person lie in the object store."""

    async def files(self, citizen_id: UUID) -> Sequence[StoredFile]:
        """Every file whose bytes are there."""
        ...


class Sealed(msgspec.Struct, frozen=True):
    """A signature (ECDSA on P-256 with SHA-256, DER), and the PEM certificates that it is checked with."""

    signature: bytes
    certificate: str
    chain: str


class Sealer(Protocol):
    """Seals bytes so that anybody can check with openssl that we made them."""

    def seal(self, content: bytes) -> Sealed:
        """Sign bytes in the city's name."""
        ...


class Eraser(Protocol):
    """Erases what a room holds of a person."""

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it answers for."""
        ...

    async def erase(self, citizen_id: UUID) -> int:
        """Erase or blank what no law retains, and say how many rows that were; harmless when repeated."""
        ...


_exporters: Final[list[Exporter]] = []
_erasers: Final[list[Eraser]] = []
_files: Final[list[FileExporter]] = []
_sealer: Final[list[Sealer]] = []


def register_rights(exporter: Exporter, eraser: Eraser) -> None:
    """Make a room's exporter and eraser known; called from wiring, and again without harm."""
    if all(known.tables != exporter.tables for known in _exporters):
        _exporters.append(exporter)
        _erasers.append(eraser)


def exporters() -> tuple[Exporter, ...]:
    """Every exporter."""
    return tuple(_exporters)


def erasers() -> tuple[Eraser, ...]:
    """Every eraser."""
    return tuple(_erasers)


def register_files(exporter: FileExporter) -> None:
    """Make a room's files known; called from wiring, and again without harm."""
    if all(type(known) is not type(exporter) for known in _files):
        _files.append(exporter)


def file_exporters() -> tuple[FileExporter, ...]:
    """Every room with files."""
    return tuple(_files)


def use_sealer(sealer: Sealer) -> None:
    """Set what seals archives and certificates; called from wiring."""
    _sealer[:] = [sealer]


def sealer() -> Sealer:
    """What seals archives and certificates."""
    return _sealer[0]
