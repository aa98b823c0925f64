"""Who takes the card, and what they sell."""

from app.card.receipts import SYSTEM
from app.kernel.database import Row, execute, transaction
from app.kernel.words import Words


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


def words_of(row: Row | None) -> Words | None:
    """A merchant's name from a row with `name_zh` and `name_en`, if it is known."""
    return Words(zh=row["name_zh"], en=row["name_en"]) if row and row["name_zh"] is not None else None
