"""The cable network and the telecom operators: what each tells of somebody's subscriptions."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import msgspec

from app.kernel import clock
from integrations.city.days import years_after
from integrations.city.figures import number
from integrations.city.paid_bills import Owed, drawn_no, paid, settling
from integrations.city.people import Person
from integrations.city.registers import Service, of_person
from integrations.city.subscriptions import Cable, Line, MonthBilled, cable_of, lines_of
from integrations.city.utilities import standing
from integrations.city.world import City
from integrations.departments.telecommunications import CableTelevision, CableYear, LineBill, PhoneLine, PhoneLines

_DAYS_TO_PAY: Final = timedelta(days=number("bills.days_to_pay"))
_ONE_DAY: Final = timedelta(days=1)
_TAIL: Final = 4
CABLE, PHONES = "UT-TV", "UT-T"


def cable(city: City, person: Person) -> Cable | None:
    """Give the cable television of somebody's household, with the years that were paid through the portal."""
    return next(reversed(list(_cable_by_year(city, person))), None)


def _cable_by_year(city: City, person: Person) -> Iterator[Cable]:
    """Give the cable television as it was drawn, then as it was after each year that was paid through the portal."""
    household = city.population.household_of(person)
    told = None if household is None else cable_of(city.population, household)
    while told is not None:
        yield told
        told = next_year_of(told) if paid(city, CABLE, (cable_bill_no(told),)) else None


def next_year_of(told: Cable) -> Cable:
    """Give it as it is once the next year is paid."""
    return msgspec.structs.replace(told, ends_on=next_year_ends(told))


def cable_bill_no(told: Cable) -> str:
    """The number of the next year's bill."""
    return f"{told.account_no}-{told.ends_on + _ONE_DAY:%Y%m}"


def next_year_ends(told: Cable) -> date:
    """Until when cable television is paid once the next year is."""
    return years_after(told.ends_on + _ONE_DAY, 1) - _ONE_DAY


def lines(city: City, person: Person) -> tuple[Line, ...]:
    """Give somebody's lines, with the months that were paid through the portal."""
    found = lines_of(city.population, person)
    numbers = [month_bill_no(city, line, month) for line in found for month in line.months]
    entered = paid(city, PHONES, numbers)
    return tuple(
        msgspec.structs.replace(line, months=tuple(_as_paid(city, line, month, entered) for month in line.months))
        for line in found
    )


def month_bill_no(city: City, line: Line, month: MonthBilled) -> str:
    """The number of a line's bill for a month; the line's own number isn't part of it."""
    kind = "YD" if line.kind == "mobile" else "KD"
    return f"{kind}{drawn_no(city.options.seed, 'line', line.number)}-{month.period_start:%Y%m}"


def _as_paid(city: City, line: Line, month: MonthBilled, entered: frozenset[str]) -> MonthBilled:
    return msgspec.structs.replace(month, paid=month.paid or month_bill_no(city, line, month) in entered)


def renewal_is_open(told: Cable) -> bool:
    """Say whether the next year's fee is already asked for: so many days before the paid year ends."""
    return clock.today() > told.ends_on - _DAYS_TO_PAY


def month_due_on(month: MonthBilled) -> date:
    """Give the last day to pay for a month of a line."""
    return month.period_end + _DAYS_TO_PAY


def masked(told: Line) -> str:
    """Show a mobile number by its first three and last four digits; an account's number is shown whole."""
    return told.number if told.kind == "broadband" else f"{told.number[:3]}****{told.number[-_TAIL:]}"


def cable_television(city: City, person: Person) -> CableTelevision | None:
    """Tell the package, until when it is paid, and what is due."""
    years = list(_cable_by_year(city, person))
    if not years:
        return None
    told = years[-1]
    asked = (_year(told, is_paid=False),) if renewal_is_open(told) else ()
    return CableTelevision(
        account_no=told.account_no,
        company=told.company,
        package=told.package.name,
        month_fen=told.package.month_fen,
        ends_on=told.ends_on,
        reception="on" if clock.today() <= told.ends_on else "ended",
        owed_fen=told.year_fen if renewal_is_open(told) else 0,
        bills=(*asked, *(_year(one, is_paid=True) for one in reversed(years[:-1]))),
    )


def _year(told: Cable, *, is_paid: bool) -> CableYear:
    return CableYear(
        bill_no=cable_bill_no(told),
        period_start=told.ends_on + _ONE_DAY,
        period_end=next_year_ends(told),
        amount_fen=told.year_fen,
        due_on=told.ends_on,
        standing=standing(told.ends_on, paid=is_paid),
    )


def phone_lines(city: City, person: Person) -> PhoneLines | None:
    """Tell somebody's lines; of who has none nothing is known."""
    found = lines(city, person)
    return PhoneLines(tuple(_told(city, line) for line in found)) if found else None


def _told(city: City, line: Line) -> PhoneLine:
    bills = tuple(_bill(month_bill_no(city, line, month), month) for month in reversed(line.months))
    return PhoneLine(
        kind=line.kind,
        number=masked(line),
        operator=line.operator,
        package=line.package.name,
        month_fen=line.package.month_fen,
        balance_fen=line.balance_fen,
        owed_fen=sum(bill.amount_fen for bill in bills if bill.standing != "paid"),
        bills=bills,
    )


def _bill(bill_no: str, month: MonthBilled) -> LineBill:
    due = month_due_on(month)
    return LineBill(
        bill_no=bill_no,
        period_start=month.period_start,
        period_end=month.period_end,
        amount_fen=month.amount_fen,
        beyond_package_fen=month.beyond_package_fen,
        due_on=due,
        standing=standing(due, paid=month.paid),
    )


def _owed_for_cable(city: City, person: Person, _day: date) -> Iterator[Owed]:
    """What was paid before, and the next year if it is asked for already."""
    years = list(_cable_by_year(city, person))
    for told in years[:-1]:
        yield Owed(cable_bill_no(told), told.year_fen, paid=True)
    for told in years[-1:]:
        if renewal_is_open(told):
            yield Owed(cable_bill_no(told), told.year_fen, paid=False)


def _owed_for_lines(city: City, person: Person, _day: date) -> Iterator[Owed]:
    for line in lines(city, person):
        for month in line.months:
            yield Owed(month_bill_no(city, line, month), month.amount_fen, month.paid)


CABLE_SERVICES: Final[dict[str, Service]] = {
    "cable_television": of_person(cable_television),
    **settling(CABLE, _owed_for_cable),
}
PHONE_SERVICES: Final[dict[str, Service]] = {"phone_lines": of_person(phone_lines), **settling(PHONES, _owed_for_lines)}
