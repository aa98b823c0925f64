"""Putting the life page together: three statements, all of them of local data."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from app.card.cards import view as card_view
from app.card.structs import CardView
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.ids import shard_of
from app.kernel.words import Words
from app.keys.persons import DataKey, unwrap_key
from app.records.entries import COLUMNS, JOINS, bare
from app.records.structs import TimelineEntry
from integrations.departments.directory import NAMES
from lifecycle.agenda.reading import BOOKS, Agendas, agendas, arguments, items
from lifecycle.agenda.structs import AgendaItem
from lifecycle.cases.casebook import read_row
from lifecycle.cases.reading import OPEN_STATES, summary
from lifecycle.cases.structs import CaseSummary
from lifecycle.catalogue import published
from lifecycle.page.structs import FreshnessView, LifePage, StageStanding

_SHOWN: Final = 10
THE_PORTAL: Final = Words(zh="本平台", en="This portal")
_AFFAIRS: Final = """
SELECT one.*, c.* FROM (
    SELECT (SELECT count(*) FROM notice WHERE shard = $1 AND citizen_id = $2 AND read_at IS NULL) AS unread,
        k.id AS card_id, k.number AS card_number, k.state AS card_state, k.opened_at AS card_opened_at,
        k.card_class, k.class_until AS card_class_until, k.form AS card_form, k.replaces AS card_replaces, a.balance_fen
    FROM (VALUES (1)) AS always (so)
    LEFT JOIN card k ON k.shard = $1 AND k.citizen_id = $2 AND k.state NOT IN ('replaced', 'cancelled')
    LEFT JOIN account a ON a.shard = k.shard AND a.id = k.account_id
) one LEFT JOIN LATERAL (
    SELECT * FROM matter_case WHERE shard = ANY ($3::int4[]) AND citizen_id = ANY ($4::uuid[]) AND state = ANY ($5::text[])
    ORDER BY id DESC LIMIT $6
) c ON true
"""
_RECENT: Final = f"""
SELECT {COLUMNS} FROM timeline_line l {JOINS} WHERE l.shard = $1 AND l.citizen_id = $2 AND NOT l.hidden
ORDER BY l.happened_at DESC, l.id DESC LIMIT $3
"""


class _Read(msgspec.Struct, frozen=True):
    """What the page's statements found."""

    books: Sequence[Row]
    affairs: Sequence[Row]
    recent: Sequence[Row]


async def life(citizen: Citizen) -> LifePage:
    """The citizen's life page, from what is known here now. An agenda that isn't current is looked at first."""
    found = await _read(citizen)
    return _page(citizen, found, await agendas(citizen, found.books), clock.today())


async def _read(citizen: Citizen) -> _Read:
    people = sorted(citizen.people)
    async with transaction(citizen):
        books = await fetch_all(BOOKS, *arguments(citizen))
        affairs = await fetch_all(
            _AFFAIRS,
            *(shard_of(citizen.id), citizen.id, [shard_of(person) for person in people], people, OPEN_STATES, _SHOWN),
        )
        recent = await fetch_all(_RECENT, shard_of(citizen.id), citizen.id, _SHOWN)
    return _Read(books, affairs, recent)


def _page(citizen: Citizen, found: _Read, agenda: Agendas, today: date) -> LifePage:
    upcoming, cases = items(agenda, "open", today), _cases(found.affairs)
    own = next(row for row in found.books if row["id"] == citizen.id)
    return LifePage(
        as_of=clock.now(),
        name=own["name"],
        level=citizen.level,
        stages=_stages(upcoming, cases),
        agenda=upcoming[:_SHOWN],
        open_cases=cases,
        unread=found.affairs[0]["unread"],
        card=_card(found.affairs[0]),
        recent=_recent(citizen.id, own, found.recent),
        sources=_sources(agenda),
    )


def _card(row: Row) -> CardView | None:
    if row["card_id"] is None:
        return None
    of_card = {
        name: row[f"card_{name}"] for name in ("id", "number", "state", "opened_at", "class_until", "form", "replaces")
    }
    return card_view(of_card | {"balance_fen": row["balance_fen"], "card_class": row["card_class"]})


def _cases(affairs: Iterable[Row]) -> list[CaseSummary]:
    return [summary(read_row(row)) for row in affairs if row["matter_code"] is not None]


def _recent(citizen_id: UUID, own: Row, recent: Sequence[Row]) -> list[TimelineEntry]:
    if not recent or own["wrapped_key"] is None:
        return []
    key = DataKey(unwrap_key(citizen_id, own["wrapped_key"]), own["version"])
    return [bare(row, key) for row in recent]


def _sources(agenda: Agendas) -> list[FreshnessView]:
    """Who said what the agenda rests on, and as of which day at the earliest of the family."""
    oldest: dict[str, date] = {}
    for one in agenda.books:
        for source, as_of in one.book.sources:
            oldest[source] = min(as_of, oldest.get(source, as_of))
    return [
        FreshnessView(source=source, name=NAMES.get(source, THE_PORTAL), as_of=as_of)
        for source, as_of in sorted(oldest.items())
    ]


def _stages(agenda: list[AgendaItem], open_cases: list[CaseSummary]) -> list[StageStanding]:
    catalogue = published.catalogue()
    following = Counter(catalogue.matter(item.matter_code).stage for item in agenda if item.matter_code)
    opened_in = Counter(catalogue.matter(case.matter_code).stage for case in open_cases)
    first: dict[str, Words] = {}
    for item in agenda:
        if item.matter_code:
            first.setdefault(catalogue.matter(item.matter_code).stage, item.title)
    live = Counter(matter.stage for matter in catalogue.matters if matter.live)
    return [
        StageStanding(
            slug=stage.slug,
            name=stage.name,
            text=stage.text,
            next=following[stage.slug],
            first=first.get(stage.slug),
            open_cases=opened_in[stage.slug],
            live_matters=live[stage.slug],
        )
        for stage in catalogue.stages
    ]
