"""Who takes the card, and what they sell."""

from collections.abc import Collection, Mapping
from time import monotonic
from typing import Final

from app.card.receipts import SYSTEM
from app.kernel.database import Row, alone, execute, transaction
from app.kernel.words import Words

_REMEMBERED_SECONDS: Final = 10
_names: Final[dict[str, tuple[Words | None, float]]] = {}


async def names_of(codes: Collection[str]) -> Mapping[str, Words | None]:
    """The names of merchants, none for one that isn't known; a name that is corrected elsewhere is seen ten seconds later."""
    at = monotonic()
    asked = [code for code in codes if code not in _names or _names[code][1] <= at]
    if asked:
        rows = await alone("SELECT code, name_zh, name_en FROM merchant WHERE code = ANY ($1::text[])", asked)
        found = {row["code"]: words_of(row) for row in rows}
        _names.update({code: (found.get(code), at + _REMEMBERED_SECONDS) for code in asked})
    return {code: _names[code][0] for code in codes}


async def register_merchant(code: str, name: Words, mcc: str | None = None) -> None:
    """Make a merchant known, or correct its name.

    `mcc` is its category code (ISO 18245, four digits); without one, the code that is known stays.
    """
    async with transaction(SYSTEM):
        await execute(
            "INSERT INTO merchant (code, name_zh, name_en, mcc) VALUES ($1, $2, $3, $4) ON CONFLICT (code) DO UPDATE "
            "SET name_zh = excluded.name_zh, name_en = excluded.name_en, mcc = coalesce(excluded.mcc, merchant.mcc)",
            *(code, name.zh, name.en, mcc),
        )
    _names.pop(code, None)


def words_of(row: Row | None) -> Words | None:
    """A merchant's name from a row with `name_zh` and `name_en`, if it is known."""
    return Words(zh=row["name_zh"], en=row["name_en"]) if row and row["name_zh"] is not None else None
