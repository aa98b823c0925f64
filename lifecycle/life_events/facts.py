"""What a person's standing events mean to rules, and which death that was told they don't go by; a source of facts."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from app.kernel import clock
from lifecycle.life_events import eventbook
from lifecycle.life_events.definitions import definitions
from lifecycle.life_events.eventbook import EventRow
from lifecycle.life_events.meanings import SOURCE, meant
from lifecycle.rules.facts import Said
from lifecycle.rules.family_kinds import DEATHS_TAKEN_BACK

_DEATH: Final = "E_DEATH"


async def of_life_events(person_id: UUID) -> Iterable[Said[Any]]:
    """What standing events say of a person; in the system transaction in progress. Who has died has none that stand."""
    rows = await eventbook.of_person(person_id, "standing", "taken_back")
    known = [one for one in rows if one.event in definitions() and one.state == "standing"]
    return [*meant([await eventbook.happened(one) for one in known]), *_not_gone_by(rows)]


def _not_gone_by(rows: Iterable[EventRow]) -> Iterable[Said[Any]]:
    """The days of deaths that a department told and the person took back, if none stands beside."""
    deaths = [one for one in rows if one.event == _DEATH]
    standing = {one.occurred_on for one in deaths if one.state == "standing"}
    taken_back = [one for one in deaths if one.state == "taken_back" and one.source == "told"]
    days = sorted({one.occurred_on for one in taken_back} - standing)
    if days:
        stated = max(clock.local(one.changed_at).date() for one in taken_back)
        yield Said(DEATHS_TAKEN_BACK.name, tuple(days), SOURCE, stated, "declared")
