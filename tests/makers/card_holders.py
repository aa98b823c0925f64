"""Makers of cards that are posted, and of cards that are replaced."""

from app.card import cards, replacing
from app.card.structs import (
    CardReplacement,
    CardView,
    NewCard,
    ReplacementReason,
)
from app.kernel.actors import Citizen
from tests.makers.cards import the_card
from tests.makers.people import a_citizen


async def a_posted_card() -> tuple[Citizen, str]:
    """A citizen whose card is on its way to them, and the number that stands on it."""
    citizen = await a_citizen()
    await cards.open_card(citizen, NewCard(form="physical"))
    return citizen, (await the_card(citizen))["number"]


async def replaced(citizen: Citizen, reason: ReplacementReason = "damaged", **asked: object) -> CardView:
    """The citizen's card replaced by another."""
    card_id = (await the_card(citizen))["id"]
    return await replacing.replace(citizen, CardReplacement(card_id=card_id, reason=reason, **asked))  # type: ignore[arg-type]
