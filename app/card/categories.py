"""What is paid for, by the merchant's category code (MCC, ISO 18245), from `categories.toml`. Pure."""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final, Literal, get_args

import msgspec

from app.kernel.words import Words

Group = Literal[
    "catering",
    "groceries",
    "transport",
    "utilities",
    "medical",
    "education",
    "government",
    "tourism",
    "shopping",
    "other",
    "top_up",
    "returned",
]
"""Ten categories of what is paid for, and the two of what comes: top-ups, and what is given back."""
HOSPITALS: Final = "8062"
"""The code of hospitals (ISO 18245), for those that are paid within the app."""


class _Category(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: Group
    name: Words
    codes: tuple[str, ...]


class _Payees(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    mcc: str
    codes: tuple[str, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    verified_on: date
    category: tuple[_Category, ...]
    payee: tuple[_Payees, ...]


_FILE: Final = msgspec.convert(
    tomllib.loads(Path(__file__).with_name("categories.toml").read_text(encoding="utf-8")), _File
)


def _each(codes: tuple[str, ...]) -> Iterator[str]:
    """Every code of some codes and inclusive ranges."""
    for one in codes:
        first, _, last = one.partition("-")
        yield from (f"{number:04d}" for number in range(int(first), int(last or first) + 1))


CODES: Final[dict[Group, tuple[str, ...]]] = {one.key: tuple(_each(one.codes)) for one in _FILE.category}
"""By group, its merchant category codes; `other` and what comes have none."""
NAMES: Final[dict[Group, Words]] = {one.key: one.name for one in _FILE.category}
"""By group, how it is called."""
COMING: Final[frozenset[Group]] = frozenset({"top_up", "returned"})
"""The groups of what comes onto a card."""
_GROUPS: Final[dict[str, Group]] = {code: group for group, codes in CODES.items() for code in codes}
_PAYEES: Final = {code: one.mcc for one in _FILE.payee for code in one.codes}

if set(NAMES) != set(get_args(Group)) or len(_GROUPS) != sum(map(len, CODES.values())):
    raise ValueError("categories.toml: a group is missing, or a code stands in two of them")


def group_of(kind: str, mcc: str | None, *, coming: bool) -> Group:
    """The group of a movement, from its kind, its merchant's category code if there is one, and whether money came."""
    if coming:
        return "top_up" if kind == "top_up" else "returned"
    return _GROUPS.get(mcc or "", "other")


def payee_mcc(code: str) -> str | None:
    """The category code of who is paid within the app; nothing for who isn't listed."""
    return _PAYEES.get(code)
