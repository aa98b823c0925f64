"""What stands on a statement, as its template reads it: totals by category, and every movement with what lay on the card after it.

Movements are handed to the typesetter as columns of a page each, not as cells: ten thousand of them take a second and 150 MB of a process
that ends with it, cells four times that.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Final

import msgspec

from app.card.categories import NAMES
from app.card.errors import StatementDoesNotAddUp
from app.card.kinds import named
from app.card.months import Month, begin, next_month
from app.card.numbers import masked_number
from app.card.spending import Merchants, added_up, by_group
from app.card.spending_structs import Totals, month_name
from app.kernel import clock
from app.kernel.database import Row, fetch_all
from app.kernel.ids import lowest_id, shard_of
from app.kernel.money import yuan
from app.pki.typesetting import spelled_out

TEMPLATE: Final = Path(__file__).parent / "templates" / "statement.typ"
LINES_A_PAGE: Final = 52
_WIDEST: Final = 22.0
_DAY: Final = timedelta(days=1)
_MOVEMENTS: Final = """
SELECT t.id, t.at, t.kind, t.amount_fen, t.credit = $3 AS coming, t.merchant_code, m.name_zh, m.name_en
FROM transfer t LEFT JOIN merchant m ON m.code = t.merchant_code
WHERE t.shard = $1 AND t.citizen_id = $2 AND t.id >= $4 AND t.id < $5 AND t.at >= $6 AND t.at < $7 AND $3 IN (t.debit, t.credit) ORDER BY t.at, t.id
"""


class Statement(msgspec.Struct, frozen=True):
    """Whose statement it is, of which card and month, its number, and when it is made."""

    number: str
    name: str
    card_number: str
    month: Month
    made_at: datetime


async def movements_in(card: Row, month: date) -> list[Row]:
    """The movements of a month in their order, in the system transaction in progress."""
    owner, since, until = card["citizen_id"], begin(month), begin(next_month(month))
    span = lowest_id(since - _DAY), lowest_id(until + _DAY), since, until
    return await fetch_all(_MOVEMENTS, shard_of(owner), owner, card["account_id"], *span)


def paper(statement: Statement, movements: Sequence[Row], merchants: Merchants) -> dict[str, object]:
    """A statement's values; refuses (`StatementDoesNotAddUp`) movements that don't lead from the month's beginning to its end."""
    month = statement.month
    after = list(accumulate((_signed(row) for row in movements), initial=month.opening_fen))
    totals = added_up(month.totals)
    if after[-1] != month.closing_fen or len(movements) != totals.in_count + totals.out_count:
        raise StatementDoesNotAddUp(month=month_name(month.month))
    return {
        "number": statement.number,
        "name": spelled_out(statement.name),
        "card": masked_number(statement.card_number),
        "month": month_name(month.month),
        "made_on": f"{statement.made_at:%Y-%m-%d}",
        "opening": yuan(month.opening_fen),
        "closing": yuan(month.closing_fen),
        "total": _row("合计", "Total", totals),
        "groups": [_row(NAMES[group].zh, NAMES[group].en, one) for group, one in by_group(month, merchants).items()],
        "pages": list(_pages(movements, after[1:])),
    }


def _row(zh: str, en: str, totals: Totals) -> Mapping[str, str]:
    return {
        "zh": zh,
        "en": en,
        "in": yuan(totals.in_fen),
        "in_count": str(totals.in_count),
        "out": yuan(totals.out_fen),
        "out_count": str(totals.out_count),
    }


def _pages(movements: Sequence[Row], after: Sequence[int]) -> Iterator[list[str]]:
    """The lines of each page, a text for each column."""
    for start in range(0, len(movements), LINES_A_PAGE):
        end = start + LINES_A_PAGE
        lines = [
            _line(start + place, row, left)
            for place, (row, left) in enumerate(zip(movements[start:end], after[start:end], strict=True), 1)
        ]
        yield ["\n".join(column) for column in zip(*lines, strict=True)]


def _line(number: int, row: Row, left_fen: int) -> tuple[str, ...]:
    amount = f"{'+' if row['coming'] else '-'}{yuan(row['amount_fen'])}"
    at = clock.local(row["at"])
    return str(number), f"{at:%m-%d %H:%M:%S}", named(row["kind"]), fitting(_who(row)), amount, yuan(left_fen)


def _who(row: Row) -> str:
    """The merchant in Chinese, and in English too where both fit; never an empty text, so that lines stay beside each other."""
    zh, en = row["name_zh"] or row["merchant_code"] or "—", row["name_en"] or ""
    both = spelled_out(f"{zh} {en}" if en and en != zh else zh)
    return both if width(both) <= _WIDEST else spelled_out(zh)


def fitting(text: str) -> str:
    """A text on one line, cut with an ellipsis where it is wider than its column; the receipt has it in full."""
    line = " ".join(text.split())
    if width(line) <= _WIDEST:
        return line or "—"
    widths = list(accumulate(map(width, line)))
    return line[: sum(1 for one in widths if one <= _WIDEST - 1)] + "…"


def width(text: str) -> float:
    """How wide a text is set at the most, in ems."""
    return sum(1.0 if not letter.isascii() or letter in "MW@%mw" else 0.72 for letter in text)


def _signed(row: Row) -> int:
    amount: int = row["amount_fen"]
    return amount if row["coming"] else -amount
