"""Whether somebody is the holder of a citizen card (市民卡身份核对), as the Big Data Bureau (大数据局) says: yes or no, and no more.

The card's face and its public file hold a number of the card's own, never the identity number (个人信息保护法 art. 6: no more than is
needed).
"""

from datetime import timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.words import Words
from integrations.departments.household_bills import BIG_DATA
from integrations.departments.registers import Register

CardNumber = Annotated[str, Meta(pattern=r"\A[0-9]{16}\Z", description="The 16 digits on the face of a citizen card.")]
CardState = Literal["active", "lost"]
CARD_STATES: Final = {
    "active": Words(zh="正常", en="In use"),
    "lost": Words(zh="已挂失", en="Reported lost"),
}


class CardHolder(msgspec.Struct, frozen=True):
    """Yes or no; the card's state is told to its holder only."""

    is_holder: Annotated[bool, label("是否持卡人", "Is the card's holder")]
    card_state: Annotated[CardState | None, label("卡的状态", "State of the card", CARD_STATES)]


CARD_HOLDER: Final = Register(
    department=BIG_DATA,
    service="card_holder",
    told=CardHolder,
    fresh_for=timedelta(minutes=1),
    usable_for=timedelta(minutes=10),
)
