"""Proving settlements: the clearing accounts hold what isn't settled, and every day adds up by shard, merchant, fee and payout."""

from typing import Final

import msgspec

from app.kernel.database import fetch_one, transaction
from app.kernel.settings import Settings
from app.settlement.days import ends_at
from app.settlement.system import SYSTEM

_SIGNED: Final = "CASE WHEN {t}.kind IN ('payment', 'charge') THEN {t}.amount_fen ELSE -{t}.amount_fen END"
# What was moved through the clearing accounts of each shard, and how much of it was settled.
_CLEARING: Final = f"""
WITH moved AS (
  SELECT t.shard, t.kind IN ('charge', 'return') AS charged,
         sum({_SIGNED.format(t="t")}) FILTER (WHERE s.id IS NULL) AS waiting,
         count(*) FILTER (WHERE s.id IS NULL AND t.at < $1) AS late,
         count(*) FILTER (WHERE s.id IS NULL AND t.at < $1 AND (h.transfer_id IS NOT NULL OR p.transfer_id IS NOT NULL)) AS held,
         count(*) FILTER (WHERE s.id IS NOT NULL AND (s.amount_fen <> t.amount_fen OR s.kind <> t.kind OR s.merchant_code <> t.merchant_code)) AS altered
  FROM transfer t LEFT JOIN settled_transfer s ON s.shard = t.shard AND s.id = t.id
  LEFT JOIN (SELECT DISTINCT transfer_id FROM settlement_hold) h ON h.transfer_id = t.id
  LEFT JOIN (SELECT DISTINCT transfer_id FROM settlement_hold) p ON p.transfer_id = t.returns
  WHERE t.kind IN ('payment', 'charge', 'refund', 'reversal', 'return') GROUP BY 1, 2
)
SELECT count(*) FILTER (WHERE a.balance_fen <> coalesce(m.waiting, 0)) AS clearing, coalesce(sum(m.late - m.held), 0)::int8 AS left_behind,
       coalesce(sum(m.altered), 0)::int8 AS altered, coalesce(sum(m.held), 0)::int8 AS held
FROM account a LEFT JOIN moved m ON m.shard = a.shard AND m.charged = (a.kind = 'charge_clearing')
WHERE a.kind IN ('terminal_clearing', 'charge_clearing')
"""
_SAID: Final = f"""
(SELECT s.shard, s.merchant_code, s.day, {_SIGNED.format(t="s")} AS fen, s.fee_fen AS fee FROM settled_transfer s
 UNION ALL SELECT b.shard, b.merchant_code, b.day, b.amount_fen, 0 FROM settled_borne_sale b) settled
"""
# By shard, merchant and day: what the settled transfers say, and what the entries moved.
_ENTRIES: Final = f"""
WITH said AS (
  SELECT shard, merchant_code, day, sum(fen) AS fen, sum(fee) AS fee FROM {_SAID} GROUP BY 1, 2, 3
), moved AS (
  SELECT e.shard, e.merchant_code, e.day,
    sum(CASE WHEN a.kind = 'merchant_payable' THEN e.amount_fen ELSE -e.amount_fen END) FILTER (WHERE e.purpose IN ('terminal_sales', 'charges', 'borne')) AS fen,
    sum(CASE WHEN a.kind = 'fee_income' THEN e.amount_fen ELSE -e.amount_fen END) FILTER (WHERE e.purpose = 'fee') AS fee
  FROM settlement_entry e JOIN account a ON a.shard = e.shard AND a.id = e.credit WHERE e.purpose <> 'payout' GROUP BY 1, 2, 3
)
SELECT count(*) AS wrong FROM said s FULL JOIN moved m USING (shard, merchant_code, day)
WHERE coalesce(s.fen, 0) <> coalesce(m.fen, 0) OR coalesce(s.fee, 0) <> coalesce(m.fee, 0)
"""
# By merchant and day: what was decided, what the settled transfers say, and what was paid out; and that what was carried goes on.
_MERCHANTS: Final = f"""
WITH said AS (
  SELECT merchant_code, day, sum(fen) AS fen, sum(fee) AS fee FROM {_SAID} GROUP BY 1, 2
), paid AS (
  SELECT e.merchant_code, e.day, sum(CASE WHEN a.kind = 'merchant_payout' THEN e.amount_fen ELSE -e.amount_fen END) AS fen
  FROM settlement_entry e JOIN account a ON a.shard = e.shard AND a.id = e.credit WHERE e.purpose = 'payout' GROUP BY 1, 2
), chain AS (
  SELECT d.*, lag(d.carried_out_fen, 1, 0::int8) OVER (PARTITION BY d.merchant_code ORDER BY d.day) AS before FROM merchant_settlement d
)
SELECT count(*) AS wrong FROM chain d
FULL JOIN (SELECT s.* FROM said s JOIN settlement_day k ON k.day = s.day AND k.paid_at IS NOT NULL) s USING (merchant_code, day)
LEFT JOIN paid p USING (merchant_code, day) LEFT JOIN settlement_day k USING (day)
WHERE d.fee_fen IS NULL OR s.fen IS NULL AND k.paid_at IS NOT NULL
  OR d.fee_fen <> s.fee OR d.payout_fen + d.carried_out_fen <> s.fen - s.fee + d.carried_in_fen OR d.before <> d.carried_in_fen
  OR (k.paid_at IS NOT NULL AND d.payout_fen <> coalesce(p.fen, 0))
"""
_LAST: Final = "SELECT max(day) AS day, count(*) AS days FROM settlement_day WHERE posted_at IS NOT NULL"


class SettlementProof(msgspec.Struct, frozen=True):
    """What was counted; settlements hold when all but the first two is zero."""

    days: int
    held: int
    clearing_accounts_wrong: int
    left_behind: int
    settled_otherwise: int
    entries_wrong: int
    merchants_wrong: int

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not any(msgspec.structs.astuple(self)[2:])


class SettlementWrong(Exception):  # noqa: N818 - a finding, named as a fact
    """Settlements don't add up; the message says in what."""


async def check_settlement() -> SettlementProof:
    """Count all that must not be after settlements: money in clearing accounts that is settled, transfers left behind, days that don't add up."""
    async with transaction(SYSTEM):
        last = await fetch_one(_LAST)
        if last is None or last["day"] is None:
            return SettlementProof(0, 0, 0, 0, 0, 0, 0)
        clearing = await fetch_one(_CLEARING, ends_at(last["day"]))
        entries, merchants = await fetch_one(_ENTRIES), await fetch_one(_MERCHANTS)
    if clearing is None or entries is None or merchants is None:
        raise LookupError
    return SettlementProof(
        last["days"],
        *(clearing["held"], clearing["clearing"], clearing["left_behind"], clearing["altered"]),
        *(entries["wrong"], merchants["wrong"]),
    )


async def settlement_finding(_settings: Settings) -> str:
    """Say for `fuhai check` that every closed day adds up; raises `SettlementWrong` with what was counted otherwise."""
    proof = await check_settlement()
    if not proof.holds:
        wrong = {name: count for name, count in list(msgspec.structs.asdict(proof).items())[2:] if count}
        raise SettlementWrong(", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in wrong.items()))
    return (
        f"{proof.days} days settled, {proof.held} payments held; the clearing accounts hold nothing else that was due"
    )
