"""Figures of law and price, from `figures.toml`: each with its source, or marked as invented. Read once, and typed where they're used."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

T = TypeVar("T")
_FILE: Final = Path(__file__).parent / "figures.toml"


class Figure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One value, valid from a day on; `verified_on` is when it was last compared with its source, or when it was invented."""

    key: str
    value: Any
    unit: str
    source: str
    valid_from: date
    verified_on: date
    invented: bool = False


class FigureTwice(ValueError):  # noqa: N818 - a refusal is named as a fact
    """The file gives a key two values."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    figure: tuple[Figure, ...]


def figure(key: str, kind: type[T]) -> T:
    """Hand out a value as `kind`; an unknown key is a KeyError, another shape a `ValidationError`."""
    return msgspec.convert(figures()[key].value, kind)


def number(key: str) -> int:
    """Hand out a whole number."""
    return figure(key, int)


@cache
def figures() -> dict[str, Figure]:
    """Read every figure, by its key."""
    return read(_FILE.read_text(encoding="utf-8"))


def read(text: str) -> dict[str, Figure]:
    """Read a file of figures; refuses unknown fields, and `FigureTwice`."""
    listed = msgspec.convert(tomllib.loads(text), _File).figure
    by_key = {one.key: one for one in listed}
    if len(by_key) != len(listed):
        raise FigureTwice
    return by_key
