"""Giving payments at terminals back: reversals, which may come before their payment, and refunds, never more than was paid."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-29T21:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Giving payments at terminals back: reversals, which may come before their payment, and refunds"

KINDS: Final = "CHECK (kind IN ('payment', 'top_up', 'charge', 'return', 'refund', 'reversal'))"
NAMES_PAYEE: Final = "CHECK (kind NOT IN ('charge', 'return', 'refund', 'reversal') OR merchant_code IS NOT NULL)"
NAMES_PAID: Final = "CHECK ((kind IN ('return', 'refund', 'reversal')) = (returns IS NOT NULL))"
# As before; beside it, a refund or reversal gives back what one payment took, never more, and nothing after a reversal. A payment
# that was reversed isn't a payment any more, also where it is asked for again.
POST_TRANSFER: Final = """
CREATE OR REPLACE FUNCTION post_transfer(t transfer, doubt text) RETURNS TABLE (outcome text, known_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  pays constant boolean := t.kind IN ('payment', 'charge');
  gives_back constant boolean := t.kind IN ('refund', 'reversal');
  card_account constant uuid := CASE WHEN pays THEN t.debit ELSE t.credit END;
  other_account constant uuid := CASE WHEN pays THEN t.credit ELSE t.debit END;
  balance int8;
  earlier record;
  reason text := doubt;
  paid record;
  given record;
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
    RETURN QUERY SELECT CASE WHEN t.kind = 'payment' AND earlier.outcome = 'payment_reversed' THEN 'payment_reversed'
                             WHEN t.kind = 'payment' AND earlier.fingerprint = t.fingerprint AND EXISTS (
                                 SELECT 1 FROM transfer r
                                   WHERE r.shard = t.shard AND r.returns = earlier.id AND r.kind = 'reversal')
                               THEN 'payment_reversed'
                             WHEN earlier.fingerprint = t.fingerprint THEN earlier.outcome
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
  IF gives_back THEN
    SELECT x.amount_fen INTO paid FROM transfer x
      WHERE x.shard = t.shard AND x.id = t.returns AND x.kind = 'payment' AND x.citizen_id = t.citizen_id
        AND x.debit = t.credit AND x.credit = t.debit AND x.merchant_code = t.merchant_code
        AND (t.kind = 'refund' OR (x.principal = t.principal AND x.amount_fen = t.amount_fen));
    IF NOT FOUND THEN
      RAISE EXCEPTION '% is no payment that this can give back', t.returns USING ERRCODE = 'foreign_key_violation';
    END IF;
    SELECT coalesce(sum(x.amount_fen), 0) AS fen, coalesce(bool_or(x.kind = 'reversal'), false) AS reversed INTO given
      FROM transfer x WHERE x.shard = t.shard AND x.returns = t.returns;
    reason := coalesce(reason, CASE
      WHEN given.reversed THEN 'payment_reversed'
      WHEN t.kind = 'reversal' AND given.fen > 0 THEN 'payment_refunded'
      WHEN t.amount_fen > paid.amount_fen - given.fen THEN 'refund_over_payment' END);
    IF reason IS NOT NULL THEN
      RETURN QUERY SELECT reason, t.returns;
      RETURN;
    END IF;
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
# What a reversal does first: under the lock of the card it finds the payment, or takes the payment's number, so that it is declined
# when it comes late.
STOP_PAYMENT: Final = """
CREATE FUNCTION stop_payment(d declined_payment, card_account uuid, doubt text) RETURNS TABLE (outcome text, known_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  known uuid;
BEGIN
  PERFORM 1 FROM account a
    WHERE a.shard = d.shard AND a.id = card_account AND a.citizen_id = d.citizen_id AND a.kind = 'card' FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no card account %', card_account USING ERRCODE = 'foreign_key_violation';
  END IF;
  SELECT x.id INTO known FROM transfer x WHERE x.shard = d.shard AND x.principal = d.principal AND x.sequence = d.sequence;
  IF FOUND THEN
    RETURN QUERY SELECT 'paid', known;
    RETURN;
  END IF;
  SELECT x.id INTO known FROM declined_payment x
    WHERE x.shard = d.shard AND x.principal = d.principal AND x.sequence = d.sequence;
  IF FOUND THEN
    RETURN QUERY SELECT 'not_paid', known;
    RETURN;
  END IF;
  IF doubt IS NOT NULL THEN
    RETURN QUERY SELECT doubt, d.id;
    RETURN;
  END IF;
  INSERT INTO declined_payment (id, shard, citizen_id, at, principal, request_key, fingerprint, sequence, merchant_code, amount_fen, reason)
    VALUES (d.id, d.shard, d.citizen_id, d.at, d.principal, d.request_key, d.fingerprint, d.sequence, d.merchant_code, d.amount_fen,
            'payment_reversed');
  RETURN QUERY SELECT 'not_paid', d.id;
END $$
"""


async def forwards() -> MigrationManager:
    """Let payments be given back, in the database's own functions."""
    return migration(
        ID,
        "card",
        DESCRIPTION,
        (
            "ALTER TABLE transfer DROP CONSTRAINT transfer_kind_known",
            f"ALTER TABLE transfer ADD CONSTRAINT transfer_kind_known {KINDS}",
            "ALTER TABLE transfer DROP CONSTRAINT transfer_charge_names_payee",
            f"ALTER TABLE transfer ADD CONSTRAINT transfer_charge_names_payee {NAMES_PAYEE}",
            "ALTER TABLE transfer DROP CONSTRAINT transfer_return_names_charge",
            f"ALTER TABLE transfer ADD CONSTRAINT transfer_return_names_paid {NAMES_PAID}",
            "ALTER TABLE transfer ADD CONSTRAINT transfer_refund_is_numbered CHECK (kind <> 'refund' OR sequence IS NOT NULL)",
            "CREATE UNIQUE INDEX transfer_reversed_once ON transfer (shard, returns) WHERE kind = 'reversal'",
            POST_TRANSFER,
            STOP_PAYMENT,
            "REVOKE ALL ON FUNCTION stop_payment(declined_payment, uuid, text) FROM PUBLIC",
            "GRANT EXECUTE ON FUNCTION stop_payment(declined_payment, uuid, text) TO fuhai_system",
        ),
    )
