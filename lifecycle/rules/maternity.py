"""Maternity leave and what insurance pays for it (产假、生育津贴). Pure.

Sources: 女职工劳动保护特别规定 art. 7 and 8; 山东省人口与计划生育条例 art. 26; 社会保险法 art. 54 to 56. Figures are the parameters `maternity.*`.
"""

from datetime import date, timedelta
from typing import Literal

import msgspec

from lifecycle.rules.parameters import Reading

Happened = Literal["birth", "miscarriage"]


class Leave(msgspec.Struct, frozen=True, kw_only=True):
    """Days of leave, those for which the fund pays, the last day of leave, and the allowance in fen."""

    days: int
    paid_days: int
    last_day: date
    allowance_fen: int


class _Days(msgspec.Struct, frozen=True):
    birth: int
    difficult: int
    each_further_child: int
    province: int
    miscarriage_early: int
    miscarriage_late: int
    late_from_months: int


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A birth of so many children, perhaps a difficult one; or a miscarriage after so many full months."""

    happened: Happened
    children: int = 1
    difficult: bool = False
    months_pregnant: int = 0


def leave(case: Case, starts_on: date, average_wage_fen: int, reading: Reading) -> Leave:
    """Work out leave and allowance; `average_wage_fen` is the employer's average month of the year before."""
    law = reading.get("maternity.leave_days", _Days)
    if case.happened == "miscarriage":
        days = law.miscarriage_late if case.months_pregnant >= law.late_from_months else law.miscarriage_early
        unpaid = 0
    else:
        days = law.birth + law.province + law.each_further_child * (case.children - 1)
        days += law.difficult if case.difficult else 0
        unpaid = 0 if reading.get("maternity.province_days_paid_by_fund", bool) else law.province
    paid, per = days - unpaid, reading.number("maternity.days_a_month")
    return Leave(
        days=days,
        paid_days=paid,
        last_day=starts_on + timedelta(days=days - 1),
        allowance_fen=(2 * average_wage_fen * paid + per) // (2 * per),
    )
