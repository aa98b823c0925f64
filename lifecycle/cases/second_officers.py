"""Which matters two officers decide (四眼原则), from `two_officers.toml`: each with the day from which it holds and its source."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Final

import msgspec


class TwoOfficers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A matter that two officers decide from a day on."""

    code: str
    valid_from: date
    source: str
    verified_on: date


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    matter: tuple[TwoOfficers, ...] = ()


def read(path: Path) -> dict[str, TwoOfficers]:
    """Read such a file; a field that is missing, unknown or of a wrong type is refused with the file's name."""
    try:
        file = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File)
    except (msgspec.ValidationError, tomllib.TOMLDecodeError) as error:
        message = f"{path.name}: {error}"
        raise ValueError(message) from error
    return {one.code: one for one in file.matter}


MATTERS: Final = read(Path(__file__).with_name("two_officers.toml"))


def decide(matter_code: str, on: date) -> bool:
    """Whether two officers decide a matter on a day."""
    known = MATTERS.get(matter_code)
    return known is not None and known.valid_from <= on
