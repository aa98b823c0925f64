"""What the Culture and Tourism Bureau (文旅局) tells of reduced entry to sights and venues: which of the reductions is somebody's.

The law has museums open to people of 60 and over free or at a reduced price, and sights reduce theirs (老年人权益保障法 art. 58).
"""

from datetime import timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Line
from app.kernel.words import Words
from integrations.departments.districts import DISTRICTS, DistrictCode
from integrations.departments.registers import Register

TicketFen = Annotated[int, Meta(ge=0, le=10**6)]
Loans = Annotated[int, Meta(ge=1, le=100)]
Status = Literal["child", "student", "senior_60", "senior_65"]
STATUSES: Final = {
    "child": Words(zh="6周岁及以下儿童", en="Child of six or under"),
    "student": Words(zh="在校学生", en="Pupil or student"),
    "senior_60": Words(zh="60至64周岁老年人", en="60 to 64"),
    "senior_65": Words(zh="65周岁及以上老年人", en="65 and over"),
}
VenueKind = Literal["sight", "park", "museum", "library"]
VENUE_KINDS: Final = {
    "sight": Words(zh="景区", en="Sight"),
    "park": Words(zh="公园", en="Park"),
    "museum": Words(zh="博物馆、美术馆", en="Museum"),
    "library": Words(zh="图书馆", en="Library"),
}


class Entry(msgspec.Struct, frozen=True):
    """What somebody pays at a venue, and by which status it is less than the whole price."""

    venue: Annotated[Line, label("场所", "Venue")]
    kind: Annotated[VenueKind, label("类别", "Kind", VENUE_KINDS)]
    division_code: Annotated[DistrictCode, label("所在区市", "District", DISTRICTS)]
    price_fen: Annotated[TicketFen, label("全价票（分）", "Whole price (fen)")]
    your_price_fen: Annotated[TicketFen, label("您的票价（分）", "Your price (fen)")]
    by: Annotated[Status | None, label("优惠依据", "Reduced as", STATUSES)]
    veteran_price_fen: Annotated[
        TicketFen, label("出示退役军人优待证的票价（分）", "Price with a veteran's card (fen)")
    ]
    year_ticket_fen: Annotated[TicketFen | None, label("年票（分）", "Yearly ticket (fen)")]
    booked_ahead: Annotated[bool, label("须提前预约", "Booked ahead")]
    loans: Annotated[Loans | None, label("可借册数", "Books lent at a time")]


class CultureEntries(msgspec.Struct, frozen=True):
    """Somebody's verified statuses, and what they pay where."""

    statuses: Annotated[tuple[Status, ...], label("已核验身份", "Verified status", STATUSES)]
    entries: Annotated[tuple[Entry, ...], label("场馆和票价", "Venues and prices")]


CULTURE_ENTRIES: Final = Register(
    department="WLJ",
    service="culture_entries",
    told=CultureEntries,
    fresh_for=timedelta(days=1),
    usable_for=timedelta(days=7),
)
