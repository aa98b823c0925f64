"""What Market Regulation (市场监管局) publishes of food and medicines: notices and licences, and the city's pharmacies.

食品安全法, art. 63, 87 and 118; 药品管理法, art. 51 and 82.
"""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec

from app.kernel.labels import label
from app.kernel.structs import Code, Line, ShortLine
from app.kernel.words import Words
from integrations.departments.registers import Register

SCJG: Final = "SCJG"
NoticeKind = Literal["recall", "sampling_failed", "sampling_passed", "licence"]
NOTICE_KINDS: Final = {
    "recall": Words(zh="召回", en="Recall"),
    "sampling_failed": Words(zh="抽检不合格", en="Failed a test"),
    "sampling_passed": Words(zh="抽检合格", en="Passed a test"),
    "licence": Words(zh="许可", en="Licence"),
}
Category = Literal["food", "health_food", "drug", "device"]
CATEGORIES: Final = {
    "food": Words(zh="食品", en="Food"),
    "health_food": Words(zh="保健食品", en="Health food"),
    "drug": Words(zh="药品", en="Medicine"),
    "device": Words(zh="医疗器械", en="Medical device"),
}
StockLevel = Literal["plenty", "few", "none"]
STOCK_LEVELS: Final = {
    "plenty": Words(zh="有货", en="In stock"),
    "few": Words(zh="库存较少", en="Few left"),
    "none": Words(zh="暂时缺货", en="Out of stock"),
}


class Notice(msgspec.Struct, frozen=True):
    """A published fact about a product or its maker: a licence, a test, or a recall, and then what to do."""

    notice_no: Annotated[Code, label("公告编号", "Number")]
    kind: Annotated[NoticeKind, label("类型", "Kind", NOTICE_KINDS)]
    category: Annotated[Category, label("类别", "Category", CATEGORIES)]
    product: Annotated[Line, label("产品名称", "Product")]
    company: Annotated[Line, label("企业名称", "Company")]
    division_code: Annotated[Code, label("所在区划", "Division")]
    published_on: Annotated[date, label("公布日期", "Published on")]
    batch: Annotated[Line | None, label("批号", "Batch")] = None
    finding: Annotated[Line | None, label("检验结果或召回原因", "Finding or reason")] = None
    advice: Annotated[Line | None, label("消费提示", "What to do")] = None
    licence_no: Annotated[Line | None, label("许可证号", "Licence number")] = None
    licence_until: Annotated[date | None, label("许可有效期至", "Licence valid until")] = None


class Notices(msgspec.Struct, frozen=True):
    """Every notice, the newest first."""

    items: tuple[Notice, ...]


class Stock(msgspec.Struct, frozen=True):
    """What a pharmacy reports of one medicine."""

    medicine: Annotated[ShortLine, label("药品", "Medicine")]
    prescription: Annotated[bool, label("凭处方购买", "Needs a prescription")]
    level: Annotated[StockLevel, label("库存", "Stock", STOCK_LEVELS)]


class Pharmacy(msgspec.Struct, frozen=True):
    """A licensed retail pharmacy (药品零售企业) and the stock that it reports today."""

    code: Annotated[Code, label("编号", "Number")]
    name: Annotated[Line, label("名称", "Name")]
    division_code: Annotated[Code, label("所在区划", "Division")]
    address: Annotated[Line, label("地址", "Address")]
    phone: Annotated[Line, label("电话", "Telephone")]
    hours: Annotated[Line, label("营业时间", "Open")]
    licence_no: Annotated[Line, label("药品经营许可证号", "Licence number")]
    licence_until: Annotated[date, label("许可有效期至", "Licence valid until")]
    insured: Annotated[bool, label("医保定点", "Takes medical insurance")]
    stock: Annotated[tuple[Stock, ...], label("库存", "Stock")]


class Pharmacies(msgspec.Struct, frozen=True):
    """The pharmacies that were asked for."""

    items: tuple[Pharmacy, ...]


NOTICES: Final = Register(
    department=SCJG,
    service="food_drug_notices",
    told=Notices,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=7),
)
PHARMACIES: Final = Register(
    department=SCJG,
    service="pharmacies",
    told=Pharmacies,
    fresh_for=timedelta(hours=1),
    usable_for=timedelta(days=7),
)
