"""Payments at terminals are known by their numbers, and their keys by the claims; all else by its key as before."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration

ID = "2026-11-30T20:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Payments at terminals without a unique key in the ledger beside their number"

# A payment's key is claimed with its number (`terminal_request`), whichever card it is from, as long as keys are kept; the number stands in
# the ledger for good. So the key needn't be unique there once more: a key that is known leads by its claim to the number.
_BY_KEY: Final = (
    "ALTER TABLE transfer DROP CONSTRAINT transfer_request_once",
    "CREATE UNIQUE INDEX transfer_request_once ON transfer (shard, principal, request_key) WHERE kind <> 'payment'",
)
_CHANGED: Final = (
    (
        "post_transfer(transfer, text)",
        "(x.request_key = t.request_key OR x.sequence = t.sequence)",
        "((x.kind <> 'payment' AND x.request_key = t.request_key) OR x.sequence = t.sequence)",
    ),
    (
        "hold_pending(transfer)",
        "x.principal = t.principal AND x.request_key = t.request_key;",
        "x.principal = t.principal AND x.request_key = t.request_key AND x.kind <> 'payment';",
    ),
    (
        "judge_payments",
        "EXISTS (SELECT 1 FROM transfer t WHERE t.shard = d.shard AND t.principal = d.principal AND t.request_key = d.request_key)\n          OR ",
        "",
    ),
    (
        "earlier_payments",
        "WHERE x.shard = b.shard AND x.principal = b.principal AND x.request_key = b.request_key",
        "WHERE x.shard = b.shard AND x.principal = b.principal AND x.sequence = k.sequence",
    ),
)
_CHANGE: Final = """
DO $patch$
DECLARE
  found regprocedure := {found};
  written text := pg_get_functiondef(found);
BEGIN
  IF position($old${old}$old$ IN written) = 0 THEN
    RAISE EXCEPTION '% is written otherwise', found;
  END IF;
  EXECUTE replace(written, $old${old}$old$, $new${new}$new$);
END $patch$
"""


def _change(function: str, old: str, new: str) -> str:
    cast = "regprocedure" if "(" in function else "regproc"
    return _CHANGE.format(found=f"'{function}'::{cast}::oid", old=old, new=new)


async def forwards() -> MigrationManager:
    """Make the key unique where nothing else is, and look for payments by their numbers."""
    return migration(ID, "card", DESCRIPTION, (*_BY_KEY, *(_change(*change) for change in _CHANGED)))
