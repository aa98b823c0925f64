"""How the city's departments take the portal's word that a bill was paid, and which of their bills were paid like that.

What is owed is drawn; a payment is entered once, and every register that shows the bill tells it as paid from then on.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from app.kernel import clock
from app.kernel.structs import Code, Instant
from integrations.city.bills import Account, Bill
from integrations.city.chance import chance
from integrations.city.orders import Ordered, of_order
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person
from integrations.city.registers import Service
from integrations.city.tariffs import Utility
from integrations.city.world import City
from integrations.departments.bills import SERVICE, BillSettled

SUPPLIERS: Final[dict[Utility, str]] = {"water": "UT-W", "electricity": "UT-E", "gas": "UT-G", "heating": "UT-H"}
_PAID: Final = """
SELECT json_extract(CAST(told AS TEXT), '$.bill_no') AS bill_no FROM carried_out
WHERE service = ? AND json_extract(CAST(told AS TEXT), '$.bill_no') IN (SELECT value FROM json_each(?))
"""


class ToSettle(Ordered, frozen=True):
    """Which bill was paid, how much, and when."""

    bill_no: Code
    amount_fen: Annotated[int, Meta(ge=1, le=10**10)]
    paid_at: Instant


class Owed(msgspec.Struct, frozen=True):
    """A bill as it stands on a day."""

    bill_no: str
    amount_fen: int
    paid: bool


Bills = Callable[[City, Person, date], Iterable[Owed]]
"""The bills of a person at a department, with what was due on a day."""


def paid(city: City, department: str, numbers: Iterable[str]) -> frozenset[str]:
    """Give those of a department's bills that the portal said were paid."""
    asked = list(numbers)
    if not asked:
        return frozenset()
    wanted = msgspec.json.encode(asked).decode()
    return frozenset(row["bill_no"] for row in city.store.all(_PAID, _name(department), wanted))


def settling(department: str, bills: Bills) -> dict[str, Service]:
    """The service by which a department is told of a payment; `bills` says what somebody owed."""

    def settle(city: City, person: Person, ordered: ToSettle) -> BillSettled:
        day = clock.local(ordered.paid_at).date()
        owed = next((one for one in bills(city, person, day) if one.bill_no == ordered.bill_no), None)
        if owed is None:
            raise QuestionRefused("no_such_bill")
        if owed.paid:
            raise QuestionRefused("paid_already")
        if owed.amount_fen != ordered.amount_fen:
            raise QuestionRefused("amount_differs")
        return BillSettled(ordered.bill_no, ordered.amount_fen, clock.today())

    return {SERVICE: of_order(_name(department), ToSettle, settle)}


def bill_no(account: Account, bill: Bill) -> str:
    """A bill's number: its account, and the month in which its period begins."""
    return f"{account.account_no}-{bill.period_start:%Y%m}"


def as_paid(city: City, account: Account) -> Account:
    """Give an account with the bills as paid that the portal said were."""
    entered = paid(city, SUPPLIERS[account.utility], (bill_no(account, bill) for bill in account.bills))
    bills = tuple(
        msgspec.structs.replace(bill, paid=bill.paid or bill_no(account, bill) in entered) for bill in account.bills
    )
    return msgspec.structs.replace(account, bills=bills)


def drawn_no(seed: int, kind: str, what: str) -> str:
    """Twelve digits that always stand for the same thing, and from which it can't be read."""
    return f"{chance(seed, f'bill_{kind}', what).randrange(10**12):012d}"


def _name(department: str) -> str:
    return f"{SERVICE}:{department}"
