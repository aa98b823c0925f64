"""Putting the life page together from what each room knows."""

from collections import Counter
from typing import Final

from app.card.cards import card_of
from app.card.errors import CardNotOpened
from app.card.structs import CardView
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.notices.inbox import unread_count
from app.records.queries import timeline
from app.residents.people import resident
from lifecycle.agenda.reading import upcoming
from lifecycle.agenda.structs import AgendaItem
from lifecycle.cases.reading import cases
from lifecycle.cases.structs import CaseSummary
from lifecycle.catalogue import published
from lifecycle.page.structs import LifePage, StageStanding

_SHOWN: Final = 10


async def life(citizen: Citizen) -> LifePage:
    """The citizen's life page, from what is known here now."""
    agenda = await upcoming(citizen)
    open_cases = await cases(citizen, only_open=True, cursor=None, limit=_SHOWN)
    recent = await timeline(citizen, None, None, None, _SHOWN)
    async with transaction(citizen):
        unread = await unread_count(citizen)
        person = await resident(citizen.id)
    return LifePage(
        as_of=clock.now(),
        name=person.name,
        level=citizen.level,
        stages=_stages(agenda, open_cases.items),
        agenda=agenda[:_SHOWN],
        open_cases=open_cases.items,
        unread=unread,
        card=await _card(citizen),
        recent=recent.items,
    )


async def _card(citizen: Citizen) -> CardView | None:
    try:
        return await card_of(citizen)
    except CardNotOpened:
        return None


def _stages(agenda: list[AgendaItem], open_cases: list[CaseSummary]) -> list[StageStanding]:
    catalogue = published.catalogue()
    following = Counter(catalogue.matter(item.matter_code).stage for item in agenda if item.matter_code)
    opened = Counter(catalogue.matter(case.matter_code).stage for case in open_cases)
    live = Counter(matter.stage for matter in catalogue.matters if matter.live)
    return [
        StageStanding(
            slug=stage.slug,
            name=stage.name,
            text=stage.text,
            next=following[stage.slug],
            open_cases=opened[stage.slug],
            live_matters=live[stage.slug],
        )
        for stage in catalogue.stages
    ]
