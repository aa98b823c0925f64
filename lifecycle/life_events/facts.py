"""What a person's standing events mean to rules; a source of facts."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from lifecycle.life_events import eventbook
from lifecycle.life_events.definitions import definitions
from lifecycle.life_events.meanings import meant
from lifecycle.rules.facts import Said


async def of_life_events(person_id: UUID) -> Iterable[Said[Any]]:
    """What standing events say of a person; in the system transaction in progress. Who has died has none that stand."""
    standing = await eventbook.of_person(person_id, "standing")
    known = [one for one in standing if one.event in definitions()]
    return list(meant([await eventbook.happened(one) for one in known]))
