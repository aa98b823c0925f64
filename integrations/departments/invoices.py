"""What the Tax Service (税务局) tells of invoices (发票): whether one is genuine, and those made out to a person.

Numbers are those of fully digitalised e-invoices (数电票): twenty digits, of which two name the year and two the province.
"""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words
from integrations.departments.registers import Register
from integrations.departments.social_security import Fen
from integrations.departments.tax import SWJ

InvoiceNumber = Annotated[
    str, Meta(pattern=r"\A[0-9]{20}\Z", description="Number of a fully digitalised e-invoice (数电票), 20 digits.")
]
InvoiceState = Literal["valid", "cancelled"]
INVOICE_STATES: Final = {
    "valid": Words(zh="正常", en="Valid"),
    "cancelled": Words(zh="已红冲", en="Cancelled by a red invoice"),
}
CheckOutcome = Literal["matches", "differs", "unknown"]
OUTCOMES: Final = {
    "matches": Words(zh="查验一致", en="Genuine: it matches"),
    "differs": Words(zh="内容不符", en="Date or amount differ"),
    "unknown": Words(zh="查无此票", en="No such invoice"),
}


class Invoice(msgspec.Struct, frozen=True):
    """An electronic invoice; the amount includes the tax (价税合计)."""

    number: Annotated[InvoiceNumber, label("发票号码", "Number")]
    issued_on: Annotated[date, label("开票日期", "Issued on")]
    seller: Annotated[Line, label("销售方", "Seller")]
    seller_uscc: Annotated[Code, label("销售方统一社会信用代码", "Seller's unified social credit code")]
    goods: Annotated[Line, label("货物或服务", "Goods or services")]
    amount_fen: Annotated[Fen, label("价税合计（分）", "Amount with tax (fen)")]
    tax_fen: Annotated[Fen, label("其中税额（分）", "Tax in it (fen)")]
    state: Annotated[InvoiceState, label("发票状态", "State", INVOICE_STATES)]


class InvoiceCheck(msgspec.Struct, frozen=True):
    """What an invoice turned out to be; it is told only to who knows its date and amount, and never to whom it was made out."""

    outcome: Annotated[CheckOutcome, label("查验结果", "Outcome", OUTCOMES)]
    invoice: Annotated[Invoice | None, label("发票", "Invoice")]


class Invoices(msgspec.Struct, frozen=True):
    """The invoices made out to a person between two days, the newest first."""

    since: Annotated[date, label("起始日期", "From")]
    until: Annotated[date, label("截止日期", "Until")]
    invoices: Annotated[tuple[Invoice, ...], label("发票", "Invoices")]
    total_fen: Annotated[Fen, label("正常发票合计（分）", "Total of the valid ones (fen)")]


INVOICE_CHECK: Final = Register(
    department=SWJ,
    service="invoice_check",
    told=InvoiceCheck,
    fresh_for=timedelta(minutes=5),
    usable_for=timedelta(hours=12),
)
INVOICES: Final = Register(
    department=SWJ, service="invoices", told=Invoices, fresh_for=timedelta(minutes=10), usable_for=timedelta(days=7)
)
