"""The agenda as a calendar (iCalendar, RFC 5545) under a private address that its owner can revoke at any time.

The address is shown once; only a keyed hash of it is kept. Whoever has it reads what the owner's agenda says at level 2, so each
new one revokes the one before.
"""

import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from icalendar import Alarm, Calendar, Event

from app.kernel import clock, quotas
from app.kernel.actors import Citizen
from app.kernel.assurance import BY_NAME
from app.kernel.database import execute, fetch_one, transaction
from app.kernel.ids import shard_of
from app.kernel.settings import load
from app.keys.fields import blind_index
from app.residents.families import wards_of
from lifecycle.agenda.bookkeeping import KEEPER
from lifecycle.agenda.errors import FeedReadTooOften, FeedUnknown
from lifecycle.agenda.limits import LIMITS
from lifecycle.agenda.reading import agendas, items
from lifecycle.agenda.structs import AgendaItem, FeedView, NewFeedView

MEDIA_TYPE: Final = "text/calendar"
PATH: Final = "/v1/agenda-feeds"
_OWNER: Final = """
SELECT f.citizen_id FROM agenda_feed f WHERE f.token_index = $1
"""
_MAY: Final = """
SELECT true FROM resident WHERE shard = $1 AND id = $2 AND died_on IS NULL AND frozen_at IS NULL AND merged_into IS NULL
"""
_MADE: Final = """
INSERT INTO agenda_feed (token_index, citizen_id, made_at) VALUES ($1, $2, $3)
ON CONFLICT ON CONSTRAINT agenda_feed_citizen DO UPDATE SET token_index = excluded.token_index, made_at = excluded.made_at, read_at = NULL
"""


async def make(citizen: Citizen) -> NewFeedView:
    """Make the address of the citizen's feed; the one before ends at once."""
    token, now = secrets.token_urlsafe(32), clock.now()
    async with transaction(KEEPER):
        await execute(_MADE, _index(token), citizen.id, now)
    return NewFeedView(url=f"{load().public_origin}{PATH}/{token}", made_at=now)


async def revoke(citizen: Citizen) -> None:
    """End the citizen's feed; harmless where there is none."""
    async with transaction(KEEPER):
        await execute("DELETE FROM agenda_feed WHERE citizen_id = $1", citizen.id)


async def show(citizen: Citizen) -> FeedView:
    """Since when the citizen has a feed, and when it was read last; refuses `FeedUnknown`."""
    async with transaction(KEEPER):
        row = await fetch_one("SELECT made_at, read_at FROM agenda_feed WHERE citizen_id = $1", citizen.id)
    if row is None:
        raise FeedUnknown
    return FeedView(made_at=row["made_at"], read_at=row["read_at"])


async def read(token: str) -> bytes:
    """The calendar of an address. Refuses `FeedUnknown`, also while its owner's identity is frozen, and `FeedReadTooOften`."""
    index = _index(token)
    await quotas.count(quotas.quota("feed_reads", LIMITS.today), index.hex(), FeedReadTooOften)
    async with transaction(KEEPER):
        row = await fetch_one(_OWNER, index)
        owner = None if row is None else row["citizen_id"]
        if owner is None or not await fetch_one(_MAY, shard_of(owner), owner):
            raise FeedUnknown
        wards = await wards_of(owner)
        await execute("UPDATE agenda_feed SET read_at = $2 WHERE token_index = $1", index, clock.now())
    reader = Citizen(id=owner, level=BY_NAME, session_id=owner, client_id="calendar", wards=wards)
    return calendar(owner, items(await agendas(reader), "open", clock.today()), clock.now())


def calendar(owner: UUID, found: list[AgendaItem], at: datetime) -> bytes:
    """Items as an iCalendar of whole-day events, each on the day by which it should be done or on which it opens."""
    made = Calendar()
    made.add("prodid", "-//Fuhai//Agenda//ZH")
    made.add("version", "2.0")
    made.add("name", "人生日程")
    made.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for item in found:
        if item.from_on is not None or item.due_on is not None:
            made.add_component(_event(owner, item, at))
    written: bytes = made.to_ical()
    return written


def _event(owner: UUID, item: AgendaItem, at: datetime) -> Event:
    day = item.from_on if item.standing == "upcoming" and item.from_on else item.due_on or item.from_on
    event = Event()
    event.add("uid", f"{item.code}.{item.subject_id}@fuhai")
    event.add("dtstamp", at)
    event.add("dtstart", day)
    event.add("summary", item.title.zh if item.subject_id == owner else f"{item.subject_name or ''}：{item.title.zh}")
    due = f"\n请在{item.due_on}前办理。Please see to it by {item.due_on}." if item.due_on else ""
    event.add("description", f"{item.why.zh}\n{item.title.en}: {item.why.en}{due}")
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", item.title.zh)
    alarm.add("trigger", timedelta(hours=9))
    event.add_component(alarm)
    return event


def _index(token: str) -> bytes:
    return blind_index("agenda_feed", token)
