"""Telling of licences: the holder's record, and notices to the holder and who acts for them. Subscribers; a repeat changes nothing."""

from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.database import Row, fetch_one
from app.kernel.events import Event
from app.kernel.ids import shard_of
from app.kernel.phrases import Facts, Phrase
from app.kernel.words import Words
from app.keys.persons import open_for_person
from app.notices.inbox import NewNotice, deliver
from app.records.filing import Happening, file_record
from app.records.kinds import RecordKind
from app.residents.ages import CONSENTS_AT, has_reached
from app.residents.families import guardians_of
from app.residents.people import resident
from lifecycle.licences import reading
from lifecycle.licences.events import LicenceChanged, LicenceExpiring, LicenceIssued
from lifecycle.licences.grounds import GROUNDS
from lifecycle.licences.structs import LicenceView

_WHY: Final = Words(
    zh="{office}，编号{number}。事由：{ground}。{reason}", en="{office}, number {number}. Ground: {ground}. {reason}"
)
PHRASES: Final = {
    "licence.issued": Phrase(
        Words(zh="签发电子证照：{title}", en="Licence issued: {title}"),
        Words(zh="{office}签发，编号{number}。", en="Issued by {office}, number {number}."),
    ),
    "licence.suspend": Phrase(Words(zh="电子证照暂停使用：{title}", en="Licence suspended: {title}"), _WHY),
    "licence.resume": Phrase(Words(zh="电子证照恢复使用：{title}", en="Licence holds again: {title}"), _WHY),
    "licence.revoke": Phrase(Words(zh="电子证照已注销：{title}", en="Licence revoked: {title}"), _WHY),
    "licence.annul": Phrase(Words(zh="电子证照已撤销：{title}", en="Licence annulled: {title}"), _WHY),
    "licence.replace": Phrase(Words(zh="电子证照已换发：{title}", en="Licence replaced: {title}"), _WHY),
    "licence.expiring": Phrase(
        Words(zh="电子证照即将到期：{title}", en="A licence ends soon: {title}"),
        Words(
            zh="编号{number}，有效期至{day}。需要继续使用的，请在到期前办理延续或换发。",
            en="Number {number} is valid to {day}. If you still need it, have it renewed before then.",
        ),
    ),
}


async def file_issued(event: LicenceIssued) -> None:
    """File a new licence in its holder's record, unless they were erased meanwhile."""
    view = await reading.known(event.subject_id)
    if view is None:
        return
    await file_record(
        Happening(
            citizen_id=view.holder_id,
            happened_at=view.issued_at,
            kind=RecordKind.LICENCE,
            phrase="licence.issued",
            facts={"title": view.title, "office": view.department_name, "number": view.number},
            source=view.department,
            source_ref=f"licence:{view.id}",
            about_id=view.id,
        )
    )


async def on_changed(event: LicenceChanged) -> None:
    """File in the holder's record what was done with a licence, and tell them and who acts for them why."""
    view, step = await reading.known(event.subject_id), await _step(event)
    if view is None or step is None:
        return
    facts, phrase = await _facts(view, step), f"licence.{step['step']}"
    await file_record(
        Happening(
            citizen_id=view.holder_id,
            happened_at=step["at"],
            kind=RecordKind.LICENCE,
            phrase=phrase,
            facts=facts,
            source=view.department,
            source_ref=f"licence_event:{step['id']}",
            about_id=view.id,
        )
    )
    await _tell(view, phrase, facts, f"licence_event:{step['id']}")


async def on_expiring(event: LicenceExpiring) -> None:
    """Remind the holder, and who acts for them, that a licence ends soon."""
    view = await reading.known(event.subject_id)
    if view is None or view.state != "valid" or view.valid_to is None:
        return
    facts: Facts = {"title": view.title, "number": view.number, "day": view.valid_to.isoformat()}
    await _tell(view, event.kind, facts, f"event:{event.id}")


async def _tell(view: LicenceView, phrase: str, facts: Facts, source_ref: str) -> None:
    for person_id in await _readers(view.holder_id):
        await deliver(
            NewNotice(citizen_id=person_id, phrase=phrase, facts=facts, source_ref=source_ref, about_id=view.id)
        )


async def _readers(holder_id: UUID) -> tuple[UUID, ...]:
    """The holder, unless they are a child under 14, who has no account; and their guardians."""
    born_on = (await resident(holder_id)).birth_date
    is_child = born_on is not None and not has_reached(CONSENTS_AT, born_on, clock.today())
    return tuple(dict.fromkeys((*(() if is_child else (holder_id,)), *await guardians_of(holder_id))))


async def _step(event: Event) -> Row | None:
    if event.cause_id is None:
        return None
    return await fetch_one(
        "SELECT * FROM licence_event WHERE shard = $1 AND id = $2", shard_of(event.cause_id), event.cause_id
    )


async def _facts(view: LicenceView, step: Row) -> Facts:
    sealed, reason = step["reason"], ""
    if sealed is not None:
        opened = await open_for_person(view.holder_id, "licence_event", "reason", step["id"], sealed)
        reason = msgspec.json.decode(opened, type=str)
    return {
        "title": view.title,
        "office": view.department_name,
        "number": view.number,
        "ground": GROUNDS[step["ground"]].words,
        "reason": reason,
    }
