"""What can be asked about tax."""

from datetime import date
from typing import Annotated, Any, Final

from app.kernel.labels import label
from integrations.departments.invoices import INVOICE_CHECK, INVOICES, InvoiceNumber
from integrations.departments.social_security import Fen
from integrations.departments.tax import TAX_POLICIES, TAX_RECORD, TAX_YEAR, Year
from lifecycle.queries.registers import EverybodysQuestion, OfEverybody, OfPerson, PersonQuestion


class YearQuestion(PersonQuestion, frozen=True):
    """Whose year. Without one, settlement is of the last year that is over, and a record of this one."""

    year: Annotated[Year | None, label("纳税年度", "Tax year")] = None


class InvoiceQuestion(EverybodysQuestion, frozen=True, kw_only=True):
    """An invoice as it lies before one."""

    number: Annotated[InvoiceNumber, label("发票号码", "Number")]
    issued_on: Annotated[date, label("开票日期", "Issued on")]
    amount_fen: Annotated[Fen, label("价税合计（分）", "Amount with tax (fen)")]


class InvoicesQuestion(PersonQuestion, frozen=True):
    """Whose invoices, between which days; without them those of the last ninety days."""

    since: Annotated[date | None, label("起始日期", "From")] = None
    until: Annotated[date | None, label("截止日期", "Until")] = None


QUERIES: Final[tuple[OfPerson[Any] | OfEverybody[Any], ...]] = (
    OfEverybody("tax_policy_consultation", TAX_POLICIES),
    OfPerson("online_tax_filing", TAX_YEAR, frozenset({"money", "family"}), YearQuestion),
    OfPerson("tax_payment_certificate_print", TAX_RECORD, frozenset({"money"}), YearQuestion),
    OfEverybody("invoice_value_added_service", INVOICE_CHECK, InvoiceQuestion),
    OfPerson("invoice_management_push", INVOICES, frozenset({"money"}), InvoicesQuestion),
)
