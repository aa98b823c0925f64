"""Finding numbers of people in a text: as they are, in hex, and in base64."""

import base64
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from tests.architecture.schema import Connection

_DIGITS: Final = re.compile(r"[0-9]{11,}[Xx]?")
_HEX: Final = re.compile(r"(?:3[0-9]){11,}(?:58|78)?")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{14,}")
_LENGTHS: Final = (11, 18)
_EVERY_TABLE: Final = "SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1"


def leaked(text: str, numbers: Iterable[str]) -> set[str]:
    """Which of these phones (11 digits) and identity numbers (18 characters) can be read in a text."""
    wanted = set(numbers)
    return {found for run in _runs(text) for found in _windows(run) if found in wanted}


def _runs(text: str) -> Iterator[str]:
    """Every run of digits that can be read."""
    yield from (run.upper() for run in _DIGITS.findall(text))
    yield from (bytes.fromhex(run).decode().upper() for run in _HEX.findall(text))
    for run in _BASE64.findall(text):
        for start in range(4):
            part = run[start : len(run) - (len(run) - start) % 4]
            plain = base64.urlsafe_b64decode(part.replace("+", "-").replace("/", "_")).decode("latin-1")
            yield from (inner.upper() for inner in _DIGITS.findall(plain))


def _windows(run: str) -> Iterator[str]:
    for length in _LENGTHS:
        yield from (run[start : start + length] for start in range(len(run) - length + 1))


async def dump(connection: Connection) -> dict[str, str]:
    """Every table as `pg_dump` would write it: plain text, bytes in hex."""
    tables: list[Any] = await connection.fetch(_EVERY_TABLE)
    return {row["name"]: await _copied(connection, row["name"]) for row in tables}


async def _copied(connection: Connection, table: str) -> str:
    pieces: list[bytes] = []

    async def keep(piece: bytes) -> None:
        pieces.append(piece)

    await connection.copy_from_table(table, output=keep)
    return b"".join(pieces).decode()
