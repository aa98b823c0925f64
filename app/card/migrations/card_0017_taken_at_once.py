"""Taking payments in a statement that looks nothing up that only a repeat needs; repeats are looked up apart."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import keyed_by_time, migration

ID = "2026-11-30T17:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Taking payments without looking for repeats, which are looked up apart"

_ASKED: Final = (
    "id, shard, card_id, code_id, shown_micros, level, amount_fen, principal, request_key, fingerprint, sequence, merchant_code, "
    "doubt, receipt, clearing"
)
# All is read, judged and written in one statement. It takes money from accounts in the order of their ids, and only where they are as they
# were read: one that another transaction changed meanwhile, or that is paid from twice, is left out. What is left out is asked for again,
# patiently: then the accounts are locked first, by a statement of their own, and judged is what holds after that. Whether a payment came
# before is asked here only of declines, kept or about to be ('earlier'); otherwise the unique keys of the ledger and of the terminals'
# requests fail the whole batch. Either is then looked up by `earlier_payments`. An event and an act have the transfer's id: it is the same
# fact. The plans are held to the indexes, since they are made when a new city's tables are still empty. `limits` are those of
# `app.card.limits.most_for`; its holder's own lower them.
TAKE_PAYMENTS: Final = f"""
CREATE FUNCTION take_payments(
  patient bool, moment timestamptz, today date,
  ids uuid[], shards int4[], cards uuid[], codes uuid[], shown_micros int8[], levels int4[], amounts int8[], principals text[],
  request_keys text[], fingerprints bytea[], sequences int8[], merchants text[], doubts text[], receipts bytea[],
  clearings uuid[], claims bool[], limit_classes text[], limit_levels int4[], limit_payments int8[], limit_days int8[], limit_months int8[])
RETURNS TABLE (posted int4[], others int4[], became text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  month constant date := date_trunc('month', today)::date;
BEGIN
  INSERT INTO terminal_request (principal, request_key, sequence, fingerprint, at)
    SELECT b.principal, b.request_key, b.sequence, b.fingerprint, moment
    FROM unnest(principals, request_keys, sequences, fingerprints, claims) b (principal, request_key, sequence, fingerprint, is_claimed)
    WHERE b.is_claimed ORDER BY b.principal, b.request_key;

  IF patient THEN
    PERFORM 1 FROM unnest(shards, cards) b (shard, card_id)
      JOIN card c ON c.shard = b.shard AND c.id = b.card_id
      JOIN account a ON a.shard = c.shard AND a.id = coalesce(c.account_id, c.former_account_id)
      ORDER BY a.shard, a.id FOR NO KEY UPDATE OF a;
  END IF;

  RETURN QUERY
  WITH judged AS MATERIALIZED (
    SELECT d.*, CASE
        WHEN d.doubted IS NULL THEN NULL
        WHEN EXISTS (SELECT 1 FROM transfer t WHERE t.shard = d.shard AND t.principal = d.principal AND t.request_key = d.request_key)
          OR EXISTS (SELECT 1 FROM transfer t WHERE t.shard = d.shard AND t.principal = d.principal AND t.sequence = d.sequence)
          THEN 'earlier'
        WHEN d.doubted IN ('balance_too_low', 'day_limit_reached', 'month_limit_reached')
          AND EXISTS (SELECT 1 FROM transfer t WHERE t.shard = d.shard AND t.code_id = d.code_id) THEN 'payer_code_spent'
        ELSE d.doubted END AS refused
    FROM (SELECT b.*, c.citizen_id, a.id AS account_id, a.balance_fen, a.paid_on, a.paid_day_fen, a.paid_month_fen, CASE
        WHEN a.id IS NULL THEN 'payer_code_wrong'
        WHEN dk.id IS NOT NULL OR ds.id IS NOT NULL THEN 'earlier'
        WHEN r.frozen_at IS NOT NULL THEN 'payer_frozen'
        WHEN r.died_on IS NOT NULL THEN 'card_stopped'
        WHEN c.state <> 'active' THEN CASE c.state
          WHEN 'lost' THEN 'card_lost' WHEN 'issued' THEN 'card_not_active' WHEN 'replaced' THEN 'card_replaced'
          WHEN 'cancelled' THEN 'card_cancelled' ELSE 'card_stopped' END
        WHEN b.doubt IS NOT NULL THEN b.doubt
        WHEN b.shown_micros < extract(epoch FROM r.means_from) * 1000000 THEN 'payer_code_expired'
        WHEN most.level IS NULL OR b.amount_fen > least(most.payment_fen, own.payment_fen, own.day_fen, own.month_fen) THEN 'payment_over_limit'
        WHEN a.balance_fen < b.amount_fen THEN 'balance_too_low'
        WHEN b.amount_fen + CASE WHEN a.paid_on = today THEN a.paid_day_fen ELSE 0 END
          > least(most.day_fen, own.day_fen, own.month_fen) THEN 'day_limit_reached'
        WHEN b.amount_fen + CASE WHEN a.paid_on >= month THEN a.paid_month_fen ELSE 0 END
          > least(most.month_fen, own.month_fen) THEN 'month_limit_reached'
      END AS doubted
    FROM unnest(ids, shards, cards, codes, shown_micros, levels, amounts, principals, request_keys, fingerprints, sequences, merchants,
      doubts, receipts, clearings) WITH ORDINALITY AS b ({_ASKED}, n)
    LEFT JOIN card c ON c.shard = b.shard AND c.id = b.card_id
    LEFT JOIN resident r ON r.shard = c.shard AND r.id = c.citizen_id
    LEFT JOIN account a ON a.shard = c.shard AND a.id = coalesce(c.account_id, c.former_account_id)
    LEFT JOIN unnest(limit_classes, limit_levels, limit_payments, limit_days, limit_months)
      AS most (card_class, level, payment_fen, day_fen, month_fen) ON most.card_class = c.card_class AND most.level = b.level
    LEFT JOIN LATERAL (SELECT
      CASE WHEN c.raised_from <= today THEN c.raised_payment_fen ELSE c.own_payment_fen END AS payment_fen,
      CASE WHEN c.raised_from <= today THEN c.raised_day_fen ELSE c.own_day_fen END AS day_fen,
      CASE WHEN c.raised_from <= today THEN c.raised_month_fen ELSE c.own_month_fen END AS month_fen) own ON true
    LEFT JOIN declined_payment dk ON dk.shard = b.shard AND dk.principal = b.principal AND dk.request_key = b.request_key
    LEFT JOIN declined_payment ds ON ds.shard = b.shard AND ds.principal = b.principal AND ds.sequence = b.sequence) d
    ORDER BY d.shard, d.account_id
  ), paid AS MATERIALIZED (
    UPDATE account a SET balance_fen = a.balance_fen - j.amount_fen, paid_on = today,
        paid_day_fen = j.amount_fen + CASE WHEN j.paid_on = today THEN j.paid_day_fen ELSE 0 END,
        paid_month_fen = j.amount_fen + CASE WHEN j.paid_on >= month THEN j.paid_month_fen ELSE 0 END
      FROM judged j WHERE j.refused IS NULL AND a.shard = j.shard AND a.id = j.account_id AND a.balance_fen = j.balance_fen
        AND a.paid_on IS NOT DISTINCT FROM j.paid_on AND a.paid_day_fen = j.paid_day_fen AND a.paid_month_fen = j.paid_month_fen
      RETURNING j.*
  ), given AS (
    UPDATE account a SET balance_fen = a.balance_fen + m.fen
      FROM (SELECT p.shard, p.clearing, sum(p.amount_fen)::int8 AS fen FROM paid p GROUP BY 1, 2 ORDER BY 1, 2) m
      WHERE a.shard = m.shard AND a.id = m.clearing AND a.kind = 'terminal_clearing'
  ), posted AS (
    INSERT INTO transfer (id, shard, citizen_id, at, kind, debit, credit, amount_fen, principal, request_key, fingerprint, sequence,
        merchant_code, code_id, receipt)
      SELECT p.id, p.shard, p.citizen_id, moment, 'payment', p.account_id, p.clearing, p.amount_fen, p.principal, p.request_key,
        p.fingerprint, p.sequence, p.merchant_code, p.code_id, p.receipt FROM paid p
  ), declined AS (
    INSERT INTO declined_payment (id, shard, citizen_id, at, principal, request_key, fingerprint, sequence, merchant_code, amount_fen,
        reason)
      SELECT j.id, j.shard, j.citizen_id, moment, j.principal, j.request_key, j.fingerprint, j.sequence, j.merchant_code, j.amount_fen,
        j.refused FROM judged j WHERE j.refused <> 'earlier' AND j.citizen_id IS NOT NULL
  ), told AS (
    INSERT INTO outbox (id, shard, at, stream, citizen_id, kind, version, subject_id, actor, try_at)
      SELECT p.id, p.shard, moment, p.citizen_id, p.citizen_id, 'card.paid', 1, p.id, p.principal, moment FROM paid p
  ), sealed AS (
    INSERT INTO act (id, shard, at, act, actor, actor_kind, citizen_id, subject_id)
      SELECT p.id, p.shard, moment, 'card_paid', p.principal, 'terminal', p.citizen_id, p.id FROM paid p
  ), unnumbered AS (
    INSERT INTO unnumbered_act (id, shard, citizen_id) SELECT p.id, p.shard, p.citizen_id FROM paid p
  )
  SELECT (SELECT array_agg(p.n::int4) FROM paid p), array_agg(j.n::int4), array_agg(j.refused) FROM judged j WHERE j.refused IS NOT NULL;
END $$
"""
_TYPES: Final = (
    "bool, timestamptz, date, uuid[], int4[], uuid[], uuid[], int8[], int4[], int8[], text[], text[], bytea[], int8[], text[], text[], "
    "bytea[], uuid[], bool[], text[], int4[], int8[], int8[], int8[]"
)
EARLIER_PAYMENTS: Final = """
CREATE FUNCTION earlier_payments(
  shards int4[], codes uuid[], principals text[], request_keys text[], fingerprints bytea[], sequences int8[])
RETURNS TABLE (n int4, outcome text, known_id uuid, is_claimed bool)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
  SELECT b.n::int4, CASE
      WHEN e.reason = 'payment_reversed' THEN e.reason
      WHEN k.fingerprint <> b.fingerprint OR (e.request_key = b.request_key AND e.fingerprint <> b.fingerprint)
        THEN 'idempotency_key_reused'
      WHEN s.fingerprint <> b.fingerprint OR e.fingerprint <> b.fingerprint THEN 'sequence_reused'
      WHEN e.reason IS NOT NULL THEN e.reason
      WHEN EXISTS (SELECT 1 FROM transfer r WHERE r.shard = b.shard AND r.returns = e.id AND r.kind = 'reversal') THEN 'payment_reversed'
      WHEN e.id IS NOT NULL THEN 'repeated'
      WHEN EXISTS (SELECT 1 FROM transfer t WHERE t.shard = b.shard AND t.code_id = b.code_id) THEN 'payer_code_spent'
    END, e.id, k.principal IS NOT NULL
  FROM unnest(shards, codes, principals, request_keys, fingerprints, sequences)
    WITH ORDINALITY AS b (shard, code_id, principal, request_key, fingerprint, sequence, n)
  LEFT JOIN terminal_request k ON k.principal = b.principal AND k.request_key = b.request_key
  LEFT JOIN terminal_request s ON s.principal = b.principal AND s.sequence = b.sequence
  LEFT JOIN LATERAL (
    SELECT * FROM (
      SELECT x.id, x.request_key, x.fingerprint, NULL AS reason, 1 AS rank FROM transfer x
        WHERE x.shard = b.shard AND x.principal = b.principal AND x.request_key = b.request_key
      UNION ALL SELECT d.id, d.request_key, d.fingerprint, d.reason, 2 FROM declined_payment d
        WHERE d.shard = b.shard AND d.principal = b.principal AND d.request_key = b.request_key
      UNION ALL SELECT x.id, x.request_key, x.fingerprint, NULL, 3 FROM transfer x
        WHERE x.shard = b.shard AND x.principal = b.principal AND x.sequence = b.sequence
      UNION ALL SELECT d.id, d.request_key, d.fingerprint, d.reason, 4 FROM declined_payment d
        WHERE d.shard = b.shard AND d.principal = b.principal AND d.sequence = b.sequence) every
    ORDER BY every.rank LIMIT 1) e ON true
  ORDER BY b.n
$$
"""
# What a reversal does first. It claims the payment's number before it looks whether that was paid: so it waits for a payment that is being
# taken, and a payment that comes later fails on the claim, whatever it has read already. It locks the card's account as before.
STOP_CLAIMS: Final = """
DO $patch$
DECLARE
  first constant text := 'PERFORM 1 FROM account a';
  written text := pg_get_functiondef('stop_payment(declined_payment, uuid, text)'::regprocedure);
BEGIN
  IF position(first IN written) = 0 THEN
    RAISE EXCEPTION 'stop_payment begins otherwise';
  END IF;
  EXECUTE replace(written, first, $claim$IF doubt IS NULL THEN
    INSERT INTO terminal_request (principal, request_key, sequence, fingerprint, at)
      VALUES (d.principal, d.request_key, d.sequence, d.fingerprint, d.at) ON CONFLICT DO NOTHING;
  END IF;
  $claim$ || first);
END $patch$
"""
_EARLIER_TYPES: Final = "int4[], uuid[], text[], text[], bytea[], int8[]"
_OLD_TYPES: Final = _TYPES.removeprefix("bool, ").replace("bool[], ", "")


async def forwards() -> MigrationManager:
    """Make both functions anew, which nobody but the system calls, and keys that grow at their end: by time, and by a terminal's number."""
    return migration(
        ID,
        "card",
        DESCRIPTION,
        (
            keyed_by_time("transfer"),
            "ALTER TABLE transfer DROP CONSTRAINT transfer_code_once, ADD CONSTRAINT transfer_code_once UNIQUE (code_id, shard)",
            "ALTER TABLE transfer DROP CONSTRAINT transfer_sequence_once",
            "ALTER TABLE transfer ADD CONSTRAINT transfer_sequence_once UNIQUE (principal, sequence, shard)",
            f"DROP FUNCTION take_payments({_OLD_TYPES})",
            TAKE_PAYMENTS,
            EARLIER_PAYMENTS,
            STOP_CLAIMS,
            f"REVOKE ALL ON FUNCTION take_payments({_TYPES}) FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION take_payments({_TYPES}) TO fuhai_system",
            f"REVOKE ALL ON FUNCTION earlier_payments({_EARLIER_TYPES}) FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION earlier_payments({_EARLIER_TYPES}) TO fuhai_system",
        ),
    )
