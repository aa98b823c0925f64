"""Sessions of a named account that haven't proved its name: whoever opened them held its phone number, then. System transactions only."""

from datetime import timedelta
from uuid import UUID

from app.kernel import clock
from app.kernel.database import execute, fetch_value
from app.kernel.ids import shard_of
from app.notices.live import wake
from app.residents.people import merged_with


async def end_unproved(citizen_id: UUID, reason: str) -> None:
    """End a person's sessions that haven't proved the account's name."""
    for person_id in (citizen_id, *await merged_with(citizen_id)):
        await execute(
            "UPDATE session SET ended_at = $3, end_reason = $4, pair = NULL WHERE shard = $1 AND citizen_id = $2 "
            "AND ended_at IS NULL AND level = 1",
            *(shard_of(person_id), person_id, clock.now(), reason),
        )
    await wake(citizen_id)


async def began_within(session_id: UUID, time: timedelta) -> bool:
    """Whether a session was opened less than some time ago."""
    started = await fetch_value(
        "SELECT started_at FROM session WHERE shard = $1 AND id = $2", shard_of(session_id), session_id
    )
    return started is not None and started > clock.now() - time
