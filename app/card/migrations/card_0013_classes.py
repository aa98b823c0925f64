"""Cards of classes, that are handed out, activated and replaced, with limits of their holder's own."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-30T13:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Cards of classes, that are handed out, activated and replaced, with limits of their holder's own"

STATES: Final = "CHECK (state IN ('issued', 'active', 'lost', 'replaced', 'cancelled'))"
CLASSES: Final = "CHECK (card_class IN ('ordinary', 'child', 'student', 'elder_60', 'elder_65', 'disabled'))"
OWN_LIMITS: Final = ("payment_fen", "day_fen", "month_fen")
REASONS: Final = "CHECK ((replaces IS NULL) = (replaced_because IS NULL) AND replaced_because IN ('lost', 'damaged', 'class_changed'))"
# What pays is the card of an account: an account has one, and whoever holds it has one that isn't replaced or cancelled. A card that
# was replaced pays from nothing any more; where it once paid from stays known.
LIVING: Final = (
    "CREATE UNIQUE INDEX card_one_living ON card (shard, citizen_id) WHERE state NOT IN ('replaced', 'cancelled')"
)
PAYS_FROM: Final = (
    "CHECK ((state = 'replaced') = (account_id IS NULL) AND (state = 'replaced') = (former_account_id IS NOT NULL))"
)
# Only an active card is charged. The function's other words are as they were, whoever changed them last.
ONLY_ACTIVE_PAYS: Final = """
DO $patch$
DECLARE
  was constant text := 'c.account_id = card_account AND c.state = ''lost'')' || E'\\n' || '        THEN ''card_lost''';
  now constant text := 'c.account_id = card_account AND c.state <> ''active'')' || E'\\n' ||
    '        THEN (SELECT CASE c.state WHEN ''lost'' THEN ''card_lost'' WHEN ''issued'' THEN ''card_not_active'' ELSE ''card_stopped'' END' ||
    ' FROM card c WHERE c.shard = t.shard AND c.account_id = card_account)';
  written text := pg_get_functiondef('post_transfer(transfer, text)'::regprocedure);
BEGIN
  IF position(was IN written) = 0 THEN
    RAISE EXCEPTION 'post_transfer asks otherwise whether a card is lost';
  END IF;
  EXECUTE replace(written, was, now);
END $patch$
"""


async def forwards() -> MigrationManager:
    """Add the columns, and let one card of a citizen live at a time."""
    own = tuple(f"{kind}_{limit}" for kind in ("own", "raised") for limit in OWN_LIMITS)
    return migration(
        ID,
        "card",
        DESCRIPTION,
        (
            f"ALTER TABLE card ADD COLUMN card_class text NOT NULL DEFAULT 'ordinary' CONSTRAINT card_class_known {CLASSES}",
            "ALTER TABLE card ADD COLUMN class_until date, ADD COLUMN class_judged_on date, ADD COLUMN class_offered text",
            "ALTER TABLE card ADD COLUMN form text NOT NULL DEFAULT 'virtual' CONSTRAINT card_form_known CHECK (form IN ('virtual', 'physical'))",
            "ALTER TABLE card ADD COLUMN activated_at timestamptz",
            "ALTER TABLE card ADD COLUMN replaces uuid, ADD COLUMN replaced_because text",
            "ALTER TABLE card ADD COLUMN former_account_id uuid",
            "ALTER TABLE card ADD COLUMN limits_version int4 NOT NULL DEFAULT 1, ADD COLUMN raised_from date",
            *(f"ALTER TABLE card ADD COLUMN {name} int8 CONSTRAINT card_{name} CHECK ({name} >= 0)" for name in own),
            "UPDATE card SET activated_at = opened_at",
            "ALTER TABLE card ALTER COLUMN account_id DROP NOT NULL",
            "ALTER TABLE card DROP CONSTRAINT card_state_known",
            f"ALTER TABLE card ADD CONSTRAINT card_state_known {STATES}",
            f"ALTER TABLE card ADD CONSTRAINT card_replaced_pays_from_nothing {PAYS_FROM}",
            f"ALTER TABLE card ADD CONSTRAINT card_replaces_for_a_reason {REASONS}",
            "ALTER TABLE card ADD CONSTRAINT card_active_is_activated CHECK (state <> 'active' OR activated_at IS NOT NULL)",
            "ALTER TABLE card ADD CONSTRAINT card_replaces_once UNIQUE (shard, replaces)",
            "ALTER TABLE card DROP CONSTRAINT card_one_per_citizen",
            LIVING,
            "CREATE INDEX card_citizen ON card (shard, citizen_id)",
            "CREATE INDEX card_class_ends ON card (class_until) WHERE class_until IS NOT NULL",
            "CREATE INDEX card_class_judged ON card (class_judged_on) WHERE card_class <> 'ordinary'",
            ONLY_ACTIVE_PAYS,
        ),
    )
