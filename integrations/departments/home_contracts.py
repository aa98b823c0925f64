"""What Housing and Urban-Rural Development (住建局) has of somebody's contracts on homes: leases filed, purchases signed online."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.housing_market import ZJJ, Fen, SquareDecimetres
from integrations.departments.registers import Register

HomeKind = Literal["new", "second_hand"]
HOME_KINDS: Final = {"new": Words(zh="新建商品房", en="New"), "second_hand": Words(zh="存量房", en="Second-hand")}


class FiledLease(msgspec.Struct, frozen=True):
    """A lease that was filed (住房租赁合同备案), told to one of its tenants."""

    filing_no: Annotated[Line, label("备案号", "Filing")]
    address: Annotated[Line, label("租住地址", "Address")]
    since: Annotated[date, label("租赁起始", "From")]
    until: Annotated[date, label("租赁截止", "Until")]


class FiledLeases(msgspec.Struct, frozen=True):
    """Every lease of a tenant that runs."""

    leases: Annotated[tuple[FiledLease, ...], label("租赁备案", "Leases")]


class PurchaseContract(msgspec.Struct, frozen=True):
    """A purchase signed online (网签备案): the home, its price, and what the supervised account got of it."""

    contract_no: Annotated[Code, label("合同备案号", "Contract")]
    kind: Annotated[HomeKind, label("房屋类型", "Home", HOME_KINDS)]
    address: Annotated[Line, label("房屋坐落", "Address")]
    area_dm2: Annotated[SquareDecimetres, label("建筑面积（0.01平方米）", "Floor area (0.01 m²)")]
    price_fen: Annotated[Fen, label("合同总价（分）", "Price (fen)")]
    paid_fen: Annotated[Fen, label("已付首付款（分）", "Paid down (fen)")]
    signed_on: Annotated[date, label("网签日期", "Signed on")]


FILED_LEASES: Final = Register(
    department=ZJJ,
    service="filed_leases",
    told=FiledLeases,
    fresh_for=timedelta(hours=12),
    usable_for=timedelta(days=30),
)
PURCHASE_CONTRACT: Final = Register(
    department=ZJJ,
    service="purchase_contract",
    told=PurchaseContract,
    fresh_for=timedelta(hours=6),
    usable_for=timedelta(days=30),
)
