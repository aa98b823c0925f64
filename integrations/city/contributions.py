"""Months contributed to each social insurance (社会保险), never more than there were since it began and since work began."""

from datetime import date
from typing import Final

import msgspec

from integrations.city.days import months_between

SINCE: Final = {
    "110": date(1992, 1, 1),
    "120": date(2014, 10, 1),
    "310": date(2001, 1, 1),
    "210": date(1999, 1, 1),
    "410": date(2004, 1, 1),
    "510": date(1995, 1, 1),
    "170": date(2010, 1, 1),
}
"""Since when an insurance takes contributions here: pension of enterprises and public bodies, medical, unemployment, work injury,
maternity, pension of residents. Near to the laws that made them; a city's own day isn't known."""
OF_EMPLOYEES: Final = ("310", "210", "410", "510")


class Contribution(msgspec.Struct, frozen=True):
    """Months paid to an insurance (险种 code), and the monthly base, 0 where a flat amount is paid."""

    insurance_code: str
    months: int
    base_fen: int


def contributions(pension_code: str, worked: tuple[int, date, date], base_fen: int) -> tuple[Contribution, ...]:
    """Tell the contributions of somebody who worked so many months between two days: pension first, then the four others."""
    months, first, last = worked
    return tuple(
        Contribution(code, min(months, months_between(max(first, SINCE[code]), last)), base_fen)
        for code in (pension_code, *OF_EMPLOYEES)
    )


def resident_pension_months(first: date, last: date) -> int:
    """Tell the months of a resident's pension, which is paid for by the year."""
    return months_between(max(first, SINCE["170"]), last) // 12 * 12
