"""What a law retains although a person is erased, from `retention.toml`: by table, which law and how long."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from app.kernel.words import Words


class Retained(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table whose rows stay: the law and article, and how many years from the erasure."""

    table: str
    law_zh: str
    law_en: str
    article: str
    years: int
    source: str
    verified_on: date

    @property
    def law(self) -> Words:
        """The law's name."""
        return Words(zh=self.law_zh, en=self.law_en)

    def until(self, erased_on: date) -> date:
        """The last day of the term; a 29 February ends with that month."""
        try:
            return erased_on.replace(year=erased_on.year + self.years)
        except ValueError:
            return erased_on.replace(year=erased_on.year + self.years, day=28)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    retained: tuple[Retained, ...]


def _read(path: Path) -> dict[str, Retained]:
    file = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File)
    return {one.table: one for one in file.retained}


RETENTION: Final = _read(Path(__file__).with_name("retention.toml"))


def last_day(erased_on: date) -> date:
    """When the last of the terms ends."""
    return max(one.until(erased_on) for one in RETENTION.values())
