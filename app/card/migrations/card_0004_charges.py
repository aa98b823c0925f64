"""Paying a department from the card within the app, and giving such a payment back."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.card.accounts import Clearing, clearing_account
from app.kernel.ids import SHARDS
from app.kernel.schema import migration

ID = "2026-11-29T10:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Paying a department from the card within the app, and giving such a payment back"

ACCOUNT_KINDS: Final = "CHECK (kind IN ('card', 'terminal_clearing', 'top_up_clearing', 'charge_clearing'))"
# As before; beside it, a charge is paid like a payment, without terminal and code, and no more is given back than was charged.
POST_TRANSFER: Final = """
CREATE OR REPLACE FUNCTION post_transfer(t transfer, doubt text) RETURNS TABLE (outcome text, known_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  pays constant boolean := t.kind IN ('payment', 'charge');
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
  IF t.kind = 'return' AND t.amount_fen > (
      SELECT coalesce(sum(CASE x.kind WHEN 'charge' THEN x.amount_fen ELSE -x.amount_fen END), 0) FROM transfer x
        WHERE x.shard = t.shard AND x.citizen_id = t.citizen_id
          AND ((x.id = t.returns AND x.kind = 'charge') OR x.returns = t.returns)) THEN
    RAISE EXCEPTION 'more given back than charge % took', t.returns USING ERRCODE = 'check_violation';
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


async def forwards() -> MigrationManager:
    """Let cards be charged and charges be given back, and make each shard's account for it."""
    accounts = ", ".join(
        f"('{clearing_account(shard, Clearing.CHARGE)}', {shard}, '{Clearing.CHARGE}')" for shard in SHARDS
    )
    return migration(
        ID,
        "card",
        DESCRIPTION,
        (
            "ALTER TABLE account DROP CONSTRAINT account_kind_known",
            f"ALTER TABLE account ADD CONSTRAINT account_kind_known {ACCOUNT_KINDS}",
            f"INSERT INTO account (id, shard, kind) VALUES {accounts}",
            "ALTER TABLE transfer ADD COLUMN returns uuid",
            "ALTER TABLE transfer DROP CONSTRAINT transfer_kind_known",
            "ALTER TABLE transfer ADD CONSTRAINT transfer_kind_known CHECK (kind IN ('payment', 'top_up', 'charge', 'return'))",
            "ALTER TABLE transfer ADD CONSTRAINT transfer_charge_names_payee CHECK (kind NOT IN ('charge', 'return') OR merchant_code IS NOT NULL)",
            "ALTER TABLE transfer ADD CONSTRAINT transfer_return_names_charge CHECK ((kind = 'return') = (returns IS NOT NULL))",
            "CREATE INDEX transfer_returns ON transfer (shard, returns) WHERE returns IS NOT NULL",
            POST_TRANSFER,
        ),
    )
