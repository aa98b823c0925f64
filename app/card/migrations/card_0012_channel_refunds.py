"""Money on its way: held and then posted or voided once, refunded at the channel, given back with a card; and the channel's bills."""

from collections.abc import Iterable
from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.card.accounts import Clearing, clearing_account
from app.kernel.ids import SHARDS
from app.kernel.schema import Grants, OwnedTable, ReferenceTable, migration

ID = "2026-11-30T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Money on its way: held, posted or voided once, refunded at the channel; and the channel's bills"

PENDING_KINDS: Final = ("pending", "pending_posted", "pending_voided")

REFUND = OwnedTable(
    "channel_refund",
    (
        "citizen_id uuid NOT NULL",
        "top_up_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        "amount_fen int8 NOT NULL",
        "purpose text NOT NULL",
        "cancellation_id uuid",
        "pending_id uuid",
        "state text NOT NULL",
        "asked_at timestamptz",
        "refused text",
        "refund_id text",
        "ended_at timestamptz",
        "transfer_id uuid",
        "by_hand text",
        "CONSTRAINT channel_refund_amount_is_positive CHECK (amount_fen > 0)",
        "CONSTRAINT channel_refund_purpose_known CHECK (purpose IN ('late', 'cancellation'))",
        "CONSTRAINT channel_refund_state_known CHECK (state IN ('waiting', 'processing', 'refunded', 'refunded_twice', 'abnormal', 'closed'))",
        "CONSTRAINT channel_refund_of_money_held CHECK ((purpose = 'cancellation') = (cancellation_id IS NOT NULL AND pending_id IS NOT NULL))",
        "CONSTRAINT channel_refund_ended CHECK ((state IN ('waiting', 'processing')) = (ended_at IS NULL))",
        "CONSTRAINT channel_refund_pending_once UNIQUE (shard, pending_id)",
        "CONSTRAINT channel_refund_has_order FOREIGN KEY (shard, top_up_id) REFERENCES top_up (shard, id) ON DELETE RESTRICT",
    ),
    Grants(
        citizen="select",
        system="select, insert, update (state, asked_at, refused, refund_id, ended_at, transfer_id, by_hand)",
    ),
)

CANCELLATION = OwnedTable(
    "card_cancellation",
    (
        "citizen_id uuid NOT NULL",
        "card_id uuid NOT NULL",
        "account_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        "amount_fen int8 NOT NULL",
        "state text NOT NULL",
        "ended_at timestamptz",
        "CONSTRAINT card_cancellation_amount CHECK (amount_fen >= 0)",
        "CONSTRAINT card_cancellation_state_known CHECK (state IN ('giving_back', 'at_counter', 'done'))",
        "CONSTRAINT card_cancellation_once UNIQUE (shard, card_id)",
    ),
    Grants(citizen="select", system="select, insert, update (amount_fen, state, ended_at)"),
)

PAYOUT = OwnedTable(
    "card_payout",
    (
        "citizen_id uuid NOT NULL",
        "cancellation_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        "amount_fen int8 NOT NULL",
        "pending_id uuid NOT NULL",
        "reason text NOT NULL",
        "state text NOT NULL",
        "reference text",
        "ended_at timestamptz",
        "transfer_id uuid",
        "failed_refund_id uuid",
        "CONSTRAINT card_payout_amount_is_positive CHECK (amount_fen > 0)",
        "CONSTRAINT card_payout_reason_known CHECK (reason IN ('no_order', 'refund_failed'))",
        "CONSTRAINT card_payout_state_known CHECK (state IN ('due', 'paid', 'withdrawn'))",
        "CONSTRAINT card_payout_ended CHECK ((state = 'due') = (ended_at IS NULL))",
        "CONSTRAINT card_payout_pending_once UNIQUE (shard, pending_id)",
    ),
    Grants(citizen="select", system="select, insert, update (state, reference, ended_at, transfer_id)"),
)

BILL = ReferenceTable(
    "channel_bill",
    (
        "channel text NOT NULL",
        "bill_day date NOT NULL",
        "digest text NOT NULL",
        "fetched_at timestamptz NOT NULL",
        "payments int8 NOT NULL",
        "paid_fen int8 NOT NULL",
        "refunds int8 NOT NULL",
        "refunded_fen int8 NOT NULL",
        "CONSTRAINT channel_bill_pkey PRIMARY KEY (channel, bill_day)",
    ),
    Grants(system="select, insert"),
    append_only=True,
)

BILL_LINE = ReferenceTable(
    "channel_bill_line",
    (
        "channel text NOT NULL",
        "bill_day date NOT NULL",
        "line int4 NOT NULL",
        "at timestamptz NOT NULL",
        "kind text NOT NULL",
        "order_number text NOT NULL",
        "transaction_id text NOT NULL",
        "refund_number text",
        "refund_id text",
        "amount_fen int8 NOT NULL",
        "state text NOT NULL",
        "CONSTRAINT channel_bill_line_pkey PRIMARY KEY (channel, bill_day, line)",
        "CONSTRAINT channel_bill_line_kind_known CHECK (kind IN ('payment', 'refund'))",
        "CONSTRAINT channel_bill_line_names_refund CHECK ((kind = 'refund') = (refund_number IS NOT NULL))",
    ),
    Grants(system="select, insert"),
    append_only=True,
)

# Whoever is to take all that lies on a card has to know how much that is.
LOCK_CARD_ACCOUNT: Final = """
CREATE FUNCTION lock_card_account(of_shard int4, account_id uuid, owner_id uuid) RETURNS int8
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT a.balance_fen FROM account a
    WHERE a.shard = of_shard AND a.id = account_id AND a.citizen_id = owner_id AND a.kind = 'card' FOR NO KEY UPDATE
$$
"""
# Takes money from a card and holds it: as in `post_transfer`, the card's account is locked first and a repeat recognised.
HOLD_PENDING: Final = """
CREATE FUNCTION hold_pending(t transfer) RETURNS TABLE (outcome text, known_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  balance int8;
  earlier record;
BEGIN
  SELECT a.balance_fen INTO balance FROM account a
    WHERE a.shard = t.shard AND a.id = t.debit AND a.citizen_id = t.citizen_id AND a.kind = 'card' FOR NO KEY UPDATE;
  IF NOT FOUND OR t.kind <> 'pending' THEN
    RAISE EXCEPTION 'no card account %, or no pending transfer', t.debit USING ERRCODE = 'foreign_key_violation';
  END IF;
  SELECT x.id, x.fingerprint INTO earlier FROM transfer x
    WHERE x.shard = t.shard AND x.principal = t.principal AND x.request_key = t.request_key;
  IF FOUND THEN
    RETURN QUERY SELECT CASE WHEN earlier.fingerprint = t.fingerprint THEN 'repeated' ELSE 'idempotency_key_reused' END, earlier.id;
    RETURN;
  END IF;
  IF balance < t.amount_fen THEN
    RETURN QUERY SELECT 'balance_too_low', t.id;
    RETURN;
  END IF;
  INSERT INTO transfer SELECT t.*;
  UPDATE account a SET balance_fen = a.balance_fen - t.amount_fen WHERE a.shard = t.shard AND a.id = t.debit;
  UPDATE account a SET balance_fen = a.balance_fen + t.amount_fen
    WHERE a.shard = t.shard AND a.id = t.credit AND a.kind = 'pending_clearing';
  IF NOT FOUND THEN
    RAISE EXCEPTION '% holds nothing', t.credit USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN QUERY SELECT 'posted', t.id;
END $$
"""
# Ends what is held, whole and once: posted to where it was to go, or voided, back to the card. Asked the other way afterwards, it
# answers how it ended. The unique index says the same to whoever comes around.
END_PENDING: Final = """
CREATE FUNCTION end_pending(t transfer) RETURNS TABLE (outcome text, known_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  held record;
  ended record;
BEGIN
  SELECT x.debit, x.credit, x.amount_fen INTO held FROM transfer x
    WHERE x.shard = t.shard AND x.id = t.returns AND x.kind = 'pending' AND x.citizen_id = t.citizen_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION '% isn''t pending', t.returns USING ERRCODE = 'foreign_key_violation';
  END IF;
  PERFORM 1 FROM account a
    WHERE a.shard = t.shard AND a.id = held.debit AND a.citizen_id = t.citizen_id AND a.kind = 'card' FOR NO KEY UPDATE;
  SELECT x.id, x.kind INTO ended FROM transfer x
    WHERE x.shard = t.shard AND x.returns = t.returns AND x.kind IN ('pending_posted', 'pending_voided');
  IF FOUND THEN
    RETURN QUERY SELECT CASE WHEN ended.kind = t.kind THEN 'repeated' ELSE ended.kind END, ended.id;
    RETURN;
  END IF;
  IF t.kind NOT IN ('pending_posted', 'pending_voided') OR t.amount_fen <> held.amount_fen OR t.debit <> held.credit
      OR (t.kind = 'pending_voided') <> (t.credit = held.debit) THEN
    RAISE EXCEPTION 'this doesn''t end pending %', t.returns USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO transfer SELECT t.*;
  UPDATE account a SET balance_fen = a.balance_fen - t.amount_fen WHERE a.shard = t.shard AND a.id = t.debit;
  UPDATE account a SET balance_fen = a.balance_fen + t.amount_fen
    WHERE a.shard = t.shard AND a.id = t.credit AND (a.id = held.debit OR a.kind NOT IN ('card', 'pending_clearing'));
  IF NOT FOUND THEN
    RAISE EXCEPTION '% takes nothing that is held', t.credit USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN QUERY SELECT 'posted', t.id;
END $$
"""
# Never more than was paid, whoever writes: the order is locked, and what was refunded of it added up. What the channel closed moved nothing.
REFUSE_OVER_REFUND: Final = """
CREATE FUNCTION refuse_over_refund() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
  paid int8;
  given int8;
BEGIN
  SELECT o.amount_fen INTO paid FROM top_up o WHERE o.shard = NEW.shard AND o.id = NEW.top_up_id AND o.citizen_id = NEW.citizen_id
    AND o.state IN ('paid', 'paid_after_close') FOR UPDATE;
  SELECT coalesce(sum(r.amount_fen), 0) INTO given FROM channel_refund r
    WHERE r.shard = NEW.shard AND r.top_up_id = NEW.top_up_id AND r.state <> 'closed';
  IF given + NEW.amount_fen > coalesce(paid, 0) THEN
    RAISE EXCEPTION 'more refunded than order % took', NEW.top_up_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""


def _widened(table: str, constraint: str, more: Iterable[str], condition: str) -> str:
    """Have a check take more words beside those that it takes now; `condition` is written with `%L`, where they all stand."""
    words = ", ".join(f"'{word}'" for word in more)
    return f"""
DO $widen$ DECLARE known text[]; BEGIN
  SELECT array_agg(m[1]) INTO STRICT known FROM pg_constraint c, regexp_matches(pg_get_constraintdef(c.oid), '''([a-z_]+)''', 'g') m
    WHERE c.conname = '{constraint}' AND c.conrelid = '{table}'::regclass;
  ALTER TABLE {table} DROP CONSTRAINT {constraint};
  EXECUTE format('ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK ({condition})', known || ARRAY[{words}]);
END $widen$
"""


def _clearing_accounts() -> str:
    rows = ", ".join(
        f"('{clearing_account(shard, purpose)}', {shard}, '{purpose}')"
        for shard in SHARDS
        for purpose in (Clearing.PENDING, Clearing.PAYOUT)
    )
    return f"INSERT INTO account (id, shard, kind) VALUES {rows}"


async def forwards() -> MigrationManager:
    """Let money be held and ended once, orders be refunded, cards be cancelled, and the channel's bills be kept."""
    functions = [
        statement
        for signature, sql in (
            ("lock_card_account(int4, uuid, uuid)", LOCK_CARD_ACCOUNT),
            ("hold_pending(transfer)", HOLD_PENDING),
            ("end_pending(transfer)", END_PENDING),
        )
        for statement in (
            sql,
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {signature} TO fuhai_system",
        )
    ]
    return migration(
        ID,
        "card",
        DESCRIPTION,
        (
            _widened("account", "account_kind_known", (Clearing.PENDING, Clearing.PAYOUT), "kind = ANY (%L::text[])"),
            _clearing_accounts(),
            _widened("transfer", "transfer_kind_known", PENDING_KINDS, "kind = ANY (%L::text[])"),
            _widened(
                "transfer",
                "transfer_return_names_paid",
                PENDING_KINDS[1:],
                "(kind = ANY (%L::text[])) = (returns IS NOT NULL)",
            ),
            "CREATE UNIQUE INDEX transfer_pending_ended_once ON transfer (shard, returns) WHERE kind IN ('pending_posted', 'pending_voided')",
            _widened("card", "card_state_known", ("cancelled",), "state = ANY (%L::text[])"),
            _widened(
                "top_up", "top_up_state_known", ("refunding", "refunded", "refund_failed"), "state = ANY (%L::text[])"
            ),
            "ALTER TABLE top_up ADD COLUMN by_hand text",
            *functions,
            *(REFUND, CANCELLATION, PAYOUT, BILL, BILL_LINE),
            "CREATE INDEX channel_refund_order ON channel_refund (shard, top_up_id)",
            "CREATE UNIQUE INDEX channel_refund_late_once ON channel_refund (shard, top_up_id) WHERE purpose = 'late'",
            "CREATE INDEX channel_refund_citizen ON channel_refund (shard, citizen_id)",
            "CREATE INDEX channel_refund_open ON channel_refund (at) WHERE state IN ('waiting', 'processing', 'abnormal', 'closed')",
            "CREATE INDEX card_cancellation_citizen ON card_cancellation (shard, citizen_id)",
            "CREATE INDEX card_payout_cancellation ON card_payout (shard, cancellation_id)",
            REFUSE_OVER_REFUND,
            "CREATE TRIGGER channel_refund_never_over BEFORE INSERT ON channel_refund FOR EACH ROW EXECUTE FUNCTION refuse_over_refund()",
        ),
    )
