"""Offers that supermarkets report to the Commerce Bureau (商务局); what the shop itself says on the shelf counts."""

from datetime import date, timedelta
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Line, ShortLine
from integrations.departments.districts import DISTRICTS, DistrictCode
from integrations.departments.registers import Register

COMMERCE: Final = "SWU"
PriceFen = Annotated[int, Meta(gt=0, le=10**7)]


class Offer(msgspec.Struct, frozen=True):
    """What a shop sells at a reduced price, from one day to another, both included."""

    chain: Annotated[ShortLine, label("超市", "Chain")]
    shop: Annotated[ShortLine, label("门店", "Shop")]
    division_code: Annotated[DistrictCode, label("所在区市", "District", DISTRICTS)]
    address: Annotated[Line, label("地址", "Address")]
    goods: Annotated[ShortLine, label("商品", "Goods")]
    size: Annotated[ShortLine, label("规格", "Size")]
    price_fen: Annotated[PriceFen, label("优惠价（分）", "Reduced price (fen)")]
    usual_fen: Annotated[PriceFen, label("原价（分）", "Usual price (fen)")]
    starts_on: Annotated[date, label("开始日期", "From")]
    ends_on: Annotated[date, label("结束日期", "Until")]
    source: Annotated[Line, label("来源", "Source")]


class Offers(msgspec.Struct, frozen=True):
    """The week's offers that haven't ended."""

    items: tuple[Offer, ...]


OFFERS: Final = Register(
    department=COMMERCE,
    service="supermarket_offers",
    told=Offers,
    fresh_for=timedelta(hours=3),
    usable_for=timedelta(days=2),
)
