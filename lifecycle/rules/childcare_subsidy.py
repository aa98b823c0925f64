"""The childcare subsidy (育儿补贴): what is paid for a child, year by year. Pure.

Each child has so much a year until the third birthday; of a child born before the subsidy began only the months since count.
Source: 育儿补贴制度实施方案 (2025); the figures are dated parameters.
"""

from collections.abc import Iterator
from datetime import date

import msgspec

from lifecycle.rules.ages import MONTHS_PER_YEAR, Span, Unit
from lifecycle.rules.parameters import Reading


class Payment(msgspec.Struct, frozen=True):
    """What one year of a child's life gives: from which day on it is due, for how many months, and how much."""

    from_on: date
    months: int
    amount_fen: int


def payments(born_on: date, reading: Reading) -> list[Payment]:
    """Every payment of a child; none of one who was three before the subsidy began."""
    begins = reading.get("childcare_subsidy.begins_on", date)
    if born_on >= begins:
        year_fen, years = reading.number("childcare_subsidy.year_fen"), reading.number("childcare_subsidy.years")
        return [
            Payment(Span.read(f"{year}y").after(born_on) if year else born_on, MONTHS_PER_YEAR, year_fen)
            for year in range(years)
        ]
    return list(_since(born_on, begins, reading))


def ends_on(born_on: date, reading: Reading) -> date:
    """The birthday from which there is no subsidy any more."""
    return Span(reading.number("childcare_subsidy.years"), Unit.YEARS).after(born_on)


def total_fen(due: list[Payment]) -> int:
    """What a child gets altogether, in fen."""
    return sum(payment.amount_fen for payment in due)


def claim_by(born_on: date, reading: Reading) -> date | None:
    """Until when the first claim must be made, where a date was set for children born then."""
    before, first_year = reading.get("childcare_subsidy.claim_by", tuple[date, date])
    begins = reading.get("childcare_subsidy.begins_on", date)
    if born_on < begins:
        return before
    return first_year if born_on.year == begins.year else None


def _since(born_on: date, begins: date, reading: Reading) -> Iterator[Payment]:
    """The months of each calendar year since the beginning, the month of the third birthday included."""
    third = ends_on(born_on, reading)
    month_fen = reading.number("childcare_subsidy.month_fen")
    for year in range(begins.year, third.year + 1):
        months = MONTHS_PER_YEAR if year < third.year else third.month
        if third >= begins:
            yield Payment(date(year, 1, 1), months, months * month_fen)
