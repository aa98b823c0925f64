"""Homes of the dead and their kin, told to whom law calls as heirs; and the orders by which a title changes hands without a sale.

The property register (不动产登记, 自然资源和规划局) tells homes that still stand in a dead person's name, the police (公安局) the kin of the
dead, the tax service (税务局) certifies the deed tax before the register is changed (契税法 art. 6, 11). Kin are named by a `ref` that
counts for one dead person only: numbers of others are told to nobody.
"""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, IdNumber, Line, PersonName
from app.kernel.words import Words
from integrations.departments.directory import POLICE
from integrations.departments.orders import Order
from integrations.departments.property_titles import SHARES, ZRZY, Part, Share
from integrations.departments.registers import Register
from integrations.departments.tax import SWJ

Fen = Annotated[int, Meta(ge=0, le=10**12)]
Kinship = Literal["spouse", "child", "descendant", "parent", "sibling", "nephew_or_niece", "grandparent"]
KINSHIPS: Final[dict[Kinship, Words]] = {
    "spouse": Words(zh="配偶", en="Spouse"),
    "child": Words(zh="子女", en="Child"),
    "descendant": Words(zh="子女的直系晚辈血亲", en="Child's descendant"),
    "parent": Words(zh="父母", en="Parent"),
    "sibling": Words(zh="兄弟姐妹", en="Brother or sister"),
    "nephew_or_niece": Words(zh="兄弟姐妹的子女", en="Child of a brother or sister"),
    "grandparent": Words(zh="祖父母、外祖父母", en="Grandparent"),
}
ChangeReason = Literal["inheritance", "spouse_added", "divorce_division"]
REASONS: Final[dict[ChangeReason, Words]] = {
    "inheritance": Words(zh="继承", en="Inheritance"),
    "spouse_added": Words(zh="夫妻之间加名", en="A spouse is added"),
    "divorce_division": Words(zh="离婚析产", en="Division after a divorce"),
}
Awarded = Literal["applicant", "former_spouse"]
AWARDED: Final[dict[Awarded, Words]] = {
    "applicant": Words(zh="归本人", en="To me"),
    "former_spouse": Words(zh="归对方", en="To the other"),
}


class CoOwner(msgspec.Struct, frozen=True):
    """Somebody who owns a home together with the dead; `part` where they own by shares."""

    ref: Annotated[Code, label("代号", "Reference")]
    name: Annotated[PersonName, label("姓名", "Name")]
    part: Annotated[Part | None, label("份额", "Part")]
    died_on: Annotated[date | None, label("死亡日期", "Died on")]


class EstateHome(msgspec.Struct, frozen=True):
    """A home of which a dead person is an owner."""

    title_no: Annotated[Line, label("不动产权证号", "Title")]
    address: Annotated[Line, label("坐落", "Address")]
    area_dm2: Annotated[int, Meta(ge=1), label("建筑面积（0.01平方米）", "Floor area (0.01 m²)")]
    registered_on: Annotated[date, label("登记日期", "Registered on")]
    deceased: Annotated[Code, label("被继承人代号", "Reference of the dead owner")]
    deceased_name: Annotated[PersonName, label("被继承人", "Dead owner")]
    died_on: Annotated[date, label("死亡日期", "Died on")]
    share: Annotated[Share, label("共有情况", "Owned", SHARES)]
    part: Annotated[Part | None, label("被继承人份额", "The dead owner's part")]
    co_owners: Annotated[tuple[CoOwner, ...], label("其他共有人", "Co-owners")]
    mortgaged: Annotated[bool, label("有抵押", "Mortgaged")]
    seized: Annotated[bool, label("被查封", "Seized")]


class Estates(msgspec.Struct, frozen=True):
    """Every home that is registered in the name of somebody dead whom law lets the asker inherit from."""

    homes: Annotated[tuple[EstateHome, ...], label("待继承的房屋", "Homes to be inherited")]


class Kin(msgspec.Struct, frozen=True):
    """One relative of the dead, as the household registers have it. `through` is the parent by whom they are kin."""

    ref: Annotated[Code, label("代号", "Reference")]
    name: Annotated[PersonName, label("姓名", "Name")]
    kinship: Annotated[Kinship, label("与被继承人的关系", "Kinship", KINSHIPS)]
    died_on: Annotated[date | None, label("死亡日期", "Died on")]
    through: Annotated[Code | None, label("由谁代位", "By whom they are kin")]
    is_minor: Annotated[bool, label("未成年", "Under 18")]
    is_asker: Annotated[bool, label("本人", "Yourself")]
    married_on: Annotated[date | None, label("结婚登记日期", "Married on")]


class Deceased(msgspec.Struct, frozen=True):
    """Somebody dead, and their kin: the first order of succession, or the second where nobody of the first lived (民法典 art. 1127)."""

    ref: Annotated[Code, label("代号", "Reference")]
    name: Annotated[PersonName, label("姓名", "Name")]
    died_on: Annotated[date, label("死亡日期", "Died on")]
    kin: Annotated[tuple[Kin, ...], Meta(max_length=100), label("亲属", "Kin")]

    def __post_init__(self) -> None:
        """Refuse kin who are named twice."""
        if len({one.ref for one in self.kin}) != len(self.kin):
            raise ValueError("each of the kin has a reference of their own")


class EstateKin(msgspec.Struct, frozen=True):
    """The dead from whom the asker may inherit."""

    deceased: Annotated[tuple[Deceased, ...], label("已故亲属", "Relatives who died")]


class NewOwner(msgspec.Struct, frozen=True):
    """Who stands in the register now; `part` where several own by shares."""

    id_number: IdNumber
    name: PersonName
    part: Part | None


class TitleChanged(msgspec.Struct, frozen=True):
    """A title that took the place of another: whose it is now, and whose it was."""

    title_no: Line
    former_title_no: Line
    unit_no: Code
    address: Line
    area_dm2: int
    registered_on: date
    share: Share
    owners: Annotated[tuple[NewOwner, ...], Meta(min_length=1)]
    former_owners: tuple[IdNumber, ...]


class DeedTaxCertified(msgspec.Struct, frozen=True):
    """That no deed tax is due (any more) on a change of owners, under which number, and why (契税法 art. 6, 11)."""

    certificate_no: Code
    certified_on: date
    basis: Line
    due_fen: Fen


ESTATES: Final = Register(
    department=ZRZY, service="estates", told=Estates, fresh_for=timedelta(hours=1), usable_for=timedelta(days=7)
)
ESTATE_KIN: Final = Register(
    department=POLICE, service="estate_kin", told=EstateKin, fresh_for=timedelta(hours=1), usable_for=timedelta(days=7)
)
CHANGE_TITLE: Final = Order(ZRZY, "change_title", TitleChanged)
CERTIFY_DEED_TAX: Final = Order(SWJ, "certify_deed_tax", DeedTaxCertified)
