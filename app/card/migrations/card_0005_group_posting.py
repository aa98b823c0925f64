"""Posting many payments in one call, each with an outcome of its own."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T20:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Posting many payments in one call, each with an outcome of its own"

_COLUMNS: Final = (
    "id, shard, citizen_id, at, kind, debit, credit, amount_fen, principal, request_key, fingerprint, sequence, merchant_code, code_id, "
    "receipt, signature, seal_id, returns"
)
# What `post_transfer` does for one payment, for many: the cards' accounts are locked in the order of their ids, so two batches never
# wait for each other; whatever is judged is read after that; the shards' clearing accounts are touched last, once each. The plans are
# held to the indexes, since they are made when a new city's tables are still empty. A payment that was reversed (0006), before or after
# it came, is declined.
POST_PAYMENTS: Final = f"""
CREATE FUNCTION post_payments(batch transfer[], doubts text[]) RETURNS TABLE (outcome text, known_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  touched int8;
  wanted int8;
  outcomes text[];
  known uuid[];
  fresh bool[];
BEGIN
  SELECT count(DISTINCT b.debit) INTO wanted FROM unnest(batch) b WHERE b.kind = 'payment';
  IF wanted <> cardinality(batch) OR cardinality(doubts) <> cardinality(batch) THEN
    RAISE EXCEPTION 'a batch holds payments only, one of each card' USING ERRCODE = 'cardinality_violation';
  END IF;

  PERFORM 1 FROM unnest(batch) b
    JOIN account a ON a.shard = b.shard AND a.id = b.debit AND a.citizen_id = b.citizen_id AND a.kind = 'card'
    ORDER BY a.shard, a.id FOR NO KEY UPDATE OF a;
  GET DIAGNOSTICS touched = ROW_COUNT;
  IF touched <> wanted THEN
    RAISE EXCEPTION 'no card account' USING ERRCODE = 'foreign_key_violation';
  END IF;

  SELECT array_agg(j.outcome ORDER BY j.n), array_agg(j.known_id ORDER BY j.n), array_agg(j.fresh ORDER BY j.n)
    INTO outcomes, known, fresh FROM (
    SELECT b.n, coalesce(earlier.id, b.id) AS known_id, earlier.id IS NULL AS fresh, CASE
        WHEN earlier.outcome = 'payment_reversed' THEN 'payment_reversed'
        WHEN earlier.fingerprint = b.fingerprint AND earlier.outcome = 'repeated' AND EXISTS (
            SELECT 1 FROM transfer r WHERE r.shard = b.shard AND r.returns = earlier.id AND r.kind = 'reversal')
          THEN 'payment_reversed'
        WHEN earlier.fingerprint = b.fingerprint THEN earlier.outcome
        WHEN earlier.request_key = b.request_key THEN 'idempotency_key_reused'
        WHEN earlier.id IS NOT NULL THEN 'sequence_reused'
        WHEN b.doubt IS NOT NULL THEN b.doubt
        WHEN c.state = 'lost' THEN 'card_lost'
        WHEN spent.id IS NOT NULL THEN 'payer_code_spent'
        WHEN a.balance_fen < b.amount_fen THEN 'balance_too_low'
        ELSE 'posted' END AS outcome
    FROM unnest(batch, doubts) WITH ORDINALITY AS b ({_COLUMNS}, doubt, n)
    JOIN account a ON a.shard = b.shard AND a.id = b.debit
    JOIN card c ON c.shard = b.shard AND c.account_id = b.debit
    LEFT JOIN transfer spent ON spent.shard = b.shard AND spent.code_id = b.code_id
    LEFT JOIN LATERAL (
      SELECT 1 AS rank, x.id, x.request_key, x.fingerprint, 'repeated' AS outcome FROM transfer x
        WHERE x.shard = b.shard AND x.principal = b.principal AND x.request_key = b.request_key
      UNION ALL SELECT 1, d.id, d.request_key, d.fingerprint, d.reason FROM declined_payment d
        WHERE d.shard = b.shard AND d.principal = b.principal AND d.request_key = b.request_key
      UNION ALL SELECT 2, x.id, x.request_key, x.fingerprint, 'repeated' FROM transfer x
        WHERE x.shard = b.shard AND x.principal = b.principal AND x.sequence = b.sequence
      UNION ALL SELECT 2, d.id, d.request_key, d.fingerprint, d.reason FROM declined_payment d
        WHERE d.shard = b.shard AND d.principal = b.principal AND d.sequence = b.sequence
      ORDER BY rank LIMIT 1
    ) earlier ON true
  ) j;
  IF cardinality(outcomes) IS DISTINCT FROM cardinality(batch) THEN
    RAISE EXCEPTION 'no card' USING ERRCODE = 'foreign_key_violation';
  END IF;

  INSERT INTO declined_payment (id, shard, citizen_id, at, principal, request_key, fingerprint, sequence, merchant_code, amount_fen, reason)
    SELECT b.id, b.shard, b.citizen_id, b.at, b.principal, b.request_key, b.fingerprint, b.sequence, b.merchant_code, b.amount_fen, b.outcome
    FROM unnest(batch, outcomes, fresh) AS b ({_COLUMNS}, outcome, fresh) WHERE b.outcome <> 'posted' AND b.fresh;
  INSERT INTO transfer ({_COLUMNS})
    SELECT {_COLUMNS} FROM unnest(batch, outcomes) AS b ({_COLUMNS}, outcome) WHERE b.outcome = 'posted';
  GET DIAGNOSTICS wanted = ROW_COUNT;
  UPDATE account a SET balance_fen = a.balance_fen - b.amount_fen
    FROM unnest(batch, outcomes) AS b ({_COLUMNS}, outcome)
    WHERE a.shard = b.shard AND a.id = b.debit AND b.outcome = 'posted';

  PERFORM 1 FROM account a
    JOIN (SELECT DISTINCT b.shard, b.credit FROM unnest(batch, outcomes) AS b ({_COLUMNS}, outcome) WHERE b.outcome = 'posted') m
      ON a.shard = m.shard AND a.id = m.credit ORDER BY a.shard, a.id FOR NO KEY UPDATE OF a;
  UPDATE account a SET balance_fen = a.balance_fen + m.fen
    FROM (SELECT b.shard, b.credit, sum(b.amount_fen)::int8 AS fen, count(*) AS payments
          FROM unnest(batch, outcomes) AS b ({_COLUMNS}, outcome) WHERE b.outcome = 'posted' GROUP BY 1, 2) m
    WHERE a.shard = m.shard AND a.id = m.credit AND a.kind = 'terminal_clearing';
  SELECT count(*) INTO touched FROM unnest(batch, outcomes) AS b ({_COLUMNS}, outcome)
    JOIN account a ON a.shard = b.shard AND a.id = b.credit AND a.kind = 'terminal_clearing' WHERE b.outcome = 'posted';
  IF touched <> wanted THEN
    RAISE EXCEPTION 'no clearing account' USING ERRCODE = 'foreign_key_violation';
  END IF;

  RETURN QUERY SELECT o.outcome, o.known_id FROM unnest(outcomes, known) AS o (outcome, known_id);
END $$
"""


async def forwards() -> MigrationManager:
    """Make the function, and let nobody but the system call it."""
    return migration(
        ID,
        "card",
        DESCRIPTION,
        (
            POST_PAYMENTS,
            "REVOKE ALL ON FUNCTION post_payments(transfer[], text[]) FROM PUBLIC",
            "GRANT EXECUTE ON FUNCTION post_payments(transfer[], text[]) TO fuhai_system",
        ),
    )
