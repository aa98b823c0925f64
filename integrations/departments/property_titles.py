"""What the property register (不动产登记簿, 自然资源和规划局) tells an owner (不动产登记暂行条例; 民法典 art. 209, 218)."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Line, PersonName
from app.kernel.words import Words
from integrations.departments.registers import Register

ZRZY: Final = "ZRZY"
Fen = Annotated[int, Meta(ge=0, le=10**12)]
Part = Annotated[
    str, Meta(pattern=r"\A[1-9][0-9]{0,5}/[1-9][0-9]{0,5}\Z", description="A part of a whole, as a fraction: 5/8.")
]
Share = Literal["sole", "joint", "by_shares"]
SHARES: Final = {
    "sole": Words(zh="单独所有", en="Alone"),
    "joint": Words(zh="共同共有", en="Jointly"),
    "by_shares": Words(zh="按份共有", en="By shares"),
}
LoanKind = Literal["housing_fund", "commercial"]
LOAN_KINDS: Final = {
    "housing_fund": Words(zh="公积金贷款", en="Housing fund loan"),
    "commercial": Words(zh="商业贷款", en="Bank loan"),
}
Obstacle = Literal["mortgage", "seizure", "co_owner", "owner_died"]
OBSTACLES: Final = {
    "mortgage": Words(zh="有抵押，先与抵押权人协商", en="Mortgaged: talk to the lender first"),
    "seizure": Words(zh="被查封，不能转移、变更", en="Seized: no transfer or change"),
    "co_owner": Words(zh="共同共有，须共有人确认", en="Owned jointly: the co-owner has to confirm"),
    "owner_died": Words(zh="有权利人已故，先办理继承", en="An owner died: the heirs are registered first"),
}
"""What stands in the way of a change, or asks for somebody else's word."""


class RegisteredMortgage(msgspec.Struct, frozen=True):
    """A mortgage in the register (抵押权登记)."""

    lender: Annotated[Line, label("抵押权人", "Lender")]
    kind: Annotated[LoanKind, label("贷款种类", "Loan", LOAN_KINDS)]
    since: Annotated[date, label("登记日期", "Registered on")]
    secured_fen: Annotated[Fen, label("被担保债权数额（分）", "Secured debt (fen)")]


class DeadOwner(msgspec.Struct, frozen=True):
    """An owner who died and whom nobody has inherited from yet."""

    name: Annotated[PersonName, label("姓名", "Name")]
    died_on: Annotated[date, label("死亡日期", "Died on")]


class RegisteredTitle(msgspec.Struct, frozen=True):
    """A home as it stands in the register, told to one of its owners."""

    title_no: Annotated[Line, label("不动产权证号", "Title")]
    unit_no: Annotated[str, Meta(pattern=r"\A[0-9]{12}[A-Z]{2}[0-9]{5}F[0-9]{8}\Z"), label("不动产单元号", "Unit")]
    address: Annotated[Line, label("坐落", "Address")]
    area_dm2: Annotated[int, Meta(ge=1), label("建筑面积（0.01平方米）", "Floor area (0.01 m²)")]
    registered_on: Annotated[date, label("登记日期", "Registered on")]
    share: Annotated[Share, label("共有情况", "Owned", SHARES)]
    owners: Annotated[tuple[PersonName, ...], label("权利人", "Owners")]
    mortgage: Annotated[RegisteredMortgage | None, label("抵押", "Mortgage")]
    part: Annotated[Part | None, label("本人份额", "Your part")] = None
    dead_owners: Annotated[tuple[DeadOwner, ...], label("已故权利人", "Owners who died")] = ()


class Titles(msgspec.Struct, frozen=True):
    """Every home that is registered in somebody's name."""

    titles: Annotated[tuple[RegisteredTitle, ...], label("名下不动产", "Homes in your name")]


class Changeable(msgspec.Struct, frozen=True):
    """What the register holds against, or asks for, a change of one home."""

    title_no: Annotated[Line, label("不动产权证号", "Title")]
    address: Annotated[Line, label("坐落", "Address")]
    co_owners: Annotated[tuple[PersonName, ...], label("其他共有人", "Co-owners")]
    seized_on: Annotated[date | None, label("查封日期", "Seized on")]
    seized_by: Annotated[Line | None, label("查封机关", "Seized by")]
    mortgage: Annotated[RegisteredMortgage | None, label("抵押", "Mortgage")]
    obstacles: Annotated[
        tuple[Annotated[Obstacle, label("事项", "Matter", OBSTACLES)], ...], label("变更前要办的", "Before a change")
    ]


class Changeables(msgspec.Struct, frozen=True):
    """What matters before a home in somebody's name is changed in the register: 更名、分割、继承、更正、注销."""

    titles: Annotated[tuple[Changeable, ...], label("名下不动产", "Homes in your name")]


TITLES: Final = Register(
    department=ZRZY,
    service="property_titles",
    told=Titles,
    fresh_for=timedelta(hours=12),
    usable_for=timedelta(days=30),
)
CHANGEABLES: Final = Register(
    department=ZRZY,
    service="property_changes",
    told=Changeables,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=7),
)
