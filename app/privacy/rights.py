"""Who must be asked when a person's data are exported or erased: every room that holds some registers both, in wiring.

A lower room conforms by shape alone, so these protocols use plain values only.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol
from uuid import UUID

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
