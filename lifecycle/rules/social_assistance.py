"""The minimum living allowance (最低生活保障): who may have it by income, and how much. Pure.

Sources: 社会救助法 (in force 2026-07-01) art. 16, 18; the standard is the parameter `social_assistance.standard_fen`. What a household owns is
looked at by the office; it isn't judged here.
"""

from typing import Literal

import msgspec

from lifecycle.rules.parameters import Reading

Area = Literal["urban", "rural"]


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """The household's line (standard by persons), whether its income lies below it, and the difference that is paid."""

    line_fen: int
    below: bool
    monthly_fen: int


def allowance(area: Area, income_fen: int, persons: int, reading: Reading) -> Allowance:
    """Compare the household's whole income of a month with the standard for all of it, so nothing is rounded per head."""
    line = reading.get("social_assistance.standard_fen", dict[Area, int])[area] * persons
    return Allowance(line_fen=line, below=income_fen < line, monthly_fen=max(0, line - income_fen))
