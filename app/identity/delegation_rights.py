"""What is told of a person's delegations when they ask for their data, and what is erased when they leave."""

from uuid import UUID

import msgspec

from app.identity import delegations
from app.identity.sessions import IDENTITY
from app.kernel.database import execute, transaction
from app.kernel.ids import shard_of

TABLES = ("delegation", "delegation_received")


class DelegationExporter:
    """Exports the powers that somebody gave and received."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """Each as its list shows it."""
        both = await delegations.of_person(citizen_id)
        return {
            "delegation": [msgspec.to_builtins(one) for one in both.given],
            "delegation_received": [msgspec.to_builtins(one) for one in both.received],
        }


class DelegationEraser:
    """Erases delegations; that they were given and used stays in the sealed log."""

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:
        """End what is live, delete what the person gave, and forget what they received. Harmless when repeated."""
        await delegations.end_all(IDENTITY, citizen_id, "delegate")
        async with transaction(IDENTITY):
            given = await execute(
                "DELETE FROM delegation WHERE shard = $1 AND citizen_id = $2", shard_of(citizen_id), citizen_id
            )
            received = await execute(
                "DELETE FROM delegation_received WHERE shard = $1 AND citizen_id = $2", shard_of(citizen_id), citizen_id
            )
        return given + received
