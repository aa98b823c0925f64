"""Citizen identity numbers (公民身份号码, GB 11643-1999): read, checked, completed.

Pure functions. Nothing here says whether a number was ever issued: only the police know that.
"""

import re
from datetime import date
from enum import StrEnum
from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.provinces import province_of

WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS: Final = "10X98765432"
EARLIEST_BIRTH: Final = date(1900, 1, 1)

_NEW_FORM: Final = re.compile(r"[0-9]{17}[0-9Xx]", re.ASCII)
_OLD_FORM: Final = re.compile(r"[0-9]{15}", re.ASCII)
_BODY: Final = re.compile(r"[0-9]{17}", re.ASCII)

_TAIWANS_PERMITS: Final = "83"
"""Residence permits of Taiwan residents; those of Hong Kong and Macao residents begin as their divisions do."""


class Sex(StrEnum):
    """The sex that a number states."""

    MALE = "male"
    FEMALE = "female"


class Holder(StrEnum):
    """Whose number it is: they share one form, and differ in the first digits."""

    MAINLAND = "mainland"
    HONG_KONG = "hong_kong"
    MACAO = "macao"
    TAIWAN = "taiwan"
    FOREIGN_PERMANENT = "foreign_permanent"


class Flaw(StrEnum):
    """What is wrong with a text, in the order in which it is looked for."""

    FORM = "form"
    BIRTH_DATE = "birth_date"
    CHECK_CHARACTER = "check_character"


class IdentityNumberInvalid(ValueError):  # noqa: N818 - named as a fact
    """The text isn't an identity number; `flaw` says why. The text itself is never repeated."""

    def __init__(self, flaw: Flaw) -> None:
        """Name the flaw and nothing else, so that no number reaches a log by way of an exception."""
        super().__init__(flaw.value)
        self.flaw = flaw


class IdentityNumber(msgspec.Struct, frozen=True, order=False):
    """A number of 18 characters whose form, date and check character hold."""

    number: str
    region: str
    birth_date: date
    sex: Sex

    @property
    def holder(self) -> Holder:
        """Whose kind of number it is; a leading 9 marks a foreigner's permanent residence card (2023 form)."""
        return _HOLDERS.get(self.region, Holder.FOREIGN_PERMANENT if self.region[0] == "9" else Holder.MAINLAND)

    @property
    def region_known(self) -> bool:
        """Whether the region's province exists: a warning only, since people keep the code of a county long abolished."""
        known = province_of(self.region) is not None or self.region[:2] == _TAIWANS_PERMITS
        return known or self.holder is Holder.FOREIGN_PERMANENT

    @property
    def masked(self) -> str:
        """The number as it may be shown to somebody who needn't know it: `3706**********0013`."""
        return f"{self.number[:4]}{'*' * 10}{self.number[-4:]}"

    def __repr__(self) -> str:
        """Show the masked number, because what is printed ends in a log."""
        return f"IdentityNumber({self.masked})"

    def __str__(self) -> str:
        """Show the masked number; who needs the whole one asks for `number`."""
        return self.masked


_HOLDERS: Final = {"810000": Holder.HONG_KONG, "820000": Holder.MACAO, "830000": Holder.TAIWAN}


def parse(text: str, today: date | None = None) -> IdentityNumber:
    """Read a number of 18 characters, or one of 15 digits, which is completed.

    A lower-case x becomes X. Raises `IdentityNumberInvalid` for the first flaw in the order: form, birth date (a day
    that exists, from 1900 to `today`, which is the clock's today unless given), check character. Source: GB 11643-1999.
    """
    old = _OLD_FORM.fullmatch(text) is not None
    if not old and _NEW_FORM.fullmatch(text) is None:
        raise IdentityNumberInvalid(Flaw.FORM)
    body = f"{text[:6]}19{text[6:]}" if old else text[:17]
    birth_date = _birth_date(body, today or clock.today())
    check = check_character(body)
    if not old and text[17].upper() != check:
        raise IdentityNumberInvalid(Flaw.CHECK_CHARACTER)
    return IdentityNumber(number=body + check, region=body[:6], birth_date=birth_date, sex=_sex(body))


def check_character(body: str) -> str:
    """Return the 18th character for the first 17 digits: weighted sum modulo 11, looked up (GB 11643-1999)."""
    if _BODY.fullmatch(body) is None:
        raise IdentityNumberInvalid(Flaw.FORM)
    weighted = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[weighted % 11]


def compose(region: str, birth_date: date, sequence: int) -> str:
    """Make the number of the `sequence`-th (0 to 999) person born in a region that day; odd is male, even female."""
    body = f"{region}{birth_date:%Y%m%d}{sequence:03d}"
    return body + check_character(body)


def _birth_date(body: str, today: date) -> date:
    try:
        birth_date = date(int(body[6:10]), int(body[10:12]), int(body[12:14]))
    except ValueError:
        raise IdentityNumberInvalid(Flaw.BIRTH_DATE) from None
    if not EARLIEST_BIRTH <= birth_date <= today:
        raise IdentityNumberInvalid(Flaw.BIRTH_DATE)
    return birth_date


def _sex(body: str) -> Sex:
    return Sex.MALE if int(body[16]) % 2 else Sex.FEMALE
