"""Whether a citizen is the holder of a card (市民卡身份核对): yes or no, and no more.

The portal keeps the cards, so it answers itself and asks nobody. The number is the card's own and has nothing of the identity number
in it (个人信息保护法 art. 6: no more than is needed).
"""

from typing import Annotated, Final, Literal

from msgspec import Meta

from app.card.cards import card_of
from app.card.errors import CardNotOpened
from app.card.structs import CardView
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.labels import label
from app.kernel.structs import Body, View
from app.kernel.words import Words
from lifecycle.queries.registry import Found, LiveQuery, register_query
from lifecycle.queries.remembered import Remembered

HOLDER_QUERY: Final = "citizen_card_identity_auth"
_PORTAL: Final = "BIGDATA"
"""The department that keeps the portal."""
CardNumber = Annotated[str, Meta(pattern=r"\A[0-9]{19}\Z", description="The 19 digits of a citizen card's number.")]
CARD_STATES: Final = {
    "issued": Words(zh="待激活", en="Not activated yet"),
    "active": Words(zh="正常", en="In use"),
    "lost": Words(zh="已挂失", en="Reported lost"),
    "cancelled": Words(zh="已注销", en="Cancelled"),
}


class HolderQuestion(Body, frozen=True):
    """Am I the holder of the card with this number? Nobody can ask it of somebody else."""

    card_no: Annotated[CardNumber, label("市民卡卡号", "Card number")]


class CardHolder(View, frozen=True):
    """Yes or no; the state of a card is told to its holder only."""

    is_holder: Annotated[bool, label("是否持卡人", "Is the card's holder")]
    card_state: Annotated[
        Literal["issued", "active", "lost", "cancelled"] | None, label("卡的状态", "State of the card", CARD_STATES)
    ]


def register() -> None:
    """Offer the query; called from wiring."""
    register_query(LiveQuery(HOLDER_QUERY, HolderQuestion, card_holder, frozenset({"identity"}), CardHolder))


async def card_holder(citizen: Citizen, asked: HolderQuestion) -> Found:
    """Answer from the citizen's own card; without one it is a no, whoever's the number is."""
    card = await _own_card(citizen)
    held = card is not None and card.number == asked.card_no
    told = CardHolder(held, card.state if card is not None and held else None)
    now = clock.now()
    return Found(told, (Remembered(told, _PORTAL, now, now, live=True),))


async def _own_card(citizen: Citizen) -> CardView | None:
    try:
        return await card_of(citizen)
    except CardNotOpened:
        return None
