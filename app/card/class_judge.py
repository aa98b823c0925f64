"""Who may have a card of which class: the room above judges it, from what departments know; here it is asked, and refused.

No papers are asked for: what isn't known is named, with who would know it.
"""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import msgspec

from app.card.classes import CLASS_NAMES, CardClass
from app.card.errors import CardClassNotEntitled
from app.card.for_wards import require_own_or_wards
from app.card.structs import CardClassView
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.kernel.words import Words
from app.residents.ages import CONSENTS_AT, birthday, has_reached
from app.residents.people import RESIDENTS, resident


class Judged(msgspec.Struct, frozen=True):
    """Whether somebody may have a class, why or why not, and through which day.

    Where it isn't `known`, that is no entitlement; `lacks` says which facts nobody told yet.
    """

    entitled: bool
    because: Words
    until: date | None = None
    known: bool = True
    lacks: tuple[Words, ...] = ()


Judge = Callable[[UUID, CardClass], Awaitable[Judged]]
_judges: Final[list[Judge]] = []
_BY_AGE: Final = frozenset({CardClass.ORDINARY, CardClass.CHILD})
_BELOW: Final = Words(zh=f"未满{CONSENTS_AT}周岁的使用儿童卡。", en=f"Below {CONSENTS_AT}, the card is a child's.")
_ABOVE: Final = Words(
    zh=f"年满{CONSENTS_AT}周岁可办普通卡。", en=f"From {CONSENTS_AT} on, anybody may have an ordinary card."
)


def use_class_judge(judge: Judge) -> None:
    """Set who judges; called from wiring."""
    _judges[:] = [judge]


async def judge(person_id: UUID, card_class: CardClass) -> Judged:
    """Whether somebody may have a class: ordinary and children's cards go by age alone, the others by how the room above judges."""
    if card_class in _BY_AGE:
        return await _by_age(person_id, card_class)
    for one in _judges:
        return await one(person_id, card_class)
    return Judged(entitled=False, because=CLASS_NAMES[card_class])


async def _by_age(person_id: UUID, card_class: CardClass) -> Judged:
    born_on = await _born_on(person_id)
    child = _is_child(born_on)
    if child and born_on is not None:
        until = birthday(born_on, CONSENTS_AT) - timedelta(days=1)
        return Judged(card_class is CardClass.CHILD, _BELOW, until if card_class is CardClass.CHILD else None)
    return Judged(card_class is CardClass.ORDINARY, _ABOVE)


async def _born_on(person_id: UUID) -> date | None:
    async with transaction(RESIDENTS):
        return (await resident(person_id)).birth_date


def _is_child(born_on: date | None) -> bool:
    return born_on is not None and not has_reached(CONSENTS_AT, born_on, clock.today())


async def require_class(person_id: UUID, card_class: CardClass) -> Judged:
    """Refuse (`CardClassNotEntitled`), with the reason and what isn't known, a class that somebody may not have."""
    judged = await judge(person_id, card_class)
    if not judged.entitled:
        raise CardClassNotEntitled(card_class=card_class.value, because=judged.because, lacks=list(judged.lacks))
    return judged


async def usual_class(person_id: UUID) -> CardClass:
    """The class of who asks for none: below 14 a child's, else ordinary."""
    return CardClass.CHILD if _is_child(await _born_on(person_id)) else CardClass.ORDINARY


async def classes_of(citizen: Citizen) -> list[CardClassView]:
    """Every class, and whether the citizen or their ward may have it, with the reason; whoever acts by a power isn't told."""
    require_own_or_wards(citizen)
    return [_view(one, await judge(citizen.id, one)) for one in CardClass]


def _view(card_class: CardClass, judged: Judged) -> CardClassView:
    return CardClassView(
        card_class=card_class.value,
        name=CLASS_NAMES[card_class],
        entitled=judged.entitled,
        because=judged.because,
        until_on=judged.until,
        lacks=list(judged.lacks),
    )
