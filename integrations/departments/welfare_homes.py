"""What Civil Affairs (民政局) publishes of homes: for children (儿童福利机构) and for the elderly (养老机构)."""

from datetime import timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.directory import CIVIL_AFFAIRS
from integrations.departments.registers import Register
from integrations.departments.social_security import Fen

Beds = Annotated[int, Meta(ge=0, le=20_000)]
Stars = Annotated[int, Meta(ge=0, le=5)]
ChildrensHomeKind = Literal["childrens_home", "protection_centre", "adoption_office"]
CHILDRENS_HOMES_KINDS: Final = {
    "childrens_home": Words(zh="儿童福利机构", en="Children's home"),
    "protection_centre": Words(zh="未成年人救助保护机构", en="Protection centre for minors"),
    "adoption_office": Words(zh="收养登记机关", en="Adoption registry"),
}
CareHomeKind = Literal["public", "public_private", "private"]
CARE_HOME_KINDS: Final = {
    "public": Words(zh="公办", en="Public"),
    "public_private": Words(zh="公建民营", en="Public, privately run"),
    "private": Words(zh="民办", en="Private"),
}


class ChildrensHome(msgspec.Struct, frozen=True):
    """Where a child is taken in or an adoption registered (未成年人保护法 art. 96; 儿童福利机构管理办法)."""

    code: Annotated[Code, label("机构代码", "Code")]
    name: Annotated[Line, label("名称", "Name")]
    kind: Annotated[ChildrensHomeKind, label("机构类型", "Kind", CHILDRENS_HOMES_KINDS)]
    division_code: Annotated[Code, label("所在区划", "Division")]
    address: Annotated[Line, label("地址", "Address")]
    beds: Annotated[Beds, label("床位数", "Beds")]
    services: Annotated[tuple[Line, ...], label("服务内容", "Services")]
    hours: Annotated[Line, label("接待时间", "Hours")]
    phone: Annotated[Line, label("电话", "Telephone")]


class ChildrensHomes(msgspec.Struct, frozen=True):
    """Every institution for children."""

    items: tuple[ChildrensHome, ...]


class CareHome(msgspec.Struct, frozen=True):
    """A care home on file or not (老年人权益保障法 art. 43, 48; 养老机构管理办法), graded by GB/T 37276."""

    code: Annotated[Code, label("机构代码", "Code")]
    name: Annotated[Line, label("名称", "Name")]
    kind: Annotated[CareHomeKind, label("性质", "Kind", CARE_HOME_KINDS)]
    division_code: Annotated[Code, label("所在区划", "Division")]
    address: Annotated[Line, label("地址", "Address")]
    on_file: Annotated[bool, label("已备案", "On file")]
    stars: Annotated[Stars, label("星级（0为未评）", "Stars (0: not graded)")]
    beds: Annotated[Beds, label("床位数", "Beds")]
    free_beds: Annotated[Beds, label("空余床位", "Free beds")]
    independent_fen: Annotated[Fen, label("自理老人月费（分）", "A month for who needs no care (fen)")]
    full_care_fen: Annotated[Fen, label("全护理老人月费（分）", "A month with full care (fen)")]
    medical: Annotated[bool, label("医养结合", "Medical care in the house")]
    care_insurance: Annotated[bool, label("长护险定点", "Takes long-term care insurance")]
    phone: Annotated[Line, label("电话", "Telephone")]


class CareHomes(msgspec.Struct, frozen=True):
    """The care homes that were asked for; nothing is ranked."""

    items: tuple[CareHome, ...]


CHILDRENS_HOMES: Final = Register(
    department=CIVIL_AFFAIRS,
    service="childrens_homes",
    told=ChildrensHomes,
    fresh_for=timedelta(days=1),
    usable_for=timedelta(days=30),
)
CARE_HOMES: Final = Register(
    department=CIVIL_AFFAIRS,
    service="care_homes",
    told=CareHomes,
    fresh_for=timedelta(hours=6),
    usable_for=timedelta(days=7),
)
