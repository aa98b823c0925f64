"""Makers of life events, and of an agenda rule of tests' own that reads one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_all, transaction
from app.kernel.ids import shard_of
from app.kernel.phrases import decode_facts
from app.kernel.words import Words
from app.keys.persons import open_for_person
from lifecycle.agenda import items
from lifecycle.agenda.items import AgendaRule, Item
from lifecycle.life_events import declaring, eventbook
from lifecycle.life_events.arriving import arrive
from lifecycle.life_events.definitions import definition_of
from lifecycle.life_events.eventbook import OFFICE, EventRow, NewEvent
from lifecycle.life_events.structs import LifeEventFile, NewLifeEvent
from lifecycle.rules.fact_kinds import PREGNANCY
from lifecycle.rules.looking import Looking
from tests.makers.people import a_citizen

PREGNANT: Final = "E_PREGNANT"
ITEM: Final = "tests.antenatal"


async def a_woman(**facts: object) -> Citizen:
    """A woman of thirty or so, at level 2."""
    known: dict[str, object] = {"name": "于晓彤", "sex": "female", "birth_date": date(1996, 5, 4)}
    return await a_citizen(2, **(known | facts))


def a_pregnancy(**changes: Any) -> dict[str, Any]:
    """The body that declares a pregnancy of two months, found out yesterday."""
    today = clock.today()
    said = {
        "event": PREGNANT,
        "occurred_on": (today - timedelta(days=1)).isoformat(),
        "details": {"last_period_on": (today - timedelta(days=60)).isoformat()},
    }
    return said | changes


async def declared(citizen: Citizen, event: str, on: date | None = None, **details: str | int) -> LifeEventFile:
    """An event that a citizen declared of themselves."""
    return await declaring.declare(citizen, NewLifeEvent(event, on or clock.today(), None, details))


async def a_standing_pregnancy(citizen: Citizen) -> LifeEventFile:
    """A pregnancy that stands."""
    said = a_pregnancy()
    return await declared(citizen, PREGNANT, date.fromisoformat(said["occurred_on"]), **said["details"])


async def events_of(person_id: UUID) -> list[EventRow]:
    """Every event in somebody's life, however it stands."""
    async with transaction(OFFICE):
        return await eventbook.of_person(person_id, "suggested", "standing", "taken_back", "ended")


async def codes_of(person_id: UUID) -> list[tuple[str, str, str]]:
    """The same: code, source and state."""
    return [(one.event, one.source, one.state) for one in await events_of(person_id)]


async def records_of(person_id: UUID) -> list[tuple[str, str]]:
    """What stands in somebody's record of their life events, in the order in which it was filed: phrase, and day or event in Chinese."""
    return await _phrases("record", person_id)


async def notices_to(person_id: UUID) -> list[tuple[str, str]]:
    """What somebody was told of life events."""
    return await _phrases("notice", person_id)


async def _phrases(table: str, person_id: UUID) -> list[tuple[str, str]]:
    async with transaction(OFFICE):
        rows = await fetch_all(
            f"SELECT id, phrase, facts FROM {table} WHERE shard = $1 AND citizen_id = $2 AND phrase LIKE 'life_event.%' ORDER BY id",
            *(shard_of(person_id), person_id),
        )
        found = []
        for row in rows:
            facts = decode_facts(await open_for_person(person_id, table, "facts", row["id"], row["facts"]))
            name = facts["event"]
            found.append((row["phrase"], name.zh if isinstance(name, Words) else name))
    return found


@contextmanager
def antenatal_rule() -> Iterator[None]:
    """While it is open, an agenda rule of tests' own asks whoever is pregnant to register."""

    def work(looking: Looking) -> Iterator[Item]:
        pregnancy = looking.find(PREGNANCY)
        if pregnancy is not None and pregnancy.ended_on is None:
            title = Words(zh="建档产检", en="Register for antenatal care")
            yield Item(code=ITEM, matter=None, title=title, why=title, opens=pregnancy.last_period_on)

    items.register_rules(AgendaRule("tests.antenatal", "birth", work))
    try:
        yield
    finally:
        items._RULES.pop("tests.antenatal")


async def a_suggestion(person_id: UUID) -> UUID:
    """The loss of a job, as the bureau's answer suggests it."""
    new = NewEvent(
        citizen_id=person_id,
        definition=definition_of("E_JOB_LOST"),
        occurred_on=clock.today(),
        source="shared_data",
        told_by="RSJ",
    )
    written = await arrive(new)
    if written is None:
        message = "it is known already"
        raise AssertionError(message)
    return written.id
