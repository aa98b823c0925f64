"""Putting notices into inboxes, and reading one's own."""

from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value, transaction
from app.kernel.events import Event
from app.kernel.ids import new_id, shard_of
from app.kernel.paging import after_id, encode_cursor
from app.kernel.phrases import Facts, decode_facts, encode_facts, said
from app.kernel.words import Words
from app.keys.fields import place_of
from app.keys.persons import DataKey, PersonErased, person_key, seal_for_person
from app.notices import audiences, live
from app.notices.errors import NoticeNotFound
from app.notices.structs import Inbox, NoticeView, WhyView
from app.notices.subscribers import Choice, subscribers

_COLUMNS = "n.*, c.title_zh, c.title_en, c.text_zh, c.text_en, c.department, c.audience, c.matter, c.advertiser"
_READ = f"SELECT {_COLUMNS} FROM notice n LEFT JOIN campaign c ON c.id = n.campaign_id WHERE n.shard = $1 AND n.citizen_id = $2"
PUSHED: Final = "push."
"""Phrases of what is told of a matter that was switched on begin so, and end with its code."""
_OWN_AFFAIRS = Words(
    zh="这是您本人或您监护的人所办事项的进展。",
    en="It tells how an affair of yours, or of a child in your care, goes on.",
)
_IN_AUDIENCE = Words(
    zh="您符合该部门发送此通知的人群条件。", en="You belong to the audience that the department sent this to."
)


class NewNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A notice for one citizen. `source_ref` names what caused it, so that the same cause never tells twice."""

    citizen_id: UUID
    phrase: str
    facts: Facts
    source_ref: str
    about_id: UUID | None = None


async def deliver(notice: NewNotice) -> bool:
    """Put a notice into an inbox in the (system) transaction in progress.

    Says False if it was there before, and where there is nobody to tell any more: the person was erased.
    """
    row_id = new_id(notice.citizen_id)
    try:
        facts = await seal_for_person(notice.citizen_id, "notice", "facts", row_id, encode_facts(notice.facts))
    except PersonErased:
        return False
    delivered = await fetch_value(
        "INSERT INTO notice (id, shard, citizen_id, at, phrase, facts, about_id, source_ref) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
        "ON CONFLICT ON CONSTRAINT notice_comes_once DO NOTHING RETURNING true",
        *(
            row_id,
            shard_of(row_id),
            notice.citizen_id,
            clock.now(),
            notice.phrase,
            facts,
            notice.about_id,
            notice.source_ref,
        ),
    )
    await live.wake(notice.citizen_id)
    return bool(delivered)


async def tell_citizen(event: Event) -> None:
    """Tell an event's citizen of it, in the phrase of its kind; a subscriber."""
    if event.citizen_id is not None:
        await deliver(
            NewNotice(
                citizen_id=event.citizen_id,
                phrase=event.kind,
                facts={},
                source_ref=f"event:{event.id}",
                about_id=event.subject_id,
            )
        )


async def inbox(citizen: Citizen, cursor: str | None, limit: int) -> Inbox:
    """The citizen's notices, newest first, and how many are unread."""
    async with transaction(citizen):
        rows = await fetch_all(
            f"{_READ} AND ($3::uuid IS NULL OR n.id < $3) ORDER BY n.id DESC LIMIT $4",
            *(shard_of(citizen.id), citizen.id, after_id(cursor), limit + 1),
        )
        unread = await unread_count(citizen)
        key = await person_key(citizen.id)
    items = [view(row, key) for row in rows[:limit]]
    return Inbox(items=items, next=encode_cursor(items[-1].id) if len(rows) > limit else None, unread=unread)


async def unread_count(citizen: Citizen) -> int:
    """How many notices the citizen hasn't read, in the transaction in progress."""
    unread: int = await fetch_value(
        "SELECT count(*) FROM notice WHERE shard = $1 AND citizen_id = $2 AND read_at IS NULL",
        shard_of(citizen.id),
        citizen.id,
    )
    return unread


async def newer(citizen: Citizen, seen: UUID | None, limit: int) -> list[NoticeView]:
    """Notices that came after one, oldest first; none where nothing was seen yet."""
    async with transaction(citizen):
        rows = await fetch_all(
            f"{_READ} AND n.id > $3 ORDER BY n.id LIMIT $4",
            *(shard_of(citizen.id), citizen.id, seen or UUID(int=0), limit),
        )
        key = await person_key(citizen.id)
    return [view(row, key) for row in rows]


async def newest_id(citizen: Citizen) -> UUID | None:
    """The id of the citizen's newest notice."""
    async with transaction(citizen):
        newest: UUID | None = await fetch_value(
            "SELECT id FROM notice WHERE shard = $1 AND citizen_id = $2 ORDER BY id DESC LIMIT 1",
            shard_of(citizen.id),
            citizen.id,
        )
        return newest


async def read(citizen: Citizen, notice_id: UUID) -> NoticeView:
    """Mark a notice read; a notice that was read keeps its first time."""
    async with transaction(citizen):
        row = await _find(citizen, notice_id)
        if row["read_at"] is None:
            await execute(
                "UPDATE notice SET read_at = $3 WHERE shard = $1 AND id = $2 AND read_at IS NULL",
                *(shard_of(notice_id), notice_id, clock.now()),
            )
            row = await _find(citizen, notice_id)
        return view(row, await person_key(citizen.id))


async def why(citizen: Citizen, notice_id: UUID) -> WhyView:
    """Why the citizen got a notice."""
    async with transaction(citizen):
        row = await _find(citizen, notice_id)
    matter = _matter(row)
    reason = _OWN_AFFAIRS if row["campaign_id"] is None else _IN_AUDIENCE
    if matter is None:
        return _why(reason, row)
    chosen = await subscribers().chosen(citizen.id, row["about_id"] or citizen.id, matter, row["at"])
    return _why(reason if chosen is None else _switched_on(chosen), row, chosen)


def _matter(row: Row) -> str | None:
    """The matter that was switched on, of which a notice was sent."""
    of_campaign: str | None = row["matter"]
    if row["campaign_id"] is not None:
        return of_campaign
    code: str = row["phrase"]
    return code.removeprefix(PUSHED) if code.startswith(PUSHED) else None


def _switched_on(chosen: Choice) -> Words:
    day = clock.local(chosen.since).date()
    return Words(
        zh=f"您于{day}开通了“{chosen.name.zh}”。关闭后立即不再发送。",
        en=f'You switched on "{chosen.name.en}" on {day}. Switch it off and nothing more of it is sent.',
    )


def _why(reason: Words, row: Row, chosen: Choice | None = None) -> WhyView:
    return WhyView(
        reason=reason,
        department=chosen.department if chosen else row["department"],
        audience=audiences.described(audiences.decoded(row["audience"])) if row["audience"] else None,
        matter=_matter(row),
        since=chosen.since if chosen else None,
        switch_off=chosen.switch_off if chosen else None,
    )


async def _find(citizen: Citizen, notice_id: UUID) -> Row:
    row = await fetch_one(f"{_READ} AND n.id = $3", shard_of(notice_id), citizen.id, notice_id)
    if row is None:
        raise NoticeNotFound
    return row


def view(row: Row, key: DataKey) -> NoticeView:
    """A notice's row, opened with its person's key, in words."""
    if row["campaign_id"] is None:
        phrase = said(row["phrase"], decode_facts(key.open(place_of("notice", "facts", row["id"]), row["facts"])))
        kind, title, text = row["phrase"], phrase.title, phrase.text
    else:
        kind = "campaign"
        title, text = _title(row), Words(zh=row["text_zh"], en=row["text_en"])
    return NoticeView(
        id=row["id"],
        at=row["at"],
        kind=kind,
        title=title,
        text=text,
        about_id=row["about_id"],
        read_at=row["read_at"],
        matter=_matter(row),
        advertisement=row["advertiser"] is not None,
        advertiser=row["advertiser"],
    )


def _title(row: Row) -> Words:
    """A campaign's title; an advertisement is told by it at once (广告法 art. 14)."""
    title = Words(zh=row["title_zh"], en=row["title_en"])
    if row["advertiser"] is None:
        return title
    return Words(zh=f"【广告】{title.zh}", en=f"[Advertisement] {title.en}")
