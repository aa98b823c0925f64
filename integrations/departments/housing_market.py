"""What Housing and Urban-Rural Development (住建局) publishes of homes: projects for sale, listings, and homes to let."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.registers import Register

ZJJ: Final = "ZJJ"
Fen = Annotated[int, Meta(ge=0, le=10**12)]
SquareDecimetres = Annotated[int, Meta(ge=1, le=1_000_000)]
Rooms = Annotated[int, Meta(ge=1, le=20)]
SaleState = Literal["for_sale", "reserved", "sold", "not_released"]
SALE_STATES: Final = {
    "for_sale": Words(zh="可售", en="For sale"),
    "reserved": Words(zh="已认购", en="Reserved"),
    "sold": Words(zh="已网签", en="Sold"),
    "not_released": Words(zh="未取得预售许可，不可售", en="No permit, not for sale"),
}
"""States of a home in a project's table (楼盘表)."""
ListingState = Literal["for_sale", "signed", "withdrawn"]
LISTING_STATES: Final = {
    "for_sale": Words(zh="在售", en="For sale"),
    "signed": Words(zh="已签约", en="Contract signed"),
    "withdrawn": Words(zh="已撤下", en="Withdrawn"),
}
LetAs = Literal["whole", "shared"]
LET_AS: Final = {"whole": Words(zh="整租", en="The whole home"), "shared": Words(zh="合租", en="Shared")}


class ProjectHome(msgspec.Struct, frozen=True):
    """One home of a project: its price, and whether it is sold (一房一价: 商品房销售明码标价规定)."""

    building: Annotated[Line, label("楼栋", "Building")]
    number: Annotated[Line, label("房号", "Number")]
    area_dm2: Annotated[SquareDecimetres, label("建筑面积（0.01平方米）", "Floor area (0.01 m²)")]
    price_fen_m2: Annotated[Fen, label("备案单价（分/平方米）", "Filed price (fen per m²)")]
    total_fen: Annotated[Fen, label("总价（分）", "Price (fen)")]
    state: Annotated[SaleState, label("销售状态", "State", SALE_STATES)]


class Project(msgspec.Struct, frozen=True):
    """A project of new homes with its presale permit (商品房预售许可: 城市房地产管理法 art. 45); no permit, no presale."""

    project_code: Annotated[Code, label("项目编号", "Project")]
    name: Annotated[Line, label("项目名称", "Name")]
    developer: Annotated[Line, label("开发企业", "Developer")]
    division_code: Annotated[Code, label("所在区划", "Division")]
    address: Annotated[Line, label("地址", "Address")]
    presale_permit_no: Annotated[Line | None, label("预售许可证号", "Presale permit")]
    permitted_on: Annotated[date | None, label("发证日期", "Permitted on")]
    permitted_buildings: Annotated[tuple[Line, ...], label("准许预售楼栋", "Buildings that may be sold")]
    supervised_account: Annotated[Line | None, label("预售资金监管账户", "Supervised account")]
    homes_for_sale: Annotated[int, Meta(ge=0), label("可售套数", "Homes for sale")]
    homes_sold: Annotated[int, Meta(ge=0), label("已售套数", "Homes sold")]
    homes: Annotated[tuple[ProjectHome, ...], label("楼盘表", "Table of homes")]


class Projects(msgspec.Struct, frozen=True):
    """The city's projects; the table of homes is told of the one that was asked for."""

    items: tuple[Project, ...]


class Listing(msgspec.Struct, frozen=True):
    """A second-hand home for sale, verified (房源核验).

    Mortgage and seizure are told only where the owner agreed to it; nothing else about the owner is (民法典 art. 218, 219).
    """

    verification_code: Annotated[Code, label("房源核验码", "Verification code")]
    division_code: Annotated[Code, label("所在区划", "Division")]
    place: Annotated[Line, label("位置", "Where")]
    area_dm2: Annotated[SquareDecimetres, label("建筑面积（0.01平方米）", "Floor area (0.01 m²)")]
    asking_fen: Annotated[Fen, label("挂牌价（分）", "Asking price (fen)")]
    agency: Annotated[Line, label("受托机构", "Agency")]
    agency_filing_no: Annotated[Code, label("机构备案号", "The agency's filing")]
    listed_on: Annotated[date, label("核验日期", "Verified on")]
    state: Annotated[ListingState, label("挂牌状态", "State", LISTING_STATES)]
    owner_agreed: Annotated[bool, label("房主同意公开权利状况", "Owner lets rights be seen")]
    mortgaged: Annotated[bool | None, label("有抵押", "Mortgaged")]
    seized: Annotated[bool | None, label("被查封", "Seized")]


class Listings(msgspec.Struct, frozen=True):
    """Second-hand homes that are or were lately for sale."""

    items: tuple[Listing, ...]


class Rental(msgspec.Struct, frozen=True):
    """A home to let, as its agency or landlord filed it (住房租赁条例); who the landlord is isn't told."""

    listing_code: Annotated[Code, label("房源编号", "Listing")]
    division_code: Annotated[Code, label("所在区划", "Division")]
    place: Annotated[Line, label("位置", "Where")]
    let_as: Annotated[LetAs, label("出租方式", "Let as", LET_AS)]
    rooms: Annotated[Rooms, label("卧室数", "Bedrooms")]
    area_dm2: Annotated[SquareDecimetres, label("面积（0.01平方米）", "Area (0.01 m²)")]
    rent_fen: Annotated[Fen, label("月租金（分）", "Monthly rent (fen)")]
    deposit_fen: Annotated[Fen, label("押金（分）", "Deposit (fen)")]
    available_from: Annotated[date, label("可入住日期", "Free from")]
    agency: Annotated[Line | None, label("经纪机构", "Agency")]
    verified: Annotated[bool, label("房东身份和产权已核验", "Landlord and title were checked")]


class Rentals(msgspec.Struct, frozen=True):
    """Homes to let."""

    items: tuple[Rental, ...]


PROJECTS: Final = Register(
    department=ZJJ,
    service="housing_projects",
    told=Projects,
    fresh_for=timedelta(minutes=30),
    usable_for=timedelta(days=3),
)
LISTINGS: Final = Register(
    department=ZJJ,
    service="second_hand_listings",
    told=Listings,
    fresh_for=timedelta(minutes=10),
    usable_for=timedelta(days=1),
)
RENTALS: Final = Register(
    department=ZJJ,
    service="homes_to_let",
    told=Rentals,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=3),
)
