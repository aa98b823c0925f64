"""What crosses the wire about months: totals for charts, statements. Amounts are fen, months `YYYY-MM` in Asia/Shanghai."""

from datetime import date
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from app.card.categories import COMING, Group
from app.card.structs import TransferKind
from app.kernel.structs import Code, ShortLine, View
from app.kernel.words import Words

MONTH: Final = r"\A20[0-9]{2}-(0[1-9]|1[0-2])\Z"
MonthName = Annotated[str, Meta(pattern=MONTH, description="A month, `YYYY-MM`, in Asia/Shanghai.")]
By = Literal["month", "category", "merchant"]


class Totals(View, frozen=True):
    """What came and what went: amounts in fen, and how many movements."""

    in_fen: int
    in_count: int
    out_fen: int
    out_count: int


class SpendingItem(View, frozen=True):
    """The totals of one month, category or merchant; `key` is the month, the category or the merchant's code.

    What has no merchant (top-ups) stands under its category.
    """

    key: str
    name: Words | None
    totals: Totals


class SpendingView(View, frozen=True):
    """Totals of some months, both included, for a chart.

    Months come in their order, all others by what went, most first; `rest` adds up what doesn't stand among the first hundred.
    """

    first_month: str
    last_month: str
    by: By
    total: Totals
    items: tuple[SpendingItem, ...]
    rest: Totals | None


class StatementMonth(View, frozen=True):
    """A month that is over, as its statement tells it."""

    month: str
    opening_fen: int
    totals: Totals
    closing_fen: int


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which movements are looked for; `q` is a part of the merchant's name, in Chinese or English."""

    first_month: MonthName | None = None
    last_month: MonthName | None = None
    kind: TransferKind | None = None
    merchant: Code | None = None
    category: Group | None = None
    q: ShortLine | None = None

    @property
    def names_merchants(self) -> bool:
        """Whether only movements with some merchants are looked for."""
        return not (self.merchant is None and self.q is None and self.category in {None, *COMING})


class WantedMonths(msgspec.Struct, frozen=True, kw_only=True):
    """Of which months totals are wanted, and by what."""

    first_month: MonthName | None = None
    last_month: MonthName | None = None
    by: By = "month"


class StatementToMake(msgspec.Struct, frozen=True):
    """Whose statement of which month is to be made (`month` is its first day)."""

    citizen_id: UUID
    month: date


def month_named(name: str) -> date:
    """The first day of a month that was checked to be one."""
    return date(int(name[:4]), int(name[5:]), 1)


def month_name(month: date) -> str:
    """A month as it crosses the wire."""
    return f"{month:%Y-%m}"
