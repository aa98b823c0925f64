"""The table of who is answered what: read, written, and compared."""

from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import Final

import msgspec

CALLERS: Final = (
    *("owner", "other", "delegate", "officer", "unentitled"),
    *("terminal", "department", "anonymous"),
)
"""In the order of the table's columns. `unentitled` is an officer without the right."""
FILE: Final = Path(__file__).parent / "matrix.txt"

Answers = Mapping[str, str]
"""What each caller is answered: the status of a success, or the code of a refusal."""


class Row(msgspec.Struct, frozen=True):
    """One operation: its name, and what each caller is answered."""

    operation: str
    answers: Answers


def read(text: str) -> list[Row]:
    """The rows of a table, in its order; lines that begin with # say something to people."""
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    for line in lines:
        if len(line) != len(CALLERS) + 1:
            message = f"{line[0]} needs an answer for each of {', '.join(CALLERS)}"
            raise ValueError(message)
    return [Row(line[0], dict(zip(CALLERS, line[1:], strict=True))) for line in lines]


def written(rows: Iterable[Row]) -> str:
    """The table as text, its columns aligned."""
    lines = [("# operation", *CALLERS), *((row.operation, *(row.answers[one] for one in CALLERS)) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(CALLERS) + 1)]
    return "".join(
        " ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip() + "\n" for line in lines
    )


def leaks(operation: str, texts: Mapping[str, str], entitled: Container[str], secrets: Iterable[str]) -> list[str]:
    """Where an answer tells somebody who isn't entitled what only the owner may read."""
    told = {caller: text for caller, text in texts.items() if caller not in entitled}
    return [f"{operation} tells {caller} {one!r}" for one in secrets for caller, text in told.items() if one in text]


def differences(expected: Row, found: Row) -> list[str]:
    """Where an operation answers otherwise than it should."""
    return [
        f"{found.operation} answers {caller} with {found.answers[caller]} instead of {expected.answers[caller]}"
        for caller in CALLERS
        if found.answers[caller] != expected.answers[caller]
    ]


def unlisted(operations: Iterable[str], rows: Iterable[Row]) -> list[str]:
    """Operations that no row says anything about, and rows about operations that there aren't."""
    asked, listed = set(operations), {row.operation for row in rows}
    missing = [f"{name} stands in no row of the matrix" for name in sorted(asked - listed)]
    return missing + [f"{name} isn't an operation" for name in sorted(listed - asked)]
