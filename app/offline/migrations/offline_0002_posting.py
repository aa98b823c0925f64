"""Posting sales that were made without a line."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-30T10:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Posting sales that were made without a line"

# Like `take_payments`, for what is over: a card that has been reported lost since still pays for what was bought before, a card may pay
# several sales, in their order, and what can't be posted isn't declined for good, since it may be posted later. The cards' accounts are
# locked first, in the order of their ids, the clearing accounts last.
POST_OFFLINE: Final = """
CREATE FUNCTION post_offline(batch transfer[]) RETURNS TABLE (outcome text, known_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  t transfer;
  earlier record;
  touched int8;
  wanted int8;
  became text;
  outcomes text[] := '{}';
  known uuid[] := '{}';
BEGIN
  IF EXISTS (SELECT 1 FROM unnest(batch) b WHERE b.kind <> 'payment' OR b.principal NOT LIKE 'terminal:% offline') THEN
    RAISE EXCEPTION 'a batch holds sales without a line only' USING ERRCODE = 'check_violation';
  END IF;
  SELECT count(DISTINCT b.debit) INTO wanted FROM unnest(batch) b;
  PERFORM 1 FROM account a JOIN (SELECT DISTINCT b.shard, b.debit, b.citizen_id FROM unnest(batch) b) p
    ON a.shard = p.shard AND a.id = p.debit AND a.citizen_id = p.citizen_id AND a.kind = 'card'
    ORDER BY a.shard, a.id FOR NO KEY UPDATE OF a;
  GET DIAGNOSTICS touched = ROW_COUNT;
  IF touched <> wanted THEN
    RAISE EXCEPTION 'no card account' USING ERRCODE = 'foreign_key_violation';
  END IF;

  FOREACH t IN ARRAY batch LOOP
    SELECT x.id, x.fingerprint INTO earlier FROM transfer x
      WHERE x.shard = t.shard AND x.principal = t.principal AND x.sequence = t.sequence;
    IF FOUND THEN
      became := CASE WHEN earlier.fingerprint = t.fingerprint THEN 'repeated' ELSE 'sequence_reused' END;
      outcomes := outcomes || became;
      known := known || earlier.id;
      CONTINUE;
    END IF;
    IF EXISTS (SELECT 1 FROM transfer x WHERE x.shard = t.shard AND x.code_id = t.code_id) THEN
      became := 'payer_code_spent';
    ELSE
      UPDATE account a SET balance_fen = a.balance_fen - t.amount_fen
        WHERE a.shard = t.shard AND a.id = t.debit AND a.balance_fen >= t.amount_fen;
      became := CASE WHEN FOUND THEN 'posted' ELSE 'balance_too_low' END;
      IF FOUND THEN
        INSERT INTO transfer SELECT t.*;
      END IF;
    END IF;
    outcomes := outcomes || became;
    known := known || t.id;
  END LOOP;

  PERFORM 1 FROM account a
    JOIN (SELECT DISTINCT b.shard, b.credit FROM unnest(batch) b) m ON a.shard = m.shard AND a.id = m.credit
    ORDER BY a.shard, a.id FOR NO KEY UPDATE OF a;
  UPDATE account a SET balance_fen = a.balance_fen + m.fen
    FROM (SELECT x.shard, x.credit, sum(x.amount_fen)::int8 AS fen FROM unnest(known, outcomes) o (id, outcome)
          JOIN unnest(batch) x ON x.id = o.id WHERE o.outcome = 'posted' GROUP BY 1, 2) m
    WHERE a.shard = m.shard AND a.id = m.credit AND a.kind = 'terminal_clearing';
  SELECT count(*) INTO touched FROM unnest(known, outcomes) o (id, outcome) JOIN unnest(batch) x ON x.id = o.id
    JOIN account a ON a.shard = x.shard AND a.id = x.credit AND a.kind = 'terminal_clearing' WHERE o.outcome = 'posted';
  SELECT count(*) INTO wanted FROM unnest(outcomes) o (outcome) WHERE o.outcome = 'posted';
  IF touched <> wanted THEN
    RAISE EXCEPTION 'no clearing account' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN QUERY SELECT o.outcome, o.known_id FROM unnest(outcomes, known) AS o (outcome, known_id);
END $$
"""


async def forwards() -> MigrationManager:
    """Let a code pay one sale, make the function, and let nobody but the system call it."""
    return migration(
        ID,
        "offline",
        DESCRIPTION,
        (
            "CREATE UNIQUE INDEX offline_sale_code_once ON offline_sale (shard, code_id) WHERE state <> 'refused'",
            POST_OFFLINE,
            "REVOKE ALL ON FUNCTION post_offline(transfer[]) FROM PUBLIC",
            "GRANT EXECUTE ON FUNCTION post_offline(transfer[]) TO fuhai_system",
        ),
    )
