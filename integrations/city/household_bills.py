"""The Big Data Bureau (BIGDATA): all bills of somebody's household, and of their own lines, on one page."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from integrations.city import telecommunications
from integrations.city.bills import Account
from integrations.city.days import years_after
from integrations.city.paid_bills import bill_no
from integrations.city.people import Person
from integrations.city.registers import Service, of_person
from integrations.city.subscriptions import Cable, Line
from integrations.city.utilities import accounts, due_on, standing
from integrations.city.world import City
from integrations.departments.household_bills import HouseholdBill, HouseholdBills

_ONE_DAY: Final = timedelta(days=1)


def household_bills(city: City, person: Person) -> HouseholdBills | None:
    """Put the bills together: open ones first, by when they are due, then paid ones, the newest first."""
    found = list(_every(city, person))
    if not found:
        return None
    unpaid = sorted((bill for bill in found if bill.standing != "paid"), key=_by_due_day)
    paid = sorted((bill for bill in found if bill.standing == "paid"), key=_by_due_day, reverse=True)
    return HouseholdBills(
        open_bills=len(unpaid),
        owed_fen=sum(bill.amount_fen for bill in unpaid),
        due_next=unpaid[0].due_on if unpaid else None,
        bills=(*unpaid, *paid),
    )


def _by_due_day(bill: HouseholdBill) -> tuple[date, str]:
    return bill.due_on, bill.kind


def _every(city: City, person: Person) -> Iterator[HouseholdBill]:
    for account in accounts(city, person):
        yield from _of_account(account)
    told = telecommunications.cable(city, person)
    if told is not None:
        yield from _of_cable(told)
    for line in telecommunications.lines(city, person):
        yield from _of_line(city, line)


def _of_account(account: Account) -> Iterator[HouseholdBill]:
    for bill in account.bills:
        due = due_on(account, bill)
        yield HouseholdBill(
            kind=account.utility,
            company=account.company,
            account_no=account.account_no,
            bill_no=bill_no(account, bill),
            period_start=bill.period_start,
            period_end=bill.period_end,
            amount_fen=bill.amount_fen,
            due_on=due,
            standing=standing(due, paid=bill.paid),
        )


def _of_cable(told: Cable) -> Iterator[HouseholdBill]:
    """Give the year that is paid, and the next one once it is asked for; both are due by the day before they begin."""
    begun = years_after(told.ends_on + _ONE_DAY, -1)
    yield _year(told, begun, paid=True)
    if telecommunications.renewal_is_open(told):
        yield _year(told, told.ends_on + _ONE_DAY, paid=False)


def _year(told: Cable, start: date, *, paid: bool) -> HouseholdBill:
    due = start - _ONE_DAY
    return HouseholdBill(
        kind="television",
        company=told.company,
        account_no=told.account_no,
        bill_no=f"{told.account_no}-{start:%Y%m}",
        period_start=start,
        period_end=years_after(start, 1) - _ONE_DAY,
        amount_fen=told.year_fen,
        due_on=due,
        standing=standing(due, paid=paid),
    )


def _of_line(city: City, line: Line) -> Iterator[HouseholdBill]:
    for month in line.months:
        due = telecommunications.month_due_on(month)
        yield HouseholdBill(
            kind=line.kind,
            company=line.operator,
            account_no=telecommunications.masked(line),
            bill_no=telecommunications.month_bill_no(city, line, month),
            period_start=month.period_start,
            period_end=month.period_end,
            amount_fen=month.amount_fen,
            due_on=due,
            standing=standing(due, paid=month.paid),
        )


SERVICES: Final[dict[str, Service]] = {"household_bills": of_person(household_bills)}
