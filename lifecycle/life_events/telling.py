"""An event stands in the record, and a notice says what comes next; one that was taken back is answered in the record by a second entry.

What a date brings, or shared data suggest, is told only to who switched reminders of public services on. What another room tells
already isn't told twice.
"""

from datetime import datetime, time
from typing import Final
from uuid import UUID

from app.kernel import clock
from app.kernel.clock import SHANGHAI
from app.kernel.database import transaction
from app.kernel.events import Event
from app.kernel.phrases import Facts, Phrase
from app.kernel.words import Words
from app.notices.inbox import NewNotice, deliver
from app.privacy.consents import given_by
from app.privacy.purposes import PUSH_PUBLIC
from app.records.filing import Happening, file_record
from app.residents.families import guardians_of
from app.residents.people import names_of
from lifecycle.life_events import eventbook
from lifecycle.life_events.definitions import Definition, definition_of
from lifecycle.life_events.errors import LifeEventNotFound
from lifecycle.life_events.eventbook import OFFICE, EventRow
from lifecycle.life_events.events import LifeEventStood, LifeEventSuggested, LifeEventTakenBack

_MOST_NAMED: Final = 6
PHRASES: Final = {
    "life_event.stood": Phrase(
        Words(zh="人生事件：{event}", en="Life event: {event}"), Words(zh="发生日期：{day}。", en="On {day}.")
    ),
    "life_event.taken_back": Phrase(
        Words(zh="已撤回：{event}", en="Taken back: {event}"),
        Words(
            zh="{day}的记录有误，已撤回；由它产生的日程随之取消。",
            en="What was recorded of {day} was wrong and is taken back, with what it had put on the agenda.",
        ),
    ),
    "life_event.next": Phrase(
        Words(zh="{who}{event}：接下来可办理", en="{who}{event}: what comes next"),
        Words(zh="可办理：{next}。详见人生日程。", en="You may need: {next}. See your agenda."),
    ),
    "life_event.next_bundle": Phrase(
        Words(zh="{who}{event}：接下来可办理", en="{who}{event}: what comes next"),
        Words(
            zh="“{bundle}”一张表可办多件事；其他：{next}。详见人生日程。",
            en='"{bundle}" does several things by one form; beside it: {next}. See your agenda.',
        ),
    ),
    "life_event.suggested": Phrase(
        Words(zh="是否发生了：{event}？", en="Did this happen: {event}?"),
        Words(
            zh="部门数据显示{day}可能有此事。请确认或否认；确认前不会办理任何事项。",
            en="What a department holds suggests it, on {day}. Please confirm it or turn it down; nothing is done before you do.",
        ),
    ),
}


async def on_stood(event: LifeEventStood) -> None:
    """File an event, and tell what comes next unless it was taken back meanwhile; a subscriber."""
    known = await _known(event)
    if known is None:
        return
    definition = definition_of(known.event)
    if known.source == "told" and definition.silent_when_told:
        return
    await _file(known, definition, "life_event.stood", event)
    if known.state == "standing":
        await _tell(known, _next_phrase(definition), _next(definition), event)


async def on_taken_back(event: LifeEventTakenBack) -> None:
    """Answer the record's entry by a second one; notices stay as they were. A subscriber."""
    known = await _known(event)
    if known is not None:
        await _file(known, definition_of(known.event), "life_event.taken_back", event)


async def on_suggested(event: LifeEventSuggested) -> None:
    """Ask whether a suggested event is so; nothing is filed. A subscriber."""
    known = await _known(event)
    if known is not None and known.state == "suggested":
        await _tell(known, "life_event.suggested", {}, event)


async def _known(event: Event) -> EventRow | None:
    """The event's row; nothing once the person was erased."""
    async with transaction(OFFICE):
        try:
            return await eventbook.find(event.subject_id)
        except LifeEventNotFound:
            return None


async def _file(known: EventRow, definition: Definition, phrase: str, event: Event) -> None:
    now = clock.now()
    occurred = datetime.combine(known.occurred_on, time(), SHANGHAI)
    await file_record(
        Happening(
            citizen_id=known.citizen_id,
            happened_at=min(occurred, now) if phrase == "life_event.stood" else event.at or now,
            kind=definition.record,
            phrase=phrase,
            facts={"event": definition.name, "day": known.occurred_on.isoformat()},
            source=known.told_by or "life_events",
            source_ref=f"event:{event.id}",
            about_id=known.id,
        )
    )


async def _tell(known: EventRow, phrase: str, facts: Facts, event: Event) -> None:
    definition, readers = definition_of(known.event), await _readers(known)
    name = (await names_of([known.citizen_id])).get(known.citizen_id) or ""
    for reader in readers:
        who = Words(zh="", en="") if reader == known.citizen_id else Words(zh=f"{name}，", en=f"{name}, ")
        told: Facts = {"who": who, "event": definition.name, "day": known.occurred_on.isoformat()}
        await deliver(
            NewNotice(
                citizen_id=reader,
                phrase=phrase,
                facts=told | facts,
                source_ref=f"event:{event.id}",
                about_id=known.id,
            )
        )


async def _readers(known: EventRow) -> list[UUID]:
    """Who is told: who declared it; else the guardians of who has some, or the person, of what nobody asked for if they are willing."""
    if known.declared_by is not None:
        return [known.declared_by]
    readers = set(await guardians_of(known.citizen_id)) or {known.citizen_id}
    if known.source == "told":
        return sorted(readers)
    return sorted(await given_by(readers, PUSH_PUBLIC))


def _next_phrase(definition: Definition) -> str:
    return "life_event.next_bundle" if definition.bundles else "life_event.next"


def _next(definition: Definition) -> Facts:
    """What comes next in words: the bundle, and the matters beside it."""
    bundled = {step.matter for one in definition.bundles for step in one.steps}
    names = [one.name for one in definition.matters if one.code not in bundled][:_MOST_NAMED]
    named = Words(zh="、".join(one.zh for one in names) or "—", en=", ".join(one.en for one in names) or "—")
    facts: Facts = {"next": named}
    return facts | ({"bundle": definition.bundles[0].name} if definition.bundles else {})
