"""What the Education Bureau (教育局) tells of a pupil's or student's card on the campus (教育一卡通): balance, and what was bought.

A child's purchases under 14 are sensitive data (个人信息保护法 art. 31): they are told to guardians only.
"""

from datetime import timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Instant, Line, ShortLine
from app.kernel.words import Words
from integrations.departments.registers import Register

CardFen = Annotated[int, Meta(ge=0, le=10**7)]
CampusKind = Literal["top_up", "meal", "shop", "copies"]
CAMPUS_KINDS: Final = {
    "top_up": Words(zh="充值", en="Top-up"),
    "meal": Words(zh="就餐", en="Meal"),
    "shop": Words(zh="校内商店", en="Campus shop"),
    "copies": Words(zh="打印复印", en="Printing and copies"),
}


class CampusEntry(msgspec.Struct, frozen=True):
    """Money that went onto the card (a top-up) or off it, and what was on it afterwards."""

    at: Annotated[Instant, label("时间", "At")]
    kind: Annotated[CampusKind, label("类别", "Kind", CAMPUS_KINDS)]
    place: Annotated[ShortLine, label("地点", "Place")]
    amount_fen: Annotated[CardFen, label("金额（分）", "Amount (fen)")]
    balance_fen: Annotated[CardFen, label("余额（分）", "Balance afterwards (fen)")]


class CampusCard(msgspec.Struct, frozen=True):
    """A card at a school that takes part; `entries` are those of the asked days, the newest first."""

    school: Annotated[Line, label("学校", "School")]
    balance_fen: Annotated[CardFen, label("余额（分）", "Balance (fen)")]
    spent_fen: Annotated[CardFen, label("所查日期内消费合计（分）", "Spent in the days asked for (fen)")]
    entries: Annotated[tuple[CampusEntry, ...], label("记录", "Record")]


CAMPUS_CARD: Final = Register(
    department="JYJ",
    service="campus_card",
    told=CampusCard,
    fresh_for=timedelta(minutes=15),
    usable_for=timedelta(days=7),
)
