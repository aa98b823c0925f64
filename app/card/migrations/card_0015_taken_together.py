"""Taking many payments at terminals in one statement: judged, posted, told and sealed, with what each card spends in a day and a month."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-30T15:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Taking many payments at terminals in one statement, and counting what a card spends in a day and a month"

_ASKED: Final = (
    "id, shard, card_id, code_id, shown_micros, level, amount_fen, principal, request_key, fingerprint, sequence, merchant_code, "
    "doubt, receipt, clearing"
)
# The cards' accounts are locked in the order of their ids, so two batches never wait for each other in a circle; all that is judged is
# read after that, in one statement, which also writes everything. So a payment is one row of each table, or of none. An event and an act
# have the transfer's id: it is the same fact. The shards' clearing accounts are touched once each. The plans are held to the indexes, since
# they are made when a new city's tables are still empty. `limits` are those of `app.card.limits.most_for`; its holder's own lower them.
TAKE_PAYMENTS: Final = f"""
CREATE FUNCTION take_payments(
  moment timestamptz, today date,
  ids uuid[], shards int4[], cards uuid[], codes uuid[], shown_micros int8[], levels int4[], amounts int8[], principals text[],
  request_keys text[], fingerprints bytea[], sequences int8[], merchants text[], doubts text[], receipts bytea[],
  clearings uuid[], limit_classes text[], limit_levels int4[], limit_payments int8[], limit_days int8[], limit_months int8[])
RETURNS TABLE (outcome text, known_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  found_cards int8;
  found_accounts int8;
  month constant date := date_trunc('month', today)::date;
BEGIN
  SELECT count(*), count(DISTINCT locked.id) INTO found_cards, found_accounts FROM (
    SELECT a.id FROM unnest(shards, cards) b (shard, card_id)
    JOIN card c ON c.shard = b.shard AND c.id = b.card_id
    JOIN account a ON a.shard = c.shard AND a.id = coalesce(c.account_id, c.former_account_id)
    ORDER BY a.shard, a.id FOR NO KEY UPDATE OF a) locked;
  IF found_accounts <> found_cards THEN
    RAISE EXCEPTION 'two payments from one account' USING ERRCODE = 'cardinality_violation';
  END IF;

  RETURN QUERY
  WITH asked AS (
    SELECT * FROM unnest(ids, shards, cards, codes, shown_micros, levels, amounts, principals, request_keys, fingerprints, sequences,
      merchants, doubts, receipts, clearings) WITH ORDINALITY AS asked ({_ASKED}, n)
  ), judged AS MATERIALIZED (
    SELECT b.*, c.citizen_id, a.id AS account_id, a.paid_on, a.paid_day_fen, a.paid_month_fen,
      coalesce(tk.id, dk.id, ts.id, ds.id) AS earlier_id,
      CASE
        WHEN c.id IS NULL THEN 'payer_code_wrong'
        WHEN coalesce(tk.id, dk.id, ts.id, ds.id) IS NOT NULL THEN CASE
          WHEN coalesce(CASE WHEN tk.id IS NULL THEN dk.reason END, CASE WHEN coalesce(tk.id, dk.id, ts.id) IS NULL THEN ds.reason END)
            = 'payment_reversed' THEN 'payment_reversed'
          WHEN coalesce(tk.fingerprint, dk.fingerprint, ts.fingerprint, ds.fingerprint) <> b.fingerprint THEN
            CASE WHEN coalesce(tk.id, dk.id) IS NULL THEN 'sequence_reused' ELSE 'idempotency_key_reused' END
          WHEN coalesce(tk.id, CASE WHEN dk.id IS NULL THEN ts.id END) IS NULL THEN coalesce(dk.reason, ds.reason)
          WHEN EXISTS (SELECT 1 FROM transfer r WHERE r.shard = b.shard AND r.returns = coalesce(tk.id, ts.id) AND r.kind = 'reversal')
            THEN 'payment_reversed'
          ELSE 'repeated' END
        WHEN r.frozen_at IS NOT NULL THEN 'payer_frozen'
        WHEN r.died_on IS NOT NULL THEN 'card_stopped'
        WHEN c.state <> 'active' THEN CASE c.state
          WHEN 'lost' THEN 'card_lost' WHEN 'issued' THEN 'card_not_active' WHEN 'replaced' THEN 'card_replaced'
          WHEN 'cancelled' THEN 'card_cancelled' ELSE 'card_stopped' END
        WHEN b.doubt IS NOT NULL THEN b.doubt
        WHEN b.shown_micros < extract(epoch FROM r.means_from) * 1000000 THEN 'payer_code_expired'
        WHEN most.level IS NULL OR b.amount_fen > least(most.payment_fen, own.payment_fen, own.day_fen, own.month_fen) THEN 'payment_over_limit'
        WHEN s.id IS NOT NULL THEN 'payer_code_spent'
        WHEN a.balance_fen < b.amount_fen THEN 'balance_too_low'
        WHEN b.amount_fen + CASE WHEN a.paid_on = today THEN a.paid_day_fen ELSE 0 END
          > least(most.day_fen, own.day_fen, own.month_fen) THEN 'day_limit_reached'
        WHEN b.amount_fen + CASE WHEN a.paid_on >= month THEN a.paid_month_fen ELSE 0 END
          > least(most.month_fen, own.month_fen) THEN 'month_limit_reached'
        ELSE 'posted' END AS became
    FROM asked b
    LEFT JOIN card c ON c.shard = b.shard AND c.id = b.card_id
    LEFT JOIN account a ON a.shard = c.shard AND a.id = coalesce(c.account_id, c.former_account_id)
    LEFT JOIN resident r ON r.shard = c.shard AND r.id = c.citizen_id
    LEFT JOIN unnest(limit_classes, limit_levels, limit_payments, limit_days, limit_months)
      AS most (card_class, level, payment_fen, day_fen, month_fen) ON most.card_class = c.card_class AND most.level = b.level
    LEFT JOIN LATERAL (SELECT
      CASE WHEN c.raised_from <= today THEN c.raised_payment_fen ELSE c.own_payment_fen END AS payment_fen,
      CASE WHEN c.raised_from <= today THEN c.raised_day_fen ELSE c.own_day_fen END AS day_fen,
      CASE WHEN c.raised_from <= today THEN c.raised_month_fen ELSE c.own_month_fen END AS month_fen) own ON true
    LEFT JOIN transfer tk ON tk.shard = b.shard AND tk.principal = b.principal AND tk.request_key = b.request_key
    LEFT JOIN declined_payment dk ON dk.shard = b.shard AND dk.principal = b.principal AND dk.request_key = b.request_key
    LEFT JOIN transfer ts ON ts.shard = b.shard AND ts.principal = b.principal AND ts.sequence = b.sequence
    LEFT JOIN declined_payment ds ON ds.shard = b.shard AND ds.principal = b.principal AND ds.sequence = b.sequence
    LEFT JOIN transfer s ON s.shard = b.shard AND s.code_id = b.code_id
  ), paid AS (
    SELECT * FROM judged WHERE became = 'posted'
  ), posted AS (
    INSERT INTO transfer (id, shard, citizen_id, at, kind, debit, credit, amount_fen, principal, request_key, fingerprint, sequence,
        merchant_code, code_id, receipt)
      SELECT p.id, p.shard, p.citizen_id, moment, 'payment', p.account_id, p.clearing, p.amount_fen, p.principal, p.request_key,
        p.fingerprint, p.sequence, p.merchant_code, p.code_id, p.receipt FROM paid p
  ), declined AS (
    INSERT INTO declined_payment (id, shard, citizen_id, at, principal, request_key, fingerprint, sequence, merchant_code, amount_fen,
        reason)
      SELECT j.id, j.shard, j.citizen_id, moment, j.principal, j.request_key, j.fingerprint, j.sequence, j.merchant_code, j.amount_fen,
        j.became FROM judged j WHERE j.became <> 'posted' AND j.earlier_id IS NULL AND j.citizen_id IS NOT NULL
  ), taken AS (
    UPDATE account a SET balance_fen = a.balance_fen - p.amount_fen, paid_on = today,
        paid_day_fen = p.amount_fen + CASE WHEN p.paid_on = today THEN p.paid_day_fen ELSE 0 END,
        paid_month_fen = p.amount_fen + CASE WHEN p.paid_on >= month THEN p.paid_month_fen ELSE 0 END
      FROM paid p WHERE a.shard = p.shard AND a.id = p.account_id
  ), given AS (
    UPDATE account a SET balance_fen = a.balance_fen + m.fen
      FROM (SELECT p.shard, p.clearing, sum(p.amount_fen)::int8 AS fen FROM paid p GROUP BY 1, 2 ORDER BY 1, 2) m
      WHERE a.shard = m.shard AND a.id = m.clearing AND a.kind = 'terminal_clearing'
  ), told AS (
    INSERT INTO outbox (id, shard, at, stream, citizen_id, kind, version, subject_id, actor, try_at)
      SELECT p.id, p.shard, moment, p.citizen_id, p.citizen_id, 'card.paid', 1, p.id, p.principal, moment FROM paid p
  ), sealed AS (
    INSERT INTO act (id, shard, at, act, actor, actor_kind, citizen_id, subject_id)
      SELECT p.id, p.shard, moment, 'card_paid', p.principal, 'terminal', p.citizen_id, p.id FROM paid p
  ), unnumbered AS (
    INSERT INTO unnumbered_act (id, shard, citizen_id) SELECT p.id, p.shard, p.citizen_id FROM paid p
  )
  SELECT j.became, coalesce(j.earlier_id, j.id) FROM judged j ORDER BY j.n;
END $$
"""
_TYPES: Final = (
    "timestamptz, date, uuid[], int4[], uuid[], uuid[], int8[], int4[], int8[], text[], text[], bytea[], int8[], text[], text[], "
    "bytea[], uuid[], text[], int4[], int8[], int8[], int8[]"
)
# What a reversed payment took doesn't count any more. The function's other words are as they were, whoever changed them last.
REVERSED_IS_NOT_SPENT: Final = """
DO $patch$
DECLARE
  last constant text := 'RETURN QUERY SELECT ''posted'', t.id;';
  written text := pg_get_functiondef('post_transfer(transfer, text)'::regprocedure);
BEGIN
  IF position(last IN written) = 0 THEN
    RAISE EXCEPTION 'post_transfer ends otherwise';
  END IF;
  EXECUTE replace(written, last, $give$IF t.kind = 'reversal' THEN
    UPDATE account a SET
        paid_day_fen = CASE WHEN a.paid_on = p.day THEN greatest(a.paid_day_fen - t.amount_fen, 0) ELSE a.paid_day_fen END,
        paid_month_fen = CASE WHEN to_char(a.paid_on, 'YYYYMM') = to_char(p.day, 'YYYYMM')
          THEN greatest(a.paid_month_fen - t.amount_fen, 0) ELSE a.paid_month_fen END
      FROM (SELECT (x.at AT TIME ZONE 'Asia/Shanghai')::date AS day FROM transfer x WHERE x.shard = t.shard AND x.id = t.returns) p
      WHERE a.shard = t.shard AND a.id = card_account;
  END IF;
  RETURN QUERY SELECT 'posted', t.id;$give$);
END $patch$
"""


async def forwards() -> MigrationManager:
    """Count on the account what it spends, and make the function, which nobody but the system calls."""
    return migration(
        ID,
        "card",
        DESCRIPTION,
        (
            "ALTER TABLE account ADD COLUMN paid_on date",
            "ALTER TABLE account ADD COLUMN paid_day_fen int8 NOT NULL DEFAULT 0, ADD COLUMN paid_month_fen int8 NOT NULL DEFAULT 0",
            "ALTER TABLE transfer DROP COLUMN signature, DROP COLUMN seal_id",
            "DROP TABLE receipt_seal",
            "DROP FUNCTION post_payments(transfer[], text[])",
            TAKE_PAYMENTS,
            REVERSED_IS_NOT_SPENT,
            f"REVOKE ALL ON FUNCTION take_payments({_TYPES}) FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION take_payments({_TYPES}) TO fuhai_system",
            "DROP INDEX terminal_request_at",
            "CREATE INDEX terminal_request_at ON terminal_request USING brin (at)",
        ),
    )
