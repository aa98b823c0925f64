"""What Housing and Urban-Rural Development (住建局) explains: the steps of a purchase, and what may be changed in a home."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.housing_market import ZJJ
from integrations.departments.registers import Register

HomeKind = Literal["new", "second_hand", "both"]
HOME_KINDS: Final = {
    "new": Words(zh="新建商品房", en="New homes"),
    "second_hand": Words(zh="二手房", en="Second-hand homes"),
    "both": Words(zh="新房和二手房", en="New and second-hand homes"),
}
DecorationKind = Literal["rule", "contractor"]
DECORATION_KINDS: Final = {
    "rule": Words(zh="装修规定", en="Rule"),
    "contractor": Words(zh="装修企业", en="Contractor"),
}
Standing = Literal["forbidden", "needs_permission", "to_be_filed", "in_good_standing", "penalised"]
STANDINGS: Final = {
    "forbidden": Words(zh="禁止", en="Forbidden"),
    "needs_permission": Words(zh="须经批准，或有设计、施工方案", en="Needs permission or a plan"),
    "to_be_filed": Words(zh="须事先告知、登记", en="To be filed beforehand"),
    "in_good_standing": Words(zh="资质有效", en="Qualification valid"),
    "penalised": Words(zh="一年内有行政处罚", en="Penalised within the year"),
}
"""How it stands with a change to a home, or with a contractor."""


class PurchaseStep(msgspec.Struct, frozen=True):
    """One step of buying a home, in its place (城市房地产管理法 art. 45; 契税法 art. 10, 11; 民法典 art. 209)."""

    place: Annotated[int, Meta(ge=1, le=99), label("顺序", "Place")]
    applies_to: Annotated[HomeKind, label("适用", "For", HOME_KINDS)]
    title: Annotated[Line, label("步骤", "Step")]
    what_to_do: Annotated[Line, label("怎么做", "What to do")]
    where: Annotated[Line, label("在哪里办", "Where")]
    department: Annotated[Code | None, label("主管部门", "Department")] = None
    legal_basis: Annotated[Line | None, label("依据", "Legal basis")] = None


class PurchaseGuide(msgspec.Struct, frozen=True):
    """The steps of a purchase, in their order."""

    items: tuple[PurchaseStep, ...]


class DecorationEntry(msgspec.Struct, frozen=True):
    """A rule for decorating (住宅室内装饰装修管理办法), or a contractor with what is public of it."""

    kind: Annotated[DecorationKind, label("类别", "Kind", DECORATION_KINDS)]
    name: Annotated[Line, label("名称", "Name")]
    says: Annotated[Line, label("说明", "What it says")]
    standing: Annotated[Standing, label("情形", "How it stands", STANDINGS)]
    legal_basis: Annotated[Line | None, label("依据", "Legal basis")] = None
    division_code: Annotated[Code | None, label("所在区划", "Division")] = None
    qualification_no: Annotated[Code | None, label("资质证书号", "Qualification")] = None
    qualified_until: Annotated[date | None, label("资质有效期至", "Qualified until")] = None
    phone: Annotated[Line | None, label("电话", "Telephone")] = None


class Decoration(msgspec.Struct, frozen=True):
    """Rules first, then contractors."""

    items: tuple[DecorationEntry, ...]


PURCHASE_GUIDE: Final = Register(
    department=ZJJ,
    service="purchase_guide",
    told=PurchaseGuide,
    fresh_for=timedelta(days=1),
    usable_for=timedelta(days=30),
)
DECORATION: Final = Register(
    department=ZJJ,
    service="decoration",
    told=Decoration,
    fresh_for=timedelta(days=1),
    usable_for=timedelta(days=30),
)
