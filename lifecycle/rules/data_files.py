"""Data files: arrays of tables in TOML, read strictly, whose mistakes are told with file, line and field."""

import re
import tomllib
from pathlib import Path
from typing import Final, TypeVar

import msgspec

T = TypeVar("T")

_AT_LINE: Final = re.compile(r"at line (\d+)")
_AT_FIELD: Final = re.compile(r" - at `\$\.?([^`]*)`")
_FIELD_NAMED: Final = re.compile(r"(?:unknown|required) field `([^`]*)`")


class DataFileError(ValueError):
    """A data file is wrong: which file, which line, which field, and what."""

    def __init__(self, path: Path, line: int, field: str, problem: str) -> None:
        """Keep the place, and say it as `file:line: field: problem`."""
        super().__init__(f"{path.parent.name}/{path.name}:{line}: {field + ': ' if field else ''}{problem}")
        self.path, self.line, self.field, self.problem = path, line, field, problem


def read_tables(path: Path, name: str, type_: type[T]) -> list[tuple[int, T]]:
    """Read every `[[name]]` of a file as `type_`, each with the line of its heading.

    Raises `DataFileError` for broken TOML, for anything beside those tables, and for unknown, missing or wrong fields.
    """
    text = path.read_text(encoding="utf-8")
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(path, _line_told(error), "", str(error)) from error
    if list(content) != [name]:
        raise DataFileError(path, 1, "", f"only [[{name}]] belongs here")
    lines = text.splitlines()
    headings = [number for number, line in enumerate(lines, 1) if line.strip() == f"[[{name}]]"]
    return [
        (heading, _converted(path, lines, heading, table, type_))
        for heading, table in zip(headings, content[name], strict=True)
    ]


def _converted(path: Path, lines: list[str], heading: int, table: object, type_: type[T]) -> T:
    try:
        return msgspec.convert(table, type_)
    except msgspec.ValidationError as error:
        problem, _, _ = str(error).partition(" - at ")
        field = _field_told(str(error))
        raise DataFileError(path, _line_of(lines, heading, field), field, problem) from error


def _line_told(error: tomllib.TOMLDecodeError) -> int:
    found = _AT_LINE.search(str(error))
    return int(found.group(1)) if found else 1


def _field_told(problem: str) -> str:
    place = _AT_FIELD.search(problem)
    named = _FIELD_NAMED.search(problem)
    parts = [place.group(1) if place else "", named.group(1) if named else ""]
    return ".".join(part for part in parts if part)


def _line_of(lines: list[str], heading: int, field: str) -> int:
    """Find the line of a field below its heading, or the heading itself where the field stands nowhere."""
    last_name = re.split(r"[.\[]", field)[0]
    for number, line in enumerate(lines[heading:], heading + 1):
        if line.strip() == lines[heading - 1].strip():
            break
        if last_name and re.match(rf"\s*{re.escape(last_name)}\s*[.=]", line):
            return number
    return heading
