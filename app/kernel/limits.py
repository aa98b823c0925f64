"""Limits that the city or the product can change: dated whole numbers in a room's `limits.toml`, each with its source."""

import tomllib
from datetime import date
from pathlib import Path

import msgspec

from app.kernel import clock


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One value of one key, from a day until the next value of that key."""

    key: str
    value: int
    valid_from: date
    source: str
    verified_on: date


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    limit: list[Limit]


class LimitUnknown(LookupError):  # noqa: N818 - a refusal is named as a fact
    """No value of that key holds on that day."""


class Limits:
    """The limits in one file."""

    def __init__(self, path: Path) -> None:
        """Read them; a field that is missing, unknown or of a wrong type is refused with the file's name."""
        try:
            file = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File)
        except (msgspec.ValidationError, tomllib.TOMLDecodeError) as error:
            message = f"{path.name}: {error}"
            raise ValueError(message) from error
        self.all = tuple(sorted(file.limit, key=lambda limit: limit.valid_from))

    def today(self, key: str) -> int:
        """Today's value of a key."""
        return self.on(clock.today(), key)

    def on(self, day: date, key: str) -> int:
        """The value of a key on a day; refuses (`LimitUnknown`) a day before the first."""
        values = [limit.value for limit in self.all if limit.key == key and limit.valid_from <= day]
        if not values:
            raise LimitUnknown(key)
        return values[-1]
