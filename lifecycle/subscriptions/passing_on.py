"""What ends of itself: who turns 14 decides alone from then on, and who is no longer guardian is told nothing more."""

from typing import Final
from uuid import UUID

from app.kernel import clock
from app.kernel.database import execute
from app.kernel.ids import shard_of
from app.residents.events import GuardianshipEnded, TurnedFourteen

_END: Final = """
UPDATE subscription SET ended_at = $4, changed_at = $4, ended_by = $5, topics = '{}', reminded = '{}'
WHERE shard = $1 AND citizen_id = $2 AND reader_id <> $2 AND ($3::uuid IS NULL OR reader_id = $3) AND ended_at IS NULL
"""


async def on_turned_fourteen(event: TurnedFourteen) -> None:
    """End what guardians switched on for a child; a subscriber, harmless when repeated."""
    if event.citizen_id is not None:
        await _end(event.citizen_id, None, "decides_themselves")


async def on_guardianship_ended(event: GuardianshipEnded) -> None:
    """End what somebody switched on for a ward whose guardian they were; a subscriber, harmless when repeated."""
    if event.citizen_id is not None:
        await _end(event.citizen_id, event.subject_id, "guardianship_ended")


async def _end(ward_id: UUID, reader_id: UUID | None, how: str) -> None:
    await execute(_END, shard_of(ward_id), ward_id, reader_id, clock.now(), how)
