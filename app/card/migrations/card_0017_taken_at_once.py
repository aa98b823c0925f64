"""Taking payments in a statement that waits for nobody and looks nothing up that only a repeat needs; repeats are looked up apart."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-30T17:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Taking payments in a statement that waits for nobody, and looking repeats up apart"

REFUSE_SHARED: Final = """
CREATE FUNCTION refuse_shared_account() RETURNS int4[] LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'two payments from one account' USING ERRCODE = 'cardinality_violation';
END $$
"""
_ASKED: Final = (
    "id, shard, card_id, code_id, shown_micros, level, amount_fen, principal, request_key, fingerprint, sequence, merchant_code, "
    "doubt, receipt, clearing"
)
# All is read, judged and written in one statement. It takes the accounts' locks as it reads them, in the order of their ids, and leaves out
# an account that another transaction holds: what waited would be judged by a snapshot from before it waited. Whoever is left out is asked
# for again, patiently: then the locks are taken by a statement of their own, and judged is what holds after that. Whether a payment came
# before is asked here only of declines, kept or about to be ('earlier'); otherwise the unique keys of the ledger and of the terminals'
# requests fail the whole batch. Either is then looked up by `earlier_payments`.
# An event and an act have the transfer's id: it is the same fact. The plans are held to the indexes, since they are made when a new city's
# tables are still empty. `limits` are those of `app.card.limits.most_for`; its holder's own lower them.
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
  WITH held AS MATERIALIZED (
    SELECT b.*, c.citizen_id, c.state, a.id AS account_id, a.balance_fen, a.paid_on, a.paid_day_fen, a.paid_month_fen,
      r.frozen_at, r.died_on, r.means_from, coalesce(dk.id, ds.id) AS earlier_id,
      least(most.payment_fen, own.payment_fen, own.day_fen, own.month_fen) AS most_fen,
      least(most.day_fen, own.day_fen, own.month_fen) AS most_day_fen, least(most.month_fen, own.month_fen) AS most_month_fen,
      most.level IS NULL AS is_without_limits
    FROM unnest(ids, shards, cards, codes, shown_micros, levels, amounts, principals, request_keys, fingerprints, sequences, merchants,
      doubts, receipts, clearings) WITH ORDINALITY AS b ({_ASKED}, n)
    JOIN card c ON c.shard = b.shard AND c.id = b.card_id
    JOIN resident r ON r.shard = c.shard AND r.id = c.citizen_id
    JOIN account a ON a.shard = c.shard AND a.id = coalesce(c.account_id, c.former_account_id)
    LEFT JOIN unnest(limit_classes, limit_levels, limit_payments, limit_days, limit_months)
      AS most (card_class, level, payment_fen, day_fen, month_fen) ON most.card_class = c.card_class AND most.level = b.level
    CROSS JOIN LATERAL (SELECT
      CASE WHEN c.raised_from <= today THEN c.raised_payment_fen ELSE c.own_payment_fen END AS payment_fen,
      CASE WHEN c.raised_from <= today THEN c.raised_day_fen ELSE c.own_day_fen END AS day_fen,
      CASE WHEN c.raised_from <= today THEN c.raised_month_fen ELSE c.own_month_fen END AS month_fen) own
    LEFT JOIN declined_payment dk ON dk.shard = b.shard AND dk.principal = b.principal AND dk.request_key = b.request_key
    LEFT JOIN declined_payment ds ON ds.shard = b.shard AND ds.principal = b.principal AND ds.sequence = b.sequence
    ORDER BY a.shard, a.id FOR NO KEY UPDATE OF a SKIP LOCKED
  ), judged AS MATERIALIZED (
    SELECT d.*, CASE
        WHEN d.doubted IS NULL THEN NULL
        WHEN EXISTS (SELECT 1 FROM transfer t WHERE t.shard = d.shard AND t.principal = d.principal AND t.request_key = d.request_key)
          OR EXISTS (SELECT 1 FROM transfer t WHERE t.shard = d.shard AND t.principal = d.principal AND t.sequence = d.sequence)
          THEN 'earlier'
        WHEN d.doubted IN ('balance_too_low', 'day_limit_reached', 'month_limit_reached')
          AND EXISTS (SELECT 1 FROM transfer t WHERE t.shard = d.shard AND t.code_id = d.code_id) THEN 'payer_code_spent'
        ELSE d.doubted END AS refused
    FROM (SELECT h.*, CASE
        WHEN h.earlier_id IS NOT NULL THEN 'earlier'
        WHEN h.frozen_at IS NOT NULL THEN 'payer_frozen'
        WHEN h.died_on IS NOT NULL THEN 'card_stopped'
        WHEN h.state <> 'active' THEN CASE h.state
          WHEN 'lost' THEN 'card_lost' WHEN 'issued' THEN 'card_not_active' WHEN 'replaced' THEN 'card_replaced'
          WHEN 'cancelled' THEN 'card_cancelled' ELSE 'card_stopped' END
        WHEN h.doubt IS NOT NULL THEN h.doubt
        WHEN h.shown_micros < extract(epoch FROM h.means_from) * 1000000 THEN 'payer_code_expired'
        WHEN h.is_without_limits OR h.amount_fen > h.most_fen THEN 'payment_over_limit'
        WHEN h.balance_fen < h.amount_fen THEN 'balance_too_low'
        WHEN h.amount_fen + CASE WHEN h.paid_on = today THEN h.paid_day_fen ELSE 0 END > h.most_day_fen THEN 'day_limit_reached'
        WHEN h.amount_fen + CASE WHEN h.paid_on >= month THEN h.paid_month_fen ELSE 0 END > h.most_month_fen THEN 'month_limit_reached'
      END AS doubted FROM held h) d
  ), paid AS (
    SELECT * FROM judged WHERE refused IS NULL
  ), posted AS (
    INSERT INTO transfer (id, shard, citizen_id, at, kind, debit, credit, amount_fen, principal, request_key, fingerprint, sequence,
        merchant_code, code_id, receipt)
      SELECT p.id, p.shard, p.citizen_id, moment, 'payment', p.account_id, p.clearing, p.amount_fen, p.principal, p.request_key,
        p.fingerprint, p.sequence, p.merchant_code, p.code_id, p.receipt FROM paid p
  ), declined AS (
    INSERT INTO declined_payment (id, shard, citizen_id, at, principal, request_key, fingerprint, sequence, merchant_code, amount_fen,
        reason)
      SELECT j.id, j.shard, j.citizen_id, moment, j.principal, j.request_key, j.fingerprint, j.sequence, j.merchant_code, j.amount_fen,
        j.refused FROM judged j WHERE j.refused <> 'earlier'
  ), taken AS (
    UPDATE account a SET balance_fen = a.balance_fen - p.amount_fen, paid_on = today,
        paid_day_fen = p.amount_fen + CASE WHEN p.paid_on = today THEN p.paid_day_fen ELSE 0 END,
        paid_month_fen = p.amount_fen + CASE WHEN p.paid_on >= month THEN p.paid_month_fen ELSE 0 END
      FROM paid p WHERE a.shard = p.shard AND a.id = p.account_id RETURNING p.n
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
  SELECT CASE WHEN count(*) FILTER (WHERE j.refused IS NULL) = (SELECT count(*) FROM taken)
      THEN array_agg(j.n::int4) FILTER (WHERE j.refused IS NULL) ELSE refuse_shared_account() END,
    array_agg(j.n::int4) FILTER (WHERE j.refused IS NOT NULL), array_agg(j.refused) FILTER (WHERE j.refused IS NOT NULL)
  FROM judged j;
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
_EARLIER_TYPES: Final = "int4[], uuid[], text[], text[], bytea[], int8[]"
_OLD_TYPES: Final = _TYPES.removeprefix("bool, ").replace("bool[], ", "")


async def forwards() -> MigrationManager:
    """Make both functions anew, which nobody but the system calls."""
    return migration(
        ID,
        "card",
        DESCRIPTION,
        (
            f"DROP FUNCTION take_payments({_OLD_TYPES})",
            REFUSE_SHARED,
            TAKE_PAYMENTS,
            EARLIER_PAYMENTS,
            f"REVOKE ALL ON FUNCTION take_payments({_TYPES}) FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION take_payments({_TYPES}) TO fuhai_system",
            f"REVOKE ALL ON FUNCTION earlier_payments({_EARLIER_TYPES}) FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION earlier_payments({_EARLIER_TYPES}) TO fuhai_system",
        ),
    )
