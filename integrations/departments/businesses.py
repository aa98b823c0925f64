"""What is known of businesses and other organisations: a person's own (行政审批局), and anybody's code (市场监管局)."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.registers import Register

SPJ: Final = "SPJ"
SCJG: Final = "SCJG"
OrganisationKind = Literal[
    "company", "sole_trader", "institution", "organ", "association", "non_enterprise", "foundation"
]
ORGANISATIONS: Final = {
    "company": Words(zh="企业", en="Company"),
    "sole_trader": Words(zh="个体工商户", en="Sole trader"),
    "institution": Words(zh="事业单位", en="Public institution"),
    "organ": Words(zh="机关", en="Government office"),
    "association": Words(zh="社会团体", en="Association"),
    "non_enterprise": Words(zh="民办非企业单位", en="Private non-enterprise unit"),
    "foundation": Words(zh="基金会", en="Foundation"),
}
AuthorityKind = Literal["market", "staffing", "civil_affairs"]
AUTHORITIES: Final = {
    "market": Words(zh="市场主体登记机关", en="Registrar of businesses"),
    "staffing": Words(zh="机构编制部门", en="Office for public bodies"),
    "civil_affairs": Words(zh="民政部门", en="Civil affairs"),
}
"""Who gives the code (登记管理部门): 9 market supervision, 1 staffing, 5 civil affairs (GB 32100-2015)."""


class OwnBusiness(msgspec.Struct, frozen=True):
    """A business that a person runs, as registered (市场主体登记管理条例 art. 8)."""

    name: Annotated[Line, label("名称", "Name")]
    uscc: Annotated[Code, label("统一社会信用代码", "Unified social credit code")]
    kind: Annotated[OrganisationKind, label("主体类型", "Kind", ORGANISATIONS)]
    registered_on: Annotated[date, label("登记日期", "Registered on")]
    division_code: Annotated[Code, label("登记地区划", "Division")]
    place: Annotated[Line, label("经营场所", "Place of business")]
    scope: Annotated[Line, label("经营范围", "Scope of business")]
    report_due: Annotated[date, label("下次年报截止日期", "Next yearly report due")]


class OwnBusinesses(msgspec.Struct, frozen=True):
    """Every business that a person runs; most people run none."""

    businesses: Annotated[tuple[OwnBusiness, ...], label("名下市场主体", "Own businesses")]


class Organisation(msgspec.Struct, frozen=True):
    """An organisation and its code (GB 32100-2015)."""

    name: Annotated[Line, label("名称", "Name")]
    uscc: Annotated[Code, label("统一社会信用代码", "Unified social credit code")]
    kind: Annotated[OrganisationKind, label("机构类型", "Kind", ORGANISATIONS)]
    authority: Annotated[AuthorityKind, label("登记管理部门", "Given by", AUTHORITIES)]
    division_code: Annotated[Code, label("登记地区划", "Division")]


class Organisations(msgspec.Struct, frozen=True):
    """The organisations that were found, a thousand at the most."""

    items: tuple[Organisation, ...]


OWN_BUSINESSES: Final = Register(
    department=SPJ,
    service="own_businesses",
    told=OwnBusinesses,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=7),
)
ORGANISATION_CODES: Final = Register(
    department=SCJG,
    service="organisations",
    told=Organisations,
    fresh_for=timedelta(days=1),
    usable_for=timedelta(days=30),
)
