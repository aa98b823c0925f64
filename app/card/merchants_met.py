"""Which merchants a search means, among those that a card has ever met: its months say which those are, and when.

So a search reads the card's own movements, between the first and the last month that has any, and compares codes only.
"""

from datetime import datetime

import msgspec

from app.card.cards import card_row
from app.card.categories import COMING, group_of
from app.card.months import Month, begin, months_of, next_month
from app.card.receipts import SYSTEM
from app.card.spending import Merchants, merchants_of
from app.card.spending_structs import Wanted
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, transaction
from app.kernel.text import normalised


class Among(msgspec.Struct, frozen=True):
    """The codes that are meant, and the months in which the card met them: from when on, and until before when."""

    codes: list[str]
    since: datetime
    until: datetime


async def among_merchants(citizen: Citizen, wanted: Wanted) -> Among:
    """Which of the merchants of a citizen's card are meant, in the transaction in progress; who has no card has met none."""
    async with transaction(SYSTEM):
        card = await card_row(citizen.id)
        months = await months_of(card) if card is not None else []
        merchants = await merchants_of(months)
    met = {total.merchant_code for one in months for total in one.totals}
    codes = {code for code in met if code is not None and _meant(code, merchants, wanted)}
    return Among(sorted(codes), *_span(months, codes))


def _meant(code: str, merchants: Merchants, wanted: Wanted) -> bool:
    row = merchants.get(code)
    if wanted.merchant not in {None, code}:
        return False
    group = group_of("", row["mcc"] if row else None, coming=False)
    fits = wanted.category is None or wanted.category in COMING or wanted.category == group
    return fits and _named(row, wanted.q)


def _named(row: Row | None, part: str | None) -> bool:
    """Whether a text stands in a merchant's name, large or small letters."""
    if part is None:
        return True
    names = (row["name_zh"], row["name_en"]) if row else ()
    return any(normalised(part).casefold() in name.casefold() for name in names)


def _span(months: list[Month], codes: set[str]) -> tuple[datetime, datetime]:
    """From the first month with one of these codes to the last; nothing at all where there is none."""
    with_them = [one.month for one in months if any(total.merchant_code in codes for total in one.totals)]
    if not with_them:
        return clock.now(), clock.now()
    return begin(with_them[0]), begin(next_month(with_them[-1]))
