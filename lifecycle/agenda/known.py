"""The facts that a person's agenda rests on, for rooms above that answer from the same: one statement where they are current."""

from uuid import UUID

from app.kernel import clock
from app.kernel.database import Row, fetch_one, transaction
from app.kernel.ids import shard_of
from app.keys.persons import key_unless_erased
from lifecycle.agenda.bookkeeping import KEEPER, facts_of, is_current, look_at
from lifecycle.rules.facts import Facts


async def known_facts(person_id: UUID) -> Facts:
    """What is known of a person now; who isn't current is looked at first. Of who is erased nothing is known."""
    row = await _row(person_id)
    if row is None or not is_current(row, clock.today()):
        await look_at(person_id)
        row = await _row(person_id)
    async with transaction(KEEPER):
        key = await key_unless_erased(person_id)
    return Facts() if row is None or key is None else facts_of(row, key)


async def _row(person_id: UUID) -> Row | None:
    async with transaction(KEEPER):
        return await fetch_one("SELECT * FROM agenda_book WHERE shard = $1 AND id = $2", shard_of(person_id), person_id)
