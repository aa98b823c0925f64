"""What the stage of tax reminds of: days of filing, a refund of the tax year, and invoices that came or were cancelled."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from app.kernel.words import Words
from integrations.departments.invoices import INVOICES, Invoices
from integrations.departments.registers import Registers
from integrations.departments.tax import TAX_YEAR, TaxYear
from lifecycle.rules.parameters import shipped
from lifecycle.rules.tax_filing import Filing, filings
from lifecycle.subscriptions.asking import by_register
from lifecycle.subscriptions.limits import limit_today
from lifecycle.subscriptions.reminding import Reminder, Subscriber, register_reminders

FILING: Final = "tax_filing_reminder"
REFUND: Final = "consumption_tax_refund_reminder"
INVOICE: Final = "invoice_management_push"
_LONGEST: Final = timedelta(days=90)


def register(registers: Registers) -> None:
    """Have subscribers reminded; doing it again replaces the port."""
    register_reminders(FILING, Words(zh="纳税申报提醒", en="Days of filing"), _days_of_filing)
    register_reminders(
        REFUND,
        Words(zh="您可能有退税", en="A refund may be due to you"),
        by_register(REFUND, registers, TAX_YEAR, refunds),
    )
    register_reminders(
        INVOICE,
        Words(zh="电子发票有变动", en="Your electronic invoices changed"),
        by_register(INVOICE, registers, INVOICES, changed_invoices, _since_switched_on),
    )


async def _days_of_filing(subscriber: Subscriber, today: date) -> Sequence[Reminder]:
    return due_filings(filings(shipped().reading(today)), subscriber, today)


def due_filings(known: Sequence[Filing], subscriber: Subscriber, today: date) -> Sequence[Reminder]:
    """Of the filings that were chosen: once while its days run, and once more some days before the last."""
    ahead = timedelta(days=limit_today("filing_ahead_days"))
    found = []
    for filing in known:
        if not filing.first <= today <= filing.last or not subscriber.wants(f"filing.{filing.code}"):
            continue
        line = Words(
            zh=f"{filing.name.zh}：{filing.first}至{filing.last}。",
            en=f"{filing.name.en}: {filing.first} to {filing.last}.",
        )
        found.append(Reminder(f"{filing.code}:{filing.last}", line))
        if filing.last - ahead <= today:
            found.append(Reminder(f"{filing.code}:{filing.last}:soon", line))
    return found


def refunds(said: TaxYear, subscriber: Subscriber, today: date) -> Sequence[Reminder]:
    """A refund of the tax year that wasn't claimed, once while it can be, and once more some days before the last."""
    runs = said.settled_from <= today <= said.settled_until
    if not runs or said.refund_fen == 0 or said.filed_on is not None or not subscriber.wants("refund.year"):
        return ()
    line = Words(
        zh=f"{said.year}年度综合所得可能有退税，最晚{said.settled_until}在个人所得税应用申请。",
        en=f"Tax of {said.year} may be refunded; claim it in the tax service's app by {said.settled_until}.",
    )
    soon = said.settled_until - timedelta(days=limit_today("filing_ahead_days")) <= today
    return [Reminder(f"year:{said.year}", line), *([Reminder(f"year:{said.year}:soon", line)] if soon else [])]


def changed_invoices(said: Invoices, subscriber: Subscriber, _today: date) -> Sequence[Reminder]:
    """Invoices issued since it was switched on, and those of them that were cancelled; neither amount nor shop is named."""
    found = []
    for invoice in said.invoices:
        if invoice.issued_on < subscriber.since:
            continue
        day = invoice.issued_on
        issued = Words(zh=f"{day}有新开具的发票。", en=f"A new invoice of {day}.")
        found.append(Reminder(f"{invoice.number}:issued", issued))
        if invoice.state == "cancelled":
            cancelled = Words(zh=f"{day}开具的一张发票已被冲红。", en=f"An invoice of {day} was cancelled.")
            found.append(Reminder(f"{invoice.number}:cancelled", cancelled))
    return found


def _since_switched_on(subscriber: Subscriber, today: date) -> Mapping[str, Any]:
    return {"since": max(subscriber.since, today - _LONGEST).isoformat(), "until": today.isoformat()}
