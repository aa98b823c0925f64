"""Unified social credit codes (统一社会信用代码, GB 32100-2015), with the organisation code (GB 11714) inside: read, checked, completed.

Pure functions. Nothing here says whether a code was ever given: only the registers know that.
"""

import re
from enum import StrEnum
from typing import Final

import msgspec

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Thirty-one signs: no I, O, S, V, Z, which look like others."""
WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)

_FORM: Final = re.compile(r"[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}", re.ASCII)
_DIVISION, _ORGANISATION = slice(2, 8), slice(8, 17)


class Flaw(StrEnum):
    """What is wrong with a text; one that has the form may have both of the others."""

    FORM = "form"
    ORGANISATION_CHECK = "organisation_check"
    CHECK_CHARACTER = "check_character"


class SocialCreditCode(msgspec.Struct, frozen=True):
    """A text of the code's form, with the check characters that it should have; `flaws` are empty where it has both."""

    code: str
    organisation_check: str
    check: str

    @property
    def flaws(self) -> tuple[Flaw, ...]:
        """Which of the two check characters aren't right."""
        organisation = (Flaw.ORGANISATION_CHECK,) if self.code[16] != self.organisation_check else ()
        return organisation + ((Flaw.CHECK_CHARACTER,) if self.code[17] != self.check else ())

    @property
    def authority(self) -> str:
        """The sign of the authority that registers (登记管理部门)."""
        return self.code[0]

    @property
    def kind(self) -> str:
        """The sign of what kind of organisation it is, among those of its authority (机构类别)."""
        return self.code[1]

    @property
    def division_code(self) -> str:
        """Where it was registered first (GB/T 2260)."""
        return self.code[_DIVISION]

    @property
    def organisation_code(self) -> str:
        """The organisation code (组织机构代码, GB 11714) as it was printed: `71526726-X`."""
        inside = self.code[_ORGANISATION]
        return f"{inside[:-1]}-{inside[-1]}"


def read_code(text: str) -> SocialCreditCode | None:
    """Read a text; lower case becomes upper case. None, where it hasn't the form: 18 signs of the alphabet, digits for the division."""
    code = text.upper() if text.isascii() else text
    if _FORM.fullmatch(code) is None:
        return None
    return SocialCreditCode(code, with_organisation_check(code[8:16])[-1], with_check(code[:17])[-1])


def with_organisation_check(body: str) -> str:
    """Complete the eight characters of an organisation code (GB 11714): 11 less the weighted sum modulo 11, X for 10."""
    total = sum(int(sign, 36) * weight for sign, weight in zip(body, ORGANISATION_WEIGHTS, strict=True))
    return body + "0123456789X0"[11 - total % 11]


def with_check(body: str) -> str:
    """Complete the first 17 characters of a social credit code (GB 32100): the weighted sum modulo 31, in the alphabet."""
    total = sum(ALPHABET.index(sign) * weight for sign, weight in zip(body, WEIGHTS, strict=True))
    return body + ALPHABET[-total % 31]
