"""What Human Resources and Social Security (人社局) tells of work to be had: vacancies that employers have registered."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.registers import Register
from integrations.departments.social_security import RSJ, Fen

Trade = Literal[
    "production", "food", "construction", "logistics", "sales", "catering", "software", "office", "health", "crafts"
]
TRADES: Final = {
    "production": Words(zh="生产制造", en="Production"),
    "food": Words(zh="食品加工", en="Food processing"),
    "construction": Words(zh="建筑施工", en="Construction"),
    "logistics": Words(zh="物流运输", en="Logistics"),
    "sales": Words(zh="商贸销售", en="Trade and sales"),
    "catering": Words(zh="餐饮旅游", en="Catering and tourism"),
    "software": Words(zh="软件信息", en="Software"),
    "office": Words(zh="财务行政", en="Office"),
    "health": Words(zh="医药健康", en="Pharmacy and health"),
    "crafts": Words(zh="维修服务", en="Repair and crafts"),
}
"""Trades (工种) by which vacancies are found; the service's own grouping."""
Level = Literal["80", "70", "60", "40", "30", "20", "10"]
LEVELS: Final = {
    "80": Words(zh="小学", en="Primary school"),
    "70": Words(zh="初中", en="Junior secondary school"),
    "60": Words(zh="普通高中", en="Senior secondary school"),
    "40": Words(zh="中等职业教育", en="Secondary vocational school"),
    "30": Words(zh="大学专科", en="College"),
    "20": Words(zh="大学本科", en="Bachelor's degree"),
    "10": Words(zh="研究生", en="Postgraduate degree"),
}
"""Education (学历, GB/T 4658)."""


class Vacancy(msgspec.Struct, frozen=True):
    """A vacancy that the public employment service has checked (就业促进法 art. 35); wages are those of a month."""

    code: Annotated[Code, label("岗位编号", "Code")]
    title: Annotated[Line, label("岗位", "Job")]
    trade: Annotated[Trade, label("工种", "Trade", TRADES)]
    employer: Annotated[Line, label("招聘单位", "Employer")]
    employer_uscc: Annotated[Code, label("统一社会信用代码", "Unified social credit code")]
    division_code: Annotated[Code, label("工作地点所在区划", "Division")]
    place: Annotated[Line, label("工作地点", "Place of work")]
    headcount: Annotated[int, Meta(ge=1, le=10_000), label("招聘人数", "Posts")]
    level_code: Annotated[Level, label("最低学历", "Least education", LEVELS)]
    wage_from_fen: Annotated[Fen, label("月薪下限（分）", "Monthly wage from (fen)")]
    wage_to_fen: Annotated[Fen, label("月薪上限（分）", "Monthly wage to (fen)")]
    posted_on: Annotated[date, label("发布日期", "Posted on")]
    open_until: Annotated[date, label("截止日期", "Open until")]
    phone: Annotated[Line, label("联系电话", "Telephone")]


class Vacancies(msgspec.Struct, frozen=True):
    """The vacancies that are open."""

    items: tuple[Vacancy, ...]


VACANCIES: Final = Register(
    department=RSJ,
    service="vacancies",
    told=Vacancies,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=3),
)
