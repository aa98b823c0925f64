"""What is asked of many payments at once comes as rows instead of a column each."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-30T21:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Payments that are asked for as rows"

# Just as `app.card.taking.Payment` has them. What is already `claimed` has its key and number in `terminal_request`.
_ASKED: Final = """
CREATE TYPE payment_asked AS (
  id uuid, shard int4, card_id uuid, code_id uuid, shown_micros int8, level int4, amount_fen int8, principal text, request_key text,
  fingerprint bytea, sequence int8, merchant_code text, receipt bytea, clearing uuid, doubt text, claimed bool)
"""
_ARGUMENTS: Final = "moment timestamptz, today date, asked payment_asked[], limit_classes text[], limit_payments int8[], limit_days int8[], limit_months int8[]"
_TYPES: Final = "timestamptz, date, payment_asked[], text[], int8[], int8[], int8[]"
_OLD_TYPES: Final = (
    "timestamptz, date, uuid[], int4[], uuid[], uuid[], int8[], int4[], int8[], text[], text[], bytea[], int8[], text[], bytea[], uuid[], "
    "text[], bool[], text[], int8[], int8[], int8[]"
)
# The plans are held to the indexes, since they are made when a new city's tables are still empty.
_HELD: Final = "SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan"
# Claims are in the order of their keys, so that two statements that claim the same wait for each other and not in a circle.
_CLAIMED: Final = """
  INSERT INTO terminal_request (principal, request_key, sequence, fingerprint, at)
    SELECT b.principal, b.request_key, b.sequence, b.fingerprint, moment FROM unnest(asked) b
    WHERE NOT b.claimed ORDER BY b.principal, b.request_key;
"""
_TAKEN: Final = """balance_fen = a.balance_fen - b.amount_fen, paid_on = today,
        paid_day_fen = b.amount_fen + CASE WHEN a.paid_on = today THEN a.paid_day_fen ELSE 0 END,
        paid_month_fen = b.amount_fen + CASE WHEN a.paid_on >= month THEN a.paid_month_fen ELSE 0 END"""
_WITH_ACCOUNT: Final = (
    "b.n, b.id, b.shard, a.citizen_id, a.id AS account_id, b.clearing, b.amount_fen, b.principal, b.request_key, b.fingerprint, b.sequence, "
    "b.merchant_code, b.code_id, b.receipt"
)
# What a payment that was taken leaves behind. An event and an act have the transfer's id: it is the same fact. PostgreSQL runs these parts from
# the last to the first: the clearing accounts, which another batch wants too, are held only while the transaction ends.
_LEFT_BEHIND: Final = """
  given AS (
    UPDATE account a SET balance_fen = a.balance_fen + m.fen
      FROM (SELECT p.shard, p.clearing, sum(p.amount_fen)::int8 AS fen FROM paid p GROUP BY 1, 2 ORDER BY 1, 2) m
      WHERE a.shard = m.shard AND a.id = m.clearing AND a.kind = 'terminal_clearing'
  ), posted AS (
    INSERT INTO transfer (id, shard, citizen_id, at, kind, debit, credit, amount_fen, principal, request_key, fingerprint, sequence,
        merchant_code, code_id, receipt)
      SELECT p.id, p.shard, p.citizen_id, moment, 'payment', p.account_id, p.clearing, p.amount_fen, p.principal, p.request_key,
        p.fingerprint, p.sequence, p.merchant_code, p.code_id, p.receipt FROM paid p
  ), told AS (
    INSERT INTO outbox (id, shard, at, stream, citizen_id, kind, version, subject_id, actor, try_at)
      SELECT p.id, p.shard, moment, p.citizen_id, p.citizen_id, 'card.paid', 1, p.id, p.principal, moment FROM paid p
  ), sealed AS (
    INSERT INTO act (id, shard, at, act, actor, actor_kind, citizen_id, subject_id)
      SELECT p.id, p.shard, moment, 'card_paid', p.principal, 'terminal', p.citizen_id, p.id FROM paid p
  ), unnumbered AS (
    INSERT INTO unnumbered_acts (id, shards, acts)
      SELECT (array_agg(p.id))[1], array_agg(p.shard), array_agg(p.id) FROM paid p HAVING count(*) > 0
  )
"""
# Takes what the account's own row allows, in one look-up each, and gives the places of what it took. A row that another transaction changes
# meanwhile is judged anew by what it says then. All that isn't taken is left to `judge_payments`: whatever may be said against it, and what
# only the card's own row allows. Whether a payment came before isn't asked: the unique keys of ledger and claims fail the whole, and
# `earlier_payments` says then what was there. `limits` are those of `app.card.limits.most_for`, by class and level.
TAKE_PAYMENTS: Final = f"""
CREATE FUNCTION take_payments({_ARGUMENTS})
RETURNS int4[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public {_HELD} AS $$
DECLARE
  month constant date := date_trunc('month', today)::date;
  taken int4[];
BEGIN
{_CLAIMED}
  WITH paid AS MATERIALIZED (
    UPDATE account a SET {_TAKEN}
      FROM unnest(asked) WITH ORDINALITY AS b (id, shard, card_id, code_id, shown_micros, level, amount_fen, principal, request_key,
        fingerprint, sequence, merchant_code, receipt, clearing, doubt, claimed, n)
      WHERE a.paying_card = b.card_id AND a.shard = b.shard AND b.doubt IS NULL AND b.shown_micros >= a.shown_from
        AND a.balance_fen >= b.amount_fen
        AND b.amount_fen <= limit_payments[array_position(limit_classes, a.card_class)][b.level]
        AND b.amount_fen + CASE WHEN a.paid_on = today THEN a.paid_day_fen ELSE 0 END
          <= limit_days[array_position(limit_classes, a.card_class)][b.level]
        AND b.amount_fen + CASE WHEN a.paid_on >= month THEN a.paid_month_fen ELSE 0 END
          <= limit_months[array_position(limit_classes, a.card_class)][b.level]
        AND (a.most_payment_fen IS NULL OR b.amount_fen <= a.most_payment_fen)
        AND (a.most_day_fen IS NULL
          OR b.amount_fen + CASE WHEN a.paid_on = today THEN a.paid_day_fen ELSE 0 END <= a.most_day_fen)
        AND (a.most_month_fen IS NULL
          OR b.amount_fen + CASE WHEN a.paid_on >= month THEN a.paid_month_fen ELSE 0 END <= a.most_month_fen)
      RETURNING {_WITH_ACCOUNT}
  ), {_LEFT_BEHIND}
  SELECT array_agg(p.n::int4) FROM paid p INTO taken;
  RETURN taken;
END $$
"""
# Judges each payment by all there is, after its account was locked by a statement of its own, in the order of cards, as `take_payments` does.
# Whether it came before is asked here only of declines, kept or about to be ('earlier'). What is paid from twice is left out.
JUDGE_PAYMENTS: Final = f"""
CREATE FUNCTION judge_payments({_ARGUMENTS})
RETURNS TABLE (posted int4[], others int4[], became text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public {_HELD} AS $$
DECLARE
  month constant date := date_trunc('month', today)::date;
BEGIN
{_CLAIMED}
  PERFORM 1 FROM unnest(asked) b
    JOIN card c ON c.shard = b.shard AND c.id = b.card_id
    JOIN account a ON a.shard = c.shard AND a.id = coalesce(c.account_id, c.former_account_id)
    ORDER BY b.card_id FOR NO KEY UPDATE OF a;

  RETURN QUERY
  WITH judged AS MATERIALIZED (
    SELECT d.*, CASE
        WHEN d.doubted IS NULL THEN NULL
        WHEN EXISTS (SELECT 1 FROM transfer t WHERE t.shard = d.shard AND t.principal = d.principal AND t.sequence = d.sequence)
          THEN 'earlier'
        WHEN d.doubted IN ('balance_too_low', 'day_limit_reached', 'month_limit_reached')
          AND EXISTS (SELECT 1 FROM transfer t WHERE t.shard = d.shard AND t.code_id = d.code_id) THEN 'payer_code_spent'
        ELSE d.doubted END AS refused
    FROM (SELECT b.*, c.citizen_id, a.id AS account_id, CASE
        WHEN a.id IS NULL THEN 'payer_code_wrong'
        WHEN dk.id IS NOT NULL OR ds.id IS NOT NULL THEN 'earlier'
        WHEN r.frozen_at IS NOT NULL THEN 'payer_frozen'
        WHEN r.died_on IS NOT NULL THEN 'card_stopped'
        WHEN c.state <> 'active' THEN CASE c.state
          WHEN 'lost' THEN 'card_lost' WHEN 'issued' THEN 'card_not_active' WHEN 'replaced' THEN 'card_replaced'
          WHEN 'cancelled' THEN 'card_cancelled' ELSE 'card_stopped' END
        WHEN b.doubt IS NOT NULL THEN b.doubt
        WHEN b.shown_micros < extract(epoch FROM r.means_from) * 1000000 THEN 'payer_code_expired'
        WHEN most.payment_fen IS NULL OR b.amount_fen > least(most.payment_fen, own.payment_fen, own.day_fen, own.month_fen) THEN 'payment_over_limit'
        WHEN a.balance_fen < b.amount_fen THEN 'balance_too_low'
        WHEN b.amount_fen + CASE WHEN a.paid_on = today THEN a.paid_day_fen ELSE 0 END
          > least(most.day_fen, own.day_fen, own.month_fen) THEN 'day_limit_reached'
        WHEN b.amount_fen + CASE WHEN a.paid_on >= month THEN a.paid_month_fen ELSE 0 END
          > least(most.month_fen, own.month_fen) THEN 'month_limit_reached'
      END AS doubted
    FROM unnest(asked) WITH ORDINALITY AS b (id, shard, card_id, code_id, shown_micros, level, amount_fen, principal, request_key,
        fingerprint, sequence, merchant_code, receipt, clearing, doubt, claimed, n)
    LEFT JOIN card c ON c.shard = b.shard AND c.id = b.card_id
    LEFT JOIN resident r ON r.shard = c.shard AND r.id = c.citizen_id
    LEFT JOIN account a ON a.shard = c.shard AND a.id = coalesce(c.account_id, c.former_account_id)
    LEFT JOIN LATERAL (SELECT limit_payments[l.place][b.level] AS payment_fen, limit_days[l.place][b.level] AS day_fen,
      limit_months[l.place][b.level] AS month_fen FROM (SELECT array_position(limit_classes, c.card_class) AS place) l) most ON true
    LEFT JOIN LATERAL (SELECT
      CASE WHEN c.raised_from <= today THEN c.raised_payment_fen ELSE c.own_payment_fen END AS payment_fen,
      CASE WHEN c.raised_from <= today THEN c.raised_day_fen ELSE c.own_day_fen END AS day_fen,
      CASE WHEN c.raised_from <= today THEN c.raised_month_fen ELSE c.own_month_fen END AS month_fen) own ON true
    LEFT JOIN declined_payment dk ON dk.shard = b.shard AND dk.principal = b.principal AND dk.request_key = b.request_key
    LEFT JOIN declined_payment ds ON ds.shard = b.shard AND ds.principal = b.principal AND ds.sequence = b.sequence) d
    ORDER BY d.shard, d.account_id
  ), paid AS MATERIALIZED (
    UPDATE account a SET {_TAKEN}
      FROM judged b WHERE b.refused IS NULL AND a.shard = b.shard AND a.id = b.account_id
      RETURNING {_WITH_ACCOUNT}
  ), declined AS (
    INSERT INTO declined_payment (id, shard, citizen_id, at, principal, request_key, fingerprint, sequence, merchant_code, amount_fen,
        reason)
      SELECT j.id, j.shard, j.citizen_id, moment, j.principal, j.request_key, j.fingerprint, j.sequence, j.merchant_code, j.amount_fen,
        j.refused FROM judged j WHERE j.refused <> 'earlier' AND j.citizen_id IS NOT NULL
  ), {_LEFT_BEHIND}
  SELECT (SELECT array_agg(p.n::int4) FROM paid p), array_agg(j.n::int4), array_agg(j.refused) FROM judged j WHERE j.refused IS NOT NULL;
END $$
"""


async def forwards() -> MigrationManager:
    """Make both functions anew, which nobody calls but the system."""
    made = [f"{name}({_TYPES})" for name in ("take_payments", "judge_payments")]
    return migration(
        ID,
        "card",
        DESCRIPTION,
        (
            _ASKED,
            *(f"DROP FUNCTION {name}({_OLD_TYPES})" for name in ("take_payments", "judge_payments")),
            TAKE_PAYMENTS,
            JUDGE_PAYMENTS,
            *(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC" for function in made),
            *(f"GRANT EXECUTE ON FUNCTION {function} TO fuhai_system" for function in made),
        ),
    )
