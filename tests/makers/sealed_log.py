"""Makers of a sealed log: acts that are numbered, and checkpoints that are due."""

from datetime import date, timedelta
from unittest.mock import patch
from uuid import UUID

from app.audit import checkpoints
from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.audit.heads import commit_heads
from app.audit.sequencing import number_acts
from app.kernel import clock
from app.kernel.actors import Officer
from app.kernel.database import Row, fetch_all, fetch_value, transaction
from app.kernel.ids import new_plain_id, shard_of
from tests.makers.callers import the_authorities_of_the_product
from tests.makers.transactions import SYSTEM


async def a_look_at(person_id: UUID, case: str = "YT1", officer: Officer | None = None) -> Officer:
    """An officer's look at a person's case, and the officer."""
    officer = officer or Officer(new_plain_id(), "李建国", "GAJ")
    async with transaction(officer):
        await seal_act(Act.CASE_LOOKED_AT, officer, about=person_id, subject=None, basis=Basis("case", case))
    return officer


async def all_numbered() -> None:
    """Number every act that waits, as the worker does."""
    while await number_acts():
        pass


async def a_checkpoint() -> Row:
    """Number what waits, commit today's heads unless that is done, and publish a checkpoint, due or not."""
    the_authorities_of_the_product()
    await all_numbered()
    await commit_heads()
    assert await checkpoints.publish_checkpoint(at_once=True)
    async with transaction(SYSTEM):
        newest = await checkpoints.newest_checkpoint()
    assert newest is not None
    return newest


async def heads_of_the_next_day() -> None:
    """Commit heads as on the day after the last on which it was done."""
    async with transaction(SYSTEM):
        last: date | None = await fetch_value("SELECT heads_day FROM log_state")
    with patch.object(clock, "today", return_value=(last or clock.today()) + timedelta(days=1)):
        assert await commit_heads()


async def the_entries_about(person_id: UUID) -> list[Row]:
    """What the log has about a person, in the order of their chain."""
    async with transaction(SYSTEM):
        return await fetch_all(
            "SELECT * FROM log_entry WHERE shard = $1 AND citizen_id = $2 ORDER BY person_number",
            *(shard_of(person_id), person_id),
        )


async def the_log_size() -> int:
    """How many entries the log has."""
    async with transaction(SYSTEM):
        size: int = await fetch_value("SELECT size FROM log_state")
    return size
