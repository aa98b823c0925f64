"""Cards, and a ledger that only one function may write to."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.card.accounts import Clearing, clearing_account
from app.kernel.ids import SHARDS
from app.kernel.schema import Grants, OwnedTable, ReferenceTable, migration

ID = "2026-11-22T14:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Cards, and a ledger that only one function may write to"

PAYMENT_IS_WHOLE = (
    "CONSTRAINT transfer_payment_is_whole CHECK "
    "((kind = 'payment') = (sequence IS NOT NULL AND merchant_code IS NOT NULL AND code_id IS NOT NULL))"
)
TOP_UP_STATES = (
    "CONSTRAINT top_up_state_known CHECK "
    "(state IN ('created', 'awaiting', 'paid', 'closed', 'paid_after_close', 'amount_differs'))"
)

ACCOUNT = OwnedTable(
    "account",
    (
        "citizen_id uuid",
        "kind text NOT NULL",
        "balance_fen int8 NOT NULL DEFAULT 0",
        "CONSTRAINT account_kind_known CHECK (kind IN ('card', 'terminal_clearing', 'top_up_clearing'))",
        "CONSTRAINT account_card_has_owner CHECK ((kind = 'card') = (citizen_id IS NOT NULL))",
        "CONSTRAINT account_card_never_negative CHECK (kind <> 'card' OR balance_fen >= 0)",
    ),
    Grants(citizen="select", system="select, insert (id, shard, citizen_id, kind)"),
    storage="WITH (fillfactor = 70)",
)

CARD = OwnedTable(
    "card",
    (
        "citizen_id uuid NOT NULL",
        "account_id uuid NOT NULL",
        "number text NOT NULL",
        "state text NOT NULL",
        "opened_at timestamptz NOT NULL",
        "CONSTRAINT card_one_per_citizen UNIQUE (shard, citizen_id)",
        "CONSTRAINT card_number UNIQUE (shard, number)",
        "CONSTRAINT card_account UNIQUE (shard, account_id)",
        "CONSTRAINT card_number_names_shard CHECK (number ~ '^[0-9]{19}$' AND substr(number, 5, 4)::int = shard)",
        "CONSTRAINT card_state_known CHECK (state IN ('active', 'lost'))",
        "CONSTRAINT card_has_account FOREIGN KEY (shard, account_id) REFERENCES account (shard, id) ON DELETE RESTRICT",
    ),
    Grants(citizen="select"),
)

REQUEST = (
    "principal text NOT NULL",
    "request_key text NOT NULL",
    "fingerprint bytea NOT NULL",
    "sequence int8",
    "merchant_code text",
)

TRANSFER = OwnedTable(
    "transfer",
    (
        "citizen_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        "kind text NOT NULL",
        "debit uuid NOT NULL",
        "credit uuid NOT NULL",
        "amount_fen int8 NOT NULL",
        *REQUEST,
        "code_id uuid",
        "receipt bytea NOT NULL",
        "signature bytea NOT NULL",
        "seal_id text NOT NULL",
        "CONSTRAINT transfer_kind_known CHECK (kind IN ('payment', 'top_up'))",
        "CONSTRAINT transfer_amount_is_positive CHECK (amount_fen > 0)",
        "CONSTRAINT transfer_between_two CHECK (debit <> credit)",
        PAYMENT_IS_WHOLE,
        "CONSTRAINT transfer_request_once UNIQUE (shard, principal, request_key)",
        "CONSTRAINT transfer_sequence_once UNIQUE (shard, principal, sequence)",
        "CONSTRAINT transfer_code_once UNIQUE (shard, code_id)",
    ),
    Grants(citizen="select", system="select"),
    append_only=True,
)

DECLINED = OwnedTable(
    "declined_payment",
    (
        "citizen_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        *REQUEST,
        "amount_fen int8 NOT NULL",
        "reason text NOT NULL",
        "CONSTRAINT declined_payment_request_once UNIQUE (shard, principal, request_key)",
        "CONSTRAINT declined_payment_sequence_once UNIQUE (shard, principal, sequence)",
    ),
    Grants(citizen="select", system="select"),
    append_only=True,
)

TOP_UP = OwnedTable(
    "top_up",
    (
        "citizen_id uuid NOT NULL",
        "account_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        "amount_fen int8 NOT NULL",
        "channel text NOT NULL",
        "appid text NOT NULL",
        "mchid text NOT NULL",
        "state text NOT NULL",
        "expires_at timestamptz NOT NULL",
        "request_key text NOT NULL",
        "fingerprint bytea NOT NULL",
        "client_parameters bytea",
        "transaction_id text",
        "paid_at timestamptz",
        "transfer_id uuid",
        "CONSTRAINT top_up_amount_is_positive CHECK (amount_fen > 0)",
        TOP_UP_STATES,
        "CONSTRAINT top_up_paid_by_transfer CHECK ((state = 'paid') = (transfer_id IS NOT NULL))",
        "CONSTRAINT top_up_request_once UNIQUE (shard, citizen_id, request_key)",
        "CONSTRAINT top_up_transaction_once UNIQUE (shard, transaction_id)",
    ),
    Grants(citizen="select"),
)

NOTICE = OwnedTable(
    "channel_notice",
    (
        "citizen_id uuid NOT NULL",
        "at timestamptz NOT NULL",
        "notice_id text NOT NULL",
        "top_up_id uuid NOT NULL",
        "CONSTRAINT channel_notice_once UNIQUE (shard, notice_id)",
    ),
    Grants(system="select, insert"),
    append_only=True,
)

MERCHANT = ReferenceTable(
    "merchant",
    (
        "code text NOT NULL",
        "name_zh text NOT NULL",
        "name_en text NOT NULL",
        "CONSTRAINT merchant_pkey PRIMARY KEY (code)",
    ),
    Grants(citizen="select", officer="select", system="select, insert, update"),
)

SEAL = ReferenceTable(
    "receipt_seal",
    (
        "id text NOT NULL",
        "certificate text NOT NULL",
        "chain text NOT NULL",
        "CONSTRAINT receipt_seal_pkey PRIMARY KEY (id)",
    ),
    Grants(citizen="select", officer="select", system="select, insert"),
    append_only=True,
)

# Locks the card's account first, so that all that happens to a card happens in one order; a repeat is recognised before
# anything is refused; a decline is kept, so that it stays one. The shard's clearing account is touched last.
POST_TRANSFER = """
CREATE FUNCTION post_transfer(t transfer, doubt text) RETURNS TABLE (outcome text, known_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  pays constant boolean := t.kind = 'payment';
  card_account constant uuid := CASE WHEN pays THEN t.debit ELSE t.credit END;
  other_account constant uuid := CASE WHEN pays THEN t.credit ELSE t.debit END;
  balance int8;
  earlier record;
  reason text := doubt;
BEGIN
  SELECT a.balance_fen INTO balance FROM account a
    WHERE a.shard = t.shard AND a.id = card_account AND a.citizen_id = t.citizen_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no card account %', card_account USING ERRCODE = 'foreign_key_violation';
  END IF;

  SELECT e.* INTO earlier FROM (
      SELECT x.id, x.request_key, x.fingerprint, 'repeated' AS outcome FROM transfer x
        WHERE x.shard = t.shard AND x.principal = t.principal AND (x.request_key = t.request_key OR x.sequence = t.sequence)
      UNION ALL
      SELECT d.id, d.request_key, d.fingerprint, d.reason FROM declined_payment d
        WHERE d.shard = t.shard AND d.principal = t.principal AND (d.request_key = t.request_key OR d.sequence = t.sequence)
    ) e ORDER BY e.request_key = t.request_key DESC LIMIT 1;
  IF FOUND THEN
    RETURN QUERY SELECT CASE WHEN earlier.fingerprint = t.fingerprint THEN earlier.outcome
                             WHEN earlier.request_key = t.request_key THEN 'idempotency_key_reused'
                             ELSE 'sequence_reused' END, earlier.id;
    RETURN;
  END IF;

  IF pays AND reason IS NULL THEN
    reason := CASE
      WHEN EXISTS (SELECT 1 FROM card c WHERE c.shard = t.shard AND c.account_id = card_account AND c.state = 'lost')
        THEN 'card_lost'
      WHEN EXISTS (SELECT 1 FROM transfer x WHERE x.shard = t.shard AND x.code_id = t.code_id) THEN 'payer_code_spent'
      WHEN balance < t.amount_fen THEN 'balance_too_low' END;
  END IF;
  IF reason IS NOT NULL THEN
    INSERT INTO declined_payment (id, shard, citizen_id, at, principal, request_key, fingerprint, sequence, merchant_code,
                                  amount_fen, reason)
      VALUES (t.id, t.shard, t.citizen_id, t.at, t.principal, t.request_key, t.fingerprint, t.sequence, t.merchant_code,
              t.amount_fen, reason);
    RETURN QUERY SELECT reason, t.id;
    RETURN;
  END IF;

  INSERT INTO transfer SELECT t.*;
  UPDATE account a SET balance_fen = a.balance_fen + CASE WHEN pays THEN -t.amount_fen ELSE t.amount_fen END
    WHERE a.shard = t.shard AND a.id = card_account;
  UPDATE account a SET balance_fen = a.balance_fen + CASE WHEN pays THEN t.amount_fen ELSE -t.amount_fen END
    WHERE a.shard = t.shard AND a.id = other_account AND a.kind <> 'card';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no clearing account %', other_account USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN QUERY SELECT 'posted', t.id;
END $$
"""


def _clearing_accounts() -> str:
    rows = ", ".join(
        f"('{clearing_account(shard, purpose)}', {shard}, '{purpose}')"
        for shard in SHARDS
        for purpose in (Clearing.TERMINAL, Clearing.TOP_UP)
    )
    return f"INSERT INTO account (id, shard, kind) VALUES {rows}"


async def forwards() -> MigrationManager:
    """Make this room's tables, the clearing accounts of every shard, and the posting function."""
    return migration(
        ID,
        "card",
        DESCRIPTION,
        (
            *(ACCOUNT, CARD, TRANSFER, DECLINED, TOP_UP, NOTICE, MERCHANT, SEAL),
            "CREATE INDEX transfer_citizen ON transfer (shard, citizen_id, id DESC)",
            _clearing_accounts(),
            POST_TRANSFER,
            "REVOKE ALL ON FUNCTION post_transfer(transfer, text) FROM PUBLIC",
            "GRANT EXECUTE ON FUNCTION post_transfer(transfer, text) TO fuhai_system",
        ),
    )
