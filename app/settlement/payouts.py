"""What merchants are paid for a day: all of it on a working day after, unless more was given back than taken, which is carried."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from app.kernel import clock
from app.kernel.calendar import CalendarUnknown, add_working_days
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.kernel.ids import SHARDS, id_in_shard
from app.settlement.limits import limit_on
from app.settlement.system import SYSTEM

# What was carried stands in the merchant's last settlement before.
_DECIDE: Final = """
WITH moved AS (
  SELECT s.merchant_code,
    count(*) FILTER (WHERE s.kind = 'payment') AS payments_count, coalesce(sum(s.amount_fen) FILTER (WHERE s.kind = 'payment'), 0)::int8 AS payments_fen,
    count(*) FILTER (WHERE s.kind = 'charge') AS charges_count, coalesce(sum(s.amount_fen) FILTER (WHERE s.kind = 'charge'), 0)::int8 AS charges_fen,
    count(*) FILTER (WHERE s.kind = 'refund') AS refunds_count, coalesce(sum(s.amount_fen) FILTER (WHERE s.kind = 'refund'), 0)::int8 AS refunds_fen,
    count(*) FILTER (WHERE s.kind = 'reversal') AS reversals_count, coalesce(sum(s.amount_fen) FILTER (WHERE s.kind = 'reversal'), 0)::int8 AS reversals_fen,
    count(*) FILTER (WHERE s.kind = 'return') AS returns_count, coalesce(sum(s.amount_fen) FILTER (WHERE s.kind = 'return'), 0)::int8 AS returns_fen,
    sum(s.fee_fen)::int8 AS fee_fen
  FROM settled_transfer s WHERE s.shard = ANY ($1::int4[]) AND s.day = $2 GROUP BY s.merchant_code
), borne AS (
  SELECT b.merchant_code, count(*) AS borne_count, sum(b.amount_fen)::int8 AS borne_fen
  FROM settled_borne_sale b WHERE b.shard = ANY ($1::int4[]) AND b.day = $2 GROUP BY b.merchant_code
), all_moved AS (
  SELECT merchant_code, coalesce(payments_count, 0) AS payments_count, coalesce(payments_fen, 0) AS payments_fen,
    coalesce(charges_count, 0) AS charges_count, coalesce(charges_fen, 0) AS charges_fen, coalesce(refunds_count, 0) AS refunds_count,
    coalesce(refunds_fen, 0) AS refunds_fen, coalesce(reversals_count, 0) AS reversals_count, coalesce(reversals_fen, 0) AS reversals_fen,
    coalesce(returns_count, 0) AS returns_count, coalesce(returns_fen, 0) AS returns_fen, coalesce(borne_count, 0) AS borne_count,
    coalesce(borne_fen, 0) AS borne_fen, coalesce(fee_fen, 0) AS fee_fen
  FROM moved FULL JOIN borne USING (merchant_code)
), owed AS (
  SELECT m.*, coalesce(before.carried_out_fen, 0) AS carried_in_fen,
    m.payments_fen + m.charges_fen - m.refunds_fen - m.reversals_fen - m.returns_fen + m.borne_fen - m.fee_fen + coalesce(before.carried_out_fen, 0) AS fen
  FROM all_moved m LEFT JOIN LATERAL (
    SELECT b.carried_out_fen FROM merchant_settlement b WHERE b.merchant_code = m.merchant_code AND b.day < $2 ORDER BY b.day DESC LIMIT 1
  ) before ON true)
INSERT INTO merchant_settlement (merchant_code, day, payments_count, payments_fen, charges_count, charges_fen, refunds_count, refunds_fen,
  reversals_count, reversals_fen, returns_count, returns_fen, borne_count, borne_fen, fee_fen, carried_in_fen, payout_fen, carried_out_fen,
  pay_on, at)
SELECT merchant_code, $2, payments_count, payments_fen, charges_count, charges_fen, refunds_count, refunds_fen, reversals_count, reversals_fen,
  returns_count, returns_fen, borne_count, borne_fen, fee_fen, carried_in_fen, greatest(fen, 0), least(fen, 0), CASE WHEN fen > 0 THEN $3::date END, $4
FROM owed ON CONFLICT (merchant_code, day) DO NOTHING
"""
# In which shards a merchant who is paid has been settled since the payout before.
_OWED: Final = """
SELECT e.shard, array_agg(DISTINCT e.merchant_code) AS merchants FROM merchant_settlement d
JOIN settlement_entry e ON e.shard = ANY ($1::int4[]) AND e.merchant_code = d.merchant_code AND e.day <= d.day AND e.day > coalesce((
  SELECT max(p.day) FROM merchant_settlement p WHERE p.merchant_code = d.merchant_code AND p.day < d.day AND p.payout_fen > 0), '-infinity'::date)
WHERE d.day = $2 AND d.payout_fen > 0 GROUP BY e.shard ORDER BY e.shard
"""
_POST: Final = "SELECT post_payouts($1, $2, $3, $4, $5)"


def pay_day(day: date) -> date | None:
    """The day on which merchants are paid for a business day; nothing where that year's working days aren't announced yet."""
    try:
        return add_working_days(day, limit_on(day, "payout_working_days"))
    except CalendarUnknown:
        return None


async def decide(day: date) -> int:
    """Say for each merchant what is paid out for a day that was posted in every shard, or carried; says how many are new."""
    async with transaction(SYSTEM):
        return await execute(_DECIDE, list(SHARDS), day, pay_day(day), clock.now())


async def pay_out(day: date) -> None:
    """Post the day's payouts in every shard; doing it again posts nothing."""
    async with transaction(SYSTEM):
        rows = await fetch_all(_OWED, list(SHARDS), day)
    for row in rows:
        await pay_out_in_shard(row["shard"], day, row["merchants"])


async def pay_out_in_shard(shard: int, day: date, merchants: Sequence[str]) -> None:
    """Post a shard's part of the day's payouts, in a transaction of its own."""
    async with transaction(SYSTEM):
        ids = [id_in_shard(shard) for _ in merchants]
        await fetch_value(_POST, shard, day, clock.now(), list(merchants), ids)
