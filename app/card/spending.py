"""What came and went on a card, by month, category and merchant: totals for charts, from months that are added up once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final

from app.card.cards import require_card
from app.card.categories import NAMES, Group, group_of
from app.card.merchants import words_of
from app.card.months import Month, Total, month_of, months_of
from app.card.receipts import SYSTEM
from app.card.spending_structs import SpendingItem, SpendingView, Totals, WantedMonths, month_name, month_named
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.words import Words
from app.records.errors import PeriodReversed

MOST_ITEMS: Final = 100
_MONTHS_UNASKED: Final = 12
_MERCHANTS: Final = "SELECT code, name_zh, name_en, mcc FROM merchant WHERE code = ANY ($1::text[])"
Merchants = Mapping[str, Row]


async def spending(citizen: Citizen, wanted: WantedMonths) -> SpendingView:
    """Totals of some months of the citizen's card: of the last twelve, if none are named.

    Refuses `CardNotOpened`, and `PeriodReversed` for a first month after the last.
    """
    first, last = _period(wanted)
    async with transaction(citizen):
        card = await require_card(citizen)
        async with transaction(SYSTEM):
            months = [one for one in await months_of(card) if first <= one.month <= last]
            merchants = await merchants_of(months)
    if wanted.by == "month":
        items = [SpendingItem(month_name(one.month), None, added_up(one.totals)) for one in months]
        shown, rest = items, list[SpendingItem]()
    else:
        items = _grouped(months, _by_category(merchants) if wanted.by == "category" else _by_merchant(merchants))
        shown, rest = items[:MOST_ITEMS], items[MOST_ITEMS:]
    return SpendingView(
        first_month=month_name(first),
        last_month=month_name(last),
        by=wanted.by,
        total=_sum(one.totals for one in items),
        items=tuple(shown),
        rest=_sum(one.totals for one in rest) if rest else None,
    )


async def merchants_of(months: Iterable[Month]) -> Merchants:
    """The merchants of some months by their code, in the transaction in progress."""
    codes = {total.merchant_code for one in months for total in one.totals if total.merchant_code is not None}
    return {row["code"]: row for row in await fetch_all(_MERCHANTS, sorted(codes))}


def added_up(totals: Iterable[Total]) -> Totals:
    """What came and what went, together."""
    coming = going = coming_count = going_count = 0
    for one in totals:
        if one.coming:
            coming, coming_count = coming + one.fen, coming_count + one.count
        else:
            going, going_count = going + one.fen, going_count + one.count
    return Totals(coming, coming_count, going, going_count)


def by_group(month: Month, merchants: Merchants) -> dict[Group, Totals]:
    """A month's totals by category, in the order in which categories are listed."""
    found: dict[Group, list[Total]] = defaultdict(list)
    for total in month.totals:
        found[_group(total, merchants)].append(total)
    return {group: added_up(found[group]) for group in NAMES if group in found}


Named = tuple[str, Words | None]


def _by_category(merchants: Merchants) -> Callable[[Total], Named]:
    def named(total: Total) -> Named:
        group = _group(total, merchants)
        return group, NAMES[group]

    return named


def _by_merchant(merchants: Merchants) -> Callable[[Total], Named]:
    def named(total: Total) -> Named:
        if total.merchant_code is None:
            group = _group(total, merchants)
            return group, NAMES[group]
        return total.merchant_code, words_of(merchants.get(total.merchant_code))

    return named


def _group(total: Total, merchants: Merchants) -> Group:
    merchant = merchants.get(total.merchant_code or "")
    return group_of(total.kind, merchant["mcc"] if merchant else None, coming=total.coming)


def _grouped(months: Iterable[Month], named: Callable[[Total], Named]) -> list[SpendingItem]:
    """By what went, most first; then by what came, and by key, so that the order is always the same."""
    found: dict[Named, list[Total]] = defaultdict(list)
    for one in months:
        for total in one.totals:
            found[named(total)].append(total)
    items = [SpendingItem(key, name, added_up(totals)) for (key, name), totals in found.items()]
    return sorted(items, key=lambda item: (-item.totals.out_fen, -item.totals.in_fen, item.key))


def _sum(totals: Iterable[Totals]) -> Totals:
    each = [(one.in_fen, one.in_count, one.out_fen, one.out_count) for one in totals]
    return Totals(*(sum(column) for column in zip(*each, strict=True))) if each else Totals(0, 0, 0, 0)


def _period(wanted: WantedMonths) -> tuple[date, date]:
    last = month_named(wanted.last_month) if wanted.last_month else month_of(clock.now())
    first = month_named(wanted.first_month) if wanted.first_month else _before(last, _MONTHS_UNASKED - 1)
    if first > last:
        raise PeriodReversed
    return first, last


def _before(month: date, months: int) -> date:
    year, index = divmod(month.year * 12 + month.month - 1 - months, 12)
    return date(year, index + 1, 1)
