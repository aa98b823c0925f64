"""Limits of the card, from `limits.toml`: each with the day from which it holds and its source."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

_FILE: Final = Path(__file__).with_name("limits.toml")
LimitKey = Literal["payment_max_fen", "balance_max_fen", "top_up_min_fen", "top_up_max_fen", "top_up_minutes"]


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One value of one key, from a day until the next value of that key."""

    key: LimitKey
    value: int
    valid_from: date
    source: str
    verified_on: date


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    limit: list[Limit]


class LimitUnknown(LookupError):  # noqa: N818 - a refusal is named as a fact
    """No value of that key holds on that day."""


@cache
def all_limits() -> tuple[Limit, ...]:
    """Every limit on file, oldest first."""
    file = msgspec.convert(tomllib.loads(_FILE.read_text(encoding="utf-8")), _File)
    return tuple(sorted(file.limit, key=lambda limit: limit.valid_from))


def limit_on(day: date, key: LimitKey) -> int:
    """The value of a key on a day; refuses (`LimitUnknown`) a day before the first."""
    values = [limit.value for limit in all_limits() if limit.key == key and limit.valid_from <= day]
    if not values:
        raise LimitUnknown(key)
    return values[-1]
