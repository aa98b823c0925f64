"""Sales without a line take accounts in the order of their cards, as payments do."""

from typing import Final

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.kernel.schema import migration
from app.offline.migrations.offline_0002_posting import POST_OFFLINE

ID = "2026-12-01T03:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Sales without a line take accounts in the order of their cards"

# Two that want the same accounts would else wait for each other. An account that no card pays from any longer comes last.
_BY_ACCOUNT: Final = """a.citizen_id = p.citizen_id AND a.kind = 'card'
    ORDER BY a.shard, a.id FOR NO KEY UPDATE OF a;"""
_BY_CARD: Final = """a.citizen_id = p.citizen_id AND a.kind = 'card'
    LEFT JOIN card c ON c.shard = a.shard AND c.account_id = a.id
    ORDER BY c.id, a.id FOR NO KEY UPDATE OF a;"""


async def forwards() -> MigrationManager:
    """Make the function anew; who may call it stays."""
    anew = POST_OFFLINE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(_BY_ACCOUNT, _BY_CARD)
    return migration(ID, "offline", DESCRIPTION, (anew,))
