"""What this room exports of a person, and what it may erase."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from app.card.channel_errors import OfflineSalesAwaited
from app.kernel import clock
from app.kernel.database import Row, execute, fetch_all, fetch_value, transaction
from app.kernel.errors import Refusal
from app.kernel.ids import shard_of
from app.kernel.words import Words
from app.offline.issuer import OFFLINE
from app.offline.limits import limit_on

COLUMNS: Final = {
    "offline_certificate": "id, device_id, not_before, not_after, payment_max_fen, sum_max_fen",
    "offline_sale": "id, merchant_code, sold_at, received_at, amount_fen, state, reason, transfer_id",
}
"""By table, what a person may read; codes, digests and terminals' numbers are left out."""
TABLES: Final = tuple(COLUMNS)
_OWED: Final = "SELECT id FROM offline_sale WHERE shard = $1 AND citizen_id = $2 AND state = 'owed' FOR UPDATE"
_OWED_FEN: Final = "SELECT coalesce(sum(amount_fen), 0)::int8 FROM offline_sale WHERE shard = $1 AND citizen_id = $2 AND state = 'owed'"
_LAST_ENDS: Final = (
    "SELECT max(not_after) FROM offline_certificate WHERE shard = $1 AND citizen_id = $2 AND not_after > $3"
)
_MAY_COME: Final = "SELECT id FROM offline_certificate WHERE shard = $1 AND citizen_id = $2 AND not_after > $3"


class OfflineExporter:
    """Exports the certificates of a person's devices, and what was bought without a line."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Everything of the person in these tables, in the order of its making."""
        async with transaction(OFFLINE):
            return {table: [dict(row) for row in await _rows(table, citizen_id)] for table in TABLES}


class OfflineEraser:
    """Deletes certificates, and keeps sales: they are the vouchers of transfers.

    Source: 会计档案管理办法 (2015), vouchers thirty years [verify].
    """

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:
        """Delete the certificates, and say how many those were; harmless when repeated."""
        async with transaction(OFFLINE):
            return await execute(
                "DELETE FROM offline_certificate WHERE shard = $1 AND citizen_id = $2", shard_of(citizen_id), citizen_id
            )


async def awaited(citizen_id: UUID) -> Refusal | None:
    """What keeps a card from being cancelled: what it owes, or what terminals may still bring in; its balance would be gone by then."""
    now = clock.now()
    hours = timedelta(hours=limit_on(now.date(), "upload_hours"))
    async with transaction(OFFLINE):
        owed = await fetch_value(_OWED_FEN, shard_of(citizen_id), citizen_id)
        ends = await fetch_value(_LAST_ENDS, shard_of(citizen_id), citizen_id, now - hours)
    if not owed and ends is None:
        return None
    return OfflineSalesAwaited(owed_fen=owed, until=(ends + hours).isoformat() if ends else None)


class SalesOwed:
    """Nobody is erased while their card owes what it bought without a line, or while more of it may come in."""

    code = "offline_sales_owed"
    title = Words(
        zh="市民卡有脱机消费尚未扣款或可能尚未上送。", en="Payments made offline are owed, or may not have come in yet."
    )

    async def count(self, citizen_id: UUID) -> int:
        """Sales that are owed, and certificates that a terminal may still bring sales of."""
        now = clock.now()
        since = now - timedelta(hours=limit_on(now.date(), "upload_hours"))
        async with transaction(OFFLINE):
            owed = await fetch_all(_OWED, shard_of(citizen_id), citizen_id)
            open_ones = await fetch_all(_MAY_COME, shard_of(citizen_id), citizen_id, since)
        return len(owed) + len(open_ones)


async def _rows(table: str, citizen_id: UUID) -> list[Row]:
    return await fetch_all(
        f"SELECT {COLUMNS[table]} FROM {table} WHERE shard = $1 AND citizen_id = $2 ORDER BY id",
        *(shard_of(citizen_id), citizen_id),
    )
