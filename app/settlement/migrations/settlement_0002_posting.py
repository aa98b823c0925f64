"""The two functions by which a settlement is posted: only they may write settled transfers and entries."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-30T11:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The two functions by which a settlement is posted"

# The accounts' ids are computed: a number for the purpose (1 and 3 clear terminals and charges), then the shard.
ACCOUNTS: Final = """
  terminal constant uuid := ('00000000-0000-7001-8000-' || lpad(to_hex(of_shard), 12, '0'))::uuid;
  charges constant uuid := ('00000000-0000-7003-8000-' || lpad(to_hex(of_shard), 12, '0'))::uuid;
  payable constant uuid := ('00000000-0000-700b-8000-' || lpad(to_hex(of_shard), 12, '0'))::uuid;
  fees constant uuid := ('00000000-0000-700c-8000-' || lpad(to_hex(of_shard), 12, '0'))::uuid;
  paid_out constant uuid := ('00000000-0000-700d-8000-' || lpad(to_hex(of_shard), 12, '0'))::uuid;
  loss constant uuid := ('00000000-0000-700e-8000-' || lpad(to_hex(of_shard), 12, '0'))::uuid;
"""
# The shard's accounts are locked last, in the order of their ids, as whatever else posts does; nothing here waits for a card.
MOVE: Final = """
  IF cardinality(made) > 0 THEN
    PERFORM 1 FROM account a WHERE a.shard = of_shard AND a.id = ANY (ARRAY[terminal, charges, payable, fees, paid_out, loss])
      ORDER BY a.id FOR NO KEY UPDATE;
    UPDATE account a SET balance_fen = a.balance_fen + m.fen FROM (
        SELECT e.account, sum(e.fen)::int8 AS fen FROM (
          SELECT x.credit AS account, x.amount_fen AS fen FROM settlement_entry x WHERE x.shard = of_shard AND x.id = ANY (made)
          UNION ALL SELECT x.debit, -x.amount_fen FROM settlement_entry x WHERE x.shard = of_shard AND x.id = ANY (made)
        ) e GROUP BY e.account) m
      WHERE a.shard = of_shard AND a.id = m.account;
  END IF;
"""
# Each transfer is settled once, for good, by its own id. What gives a payment back follows the payment: it's settled only after it, and
# gives back the part of the fee that the rest of the payment doesn't bear. Fees are rounded half up to the fen for each transfer. What the
# issuer bears of offline sales is credited too, without a fee.
POST_SETTLEMENT: Final = f"""
CREATE FUNCTION post_settlement(of_shard int4, of_day date, row_id uuid, at timestamptz, until timestamptz, since uuid,
                                merchants text[], rates int4[], entry_ids uuid[],
                                held uuid[], freed uuid[]) RETURNS int8
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
DECLARE
{ACCOUNTS}
  settled int8;
  more int8;
  made uuid[];
BEGIN
  IF cardinality(rates) <> cardinality(merchants) OR cardinality(entry_ids) <> 4 * cardinality(merchants) THEN
    RAISE EXCEPTION 'a rate and four ids for each merchant' USING ERRCODE = 'cardinality_violation';
  END IF;
  INSERT INTO settled_shard (id, shard, day, at) VALUES (row_id, of_shard, of_day, at) ON CONFLICT (shard, day) DO NOTHING;
  IF NOT FOUND THEN
    RETURN -1;
  END IF;

  INSERT INTO settled_transfer (id, shard, day, merchant_code, kind, amount_fen, basis_points, fee_fen)
    SELECT t.id, t.shard, of_day, t.merchant_code, t.kind, t.amount_fen, m.rate, (t.amount_fen * m.rate + 5000) / 10000
    FROM transfer t JOIN unnest(merchants, rates) AS m (code, rate) ON m.code = t.merchant_code
    WHERE t.shard = of_shard AND (t.id > since OR t.id = ANY (freed)) AND t.at < until AND t.kind IN ('payment', 'charge')
      AND t.id <> ALL (held)
      AND NOT EXISTS (SELECT 1 FROM settled_transfer s WHERE s.shard = t.shard AND s.id = t.id);
  GET DIAGNOSTICS settled = ROW_COUNT;

  INSERT INTO settled_transfer (id, shard, day, merchant_code, kind, amount_fen, basis_points, fee_fen, returns)
    SELECT b.id, b.shard, of_day, b.merchant_code, b.kind, b.amount_fen, b.rate,
           ((b.rest - b.amount_fen) * b.rate + 5000) / 10000 - (b.rest * b.rate + 5000) / 10000, b.returns
    FROM (
      SELECT t.id, t.shard, t.merchant_code, t.kind, t.amount_fen, t.returns, p.basis_points AS rate,
             p.amount_fen - coalesce(earlier.fen, 0) - coalesce(sum(t.amount_fen) OVER (
               PARTITION BY t.returns ORDER BY t.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::int8 AS rest
      FROM transfer t JOIN settled_transfer p ON p.shard = t.shard AND p.id = t.returns
      LEFT JOIN LATERAL (
        SELECT sum(s.amount_fen)::int8 AS fen FROM settled_transfer s WHERE s.shard = t.shard AND s.returns = t.returns
      ) earlier ON true
      WHERE t.shard = of_shard AND (t.id > since OR t.id = ANY (freed)) AND t.at < until
        AND t.kind IN ('refund', 'reversal', 'return') AND t.merchant_code = ANY (merchants) AND t.id <> ALL (held)
        AND NOT EXISTS (SELECT 1 FROM settled_transfer s WHERE s.shard = t.shard AND s.id = t.id)
    ) b;
  GET DIAGNOSTICS more = ROW_COUNT;

  INSERT INTO settled_borne_sale (id, shard, day, merchant_code, amount_fen)
    SELECT b.id, b.shard, of_day, b.merchant_code, b.amount_fen FROM offline_sale b
    WHERE b.shard = of_shard AND b.merchant_code = ANY (merchants) AND b.state = 'borne' AND b.received_at < until AND b.id <> ALL (held)
      AND NOT EXISTS (SELECT 1 FROM settled_borne_sale s WHERE s.shard = b.shard AND s.id = b.id);

  WITH moved AS (
    SELECT m.n, m.code AS merchant_code,
      coalesce(sum(CASE WHEN s.kind = 'payment' THEN s.amount_fen ELSE -s.amount_fen END)
        FILTER (WHERE s.kind IN ('payment', 'refund', 'reversal')), 0)::int8 AS sales,
      coalesce(sum(CASE WHEN s.kind = 'charge' THEN s.amount_fen ELSE -s.amount_fen END)
        FILTER (WHERE s.kind IN ('charge', 'return')), 0)::int8 AS charged,
      coalesce(sum(s.fee_fen), 0)::int8 AS fee,
      (SELECT coalesce(sum(b.amount_fen), 0)::int8 FROM settled_borne_sale b
        WHERE b.shard = of_shard AND b.day = of_day AND b.merchant_code = m.code) AS borne
    FROM unnest(merchants) WITH ORDINALITY AS m (code, n)
    LEFT JOIN settled_transfer s ON s.shard = of_shard AND s.day = of_day AND s.merchant_code = m.code GROUP BY m.n, m.code
  ), entered AS (
    INSERT INTO settlement_entry (id, shard, day, merchant_code, purpose, debit, credit, amount_fen, at)
    SELECT entry_ids[(4 * (moved.n - 1) + e.slot)::int], of_shard, of_day, moved.merchant_code, e.purpose,
           CASE WHEN e.fen > 0 THEN e.source ELSE e.goal END, CASE WHEN e.fen > 0 THEN e.goal ELSE e.source END,
           abs(e.fen), post_settlement.at
    FROM moved CROSS JOIN LATERAL (VALUES (1, 'terminal_sales', moved.sales, terminal, payable),
                                          (2, 'charges', moved.charged, charges, payable),
                                          (3, 'fee', moved.fee, payable, fees),
                                          (4, 'borne', moved.borne, loss, payable)) AS e (slot, purpose, fen, source, goal)
    WHERE e.fen <> 0 RETURNING id)
  SELECT coalesce(array_agg(entered.id), '{{}}') INTO made FROM entered;
{MOVE}
  RETURN settled + more;
END $$
"""
# What a shard owes a merchant since the last payout is paid out: the entries after it, up to the day, fall to zero.
POST_PAYOUTS: Final = f"""
CREATE FUNCTION post_payouts(of_shard int4, of_day date, at timestamptz, merchants text[], entry_ids uuid[]) RETURNS int8
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
DECLARE
{ACCOUNTS}
  made uuid[];
BEGIN
  IF cardinality(entry_ids) <> cardinality(merchants) THEN
    RAISE EXCEPTION 'an id for each merchant' USING ERRCODE = 'cardinality_violation';
  END IF;
  PERFORM 1 FROM settled_shard s WHERE s.shard = of_shard AND s.day = of_day;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'day % of shard % is not settled', of_day, of_shard USING ERRCODE = 'foreign_key_violation';
  END IF;
  WITH owed AS (
    SELECT m.n, m.code, (
        SELECT sum(CASE WHEN e.credit = payable THEN e.amount_fen ELSE -e.amount_fen END)::int8 FROM settlement_entry e
        WHERE e.shard = of_shard AND e.merchant_code = m.code AND e.day <= of_day AND e.day > coalesce((
            SELECT max(p.day) FROM merchant_settlement p WHERE p.merchant_code = m.code AND p.day < of_day AND p.payout_fen > 0),
          '-infinity'::date) AND NOT (e.purpose = 'payout' AND e.day = of_day)) AS fen
    FROM unnest(merchants) WITH ORDINALITY AS m (code, n)
    JOIN merchant_settlement d ON d.merchant_code = m.code AND d.day = of_day AND d.payout_fen > 0
  ), entered AS (
    INSERT INTO settlement_entry (id, shard, day, merchant_code, purpose, debit, credit, amount_fen, at)
    SELECT entry_ids[owed.n::int], of_shard, of_day, owed.code, 'payout',
           CASE WHEN owed.fen > 0 THEN payable ELSE paid_out END, CASE WHEN owed.fen > 0 THEN paid_out ELSE payable END,
           abs(owed.fen), post_payouts.at
    FROM owed WHERE owed.fen <> 0
    ON CONFLICT (shard, merchant_code, day, purpose) DO NOTHING RETURNING id)
  SELECT coalesce(array_agg(entered.id), '{{}}') INTO made FROM entered;
{MOVE}
  RETURN cardinality(made);
END $$
"""
_SETTLEMENT: Final = (
    "post_settlement(int4, date, uuid, timestamptz, timestamptz, uuid, text[], int4[], uuid[], uuid[], uuid[])"
)
_PAYOUTS: Final = "post_payouts(int4, date, timestamptz, text[], uuid[])"


async def forwards() -> MigrationManager:
    """Make the functions, and let nobody but the system call them."""
    return migration(
        ID,
        "settlement",
        DESCRIPTION,
        (
            POST_SETTLEMENT,
            POST_PAYOUTS,
            *(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC" for name in (_SETTLEMENT, _PAYOUTS)),
            *(f"GRANT EXECUTE ON FUNCTION {name} TO fuhai_system" for name in (_SETTLEMENT, _PAYOUTS)),
        ),
    )
