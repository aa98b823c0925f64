"""Why the portal has what it has: by table, the purpose, the law, the source and how to correct it; by column, its name.

Every room keeps a `provenance.toml` beside its tables, which wiring registers. A test says that every exported column has a name.
"""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

import msgspec

from app.kernel.words import Words

Correct = Literal["yourself", "request", "never"]


class Provenance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table: `department` is the office that corrects it, where that must be asked (`request`)."""

    table: str
    title: Words
    purpose: Words
    law: Words
    article: str
    source: Words
    department: str
    correct: Correct
    columns: dict[str, Words]
    by_department: bool = False
    """Whether rows are of several departments, of which a request for correction names one."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    table: tuple[Provenance, ...]


_known: Final[dict[str, Provenance]] = {}


def register_provenance(*folders: Path) -> None:
    """Read each folder's `provenance.toml`; called from wiring, and again without harm."""
    for folder in folders:
        file = tomllib.loads((folder / "provenance.toml").read_text(encoding="utf-8"))
        _known.update({one.table: one for one in msgspec.convert(file, _File).table})


def provenances() -> Sequence[Provenance]:
    """Every table that is accounted for."""
    return tuple(_known.values())


def provenance_of(table: str) -> Provenance | None:
    """One table's."""
    return _known.get(table)
