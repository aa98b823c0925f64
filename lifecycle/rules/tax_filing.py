"""Days of filing: income tax of a year, and a trader's value added tax by quarters. Pure.

Sources: 个人所得税法 art. 11, 12; 税收征收管理法实施细则 art. 109 (a last day that is a day off moves to the next working day).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, Literal

import msgspec

from app.kernel.calendar import CalendarUnknown, next_working_day
from app.kernel.words import Words
from lifecycle.rules.parameters import Reading
from lifecycle.rules.seasons import Season

Code = Literal["annual_income", "business_income", "vat"]
NAMES: Final[dict[Code, Words]] = {
    "annual_income": Words(zh="个人所得税综合所得年度汇算", en="Yearly settlement of income tax"),
    "business_income": Words(zh="个人所得税经营所得年度汇算", en="Yearly settlement of business income"),
    "vat": Words(zh="增值税按季申报", en="Value added tax of the quarter"),
}


class Filing(msgspec.Struct, frozen=True):
    """A filing: its first and its last day, both included."""

    code: Code
    name: Words
    first: date
    last: date


def filings(reading: Reading) -> Sequence[Filing]:
    """The filings in the year of the reading's day: two yearly ones of the year before, and four quarters'."""
    year = reading.as_of.year
    return (
        yearly("annual_income", reading, year),
        yearly("business_income", reading, year),
        *(_vat(reading, year, month) for month in (1, 4, 7, 10)),
    )


def yearly(code: Code, reading: Reading, year: int) -> Filing:
    """The filing of a year for the one before."""
    first, last = reading.get(f"tax_filing.{code}", Season).in_year(year)
    return Filing(code, NAMES[code], first, _moved(last))


def _vat(reading: Reading, year: int, month: int) -> Filing:
    first = date(year, month, 1)
    return Filing("vat", NAMES["vat"], first, _moved(first + timedelta(days=reading.number("tax_filing.vat") - 1)))


def _moved(last: date) -> date:
    """The last day, or the next working day where it is a day off; of a year whose days off aren't announced, the day itself."""
    try:
        return next_working_day(last)
    except CalendarUnknown:
        return last
