"""What the stage of daily life reminds of: bills that came, and by when they are due."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from app.kernel.words import Words
from integrations.departments.household_bills import BILL_KINDS, HOUSEHOLD_BILLS, BillKind, HouseholdBills
from integrations.departments.registers import Registers
from lifecycle.subscriptions.asking import by_register
from lifecycle.subscriptions.limits import limit_today
from lifecycle.subscriptions.reminding import Reminder, Subscriber, register_reminders

BILLS: Final = "public_utility_bill_query"
_TOPICS: Final[dict[BillKind, str]] = {
    "water": "bill.water",
    "electricity": "bill.power",
    "gas": "bill.gas",
    "heating": "bill.heat",
    "television": "bill.television",
    "mobile": "bill.telecom",
    "broadband": "bill.telecom",
}


def register(registers: Registers) -> None:
    """Have subscribers reminded; doing it again replaces the port."""
    title = Words(zh="有待缴账单", en="There are bills to pay")
    register_reminders(BILLS, title, by_register(BILLS, registers, HOUSEHOLD_BILLS, due_bills))


def due_bills(said: HouseholdBills, subscriber: Subscriber, today: date) -> Sequence[Reminder]:
    """The open bills of the kinds that were chosen, each once, and once more some days before it is due. No amount is named."""
    ahead = timedelta(days=limit_today("bill_ahead_days"))
    found = []
    for bill in said.bills:
        if bill.standing == "paid" or not subscriber.wants(_TOPICS[bill.kind]):
            continue
        name = BILL_KINDS[bill.kind]
        line = Words(
            zh=f"{name.zh}：最晚{bill.due_on}缴纳，金额登录后查看。",
            en=f"{name.en}: to be paid by {bill.due_on}; the amount is shown after signing in.",
        )
        about = f"{bill.kind}:{bill.account_no}:{bill.period_end}"
        found.append(Reminder(about, line))
        if bill.standing == "due" and bill.due_on - ahead <= today:
            found.append(Reminder(f"{about}:soon", line))
    return found
