"""The cable network and the telecom operators: what each tells of somebody's subscriptions."""

from datetime import date, timedelta
from typing import Final

from app.kernel import clock
from integrations.city.figures import number
from integrations.city.people import Person
from integrations.city.registers import Service, of_person
from integrations.city.subscriptions import Cable, Line, MonthBilled, cable_of, lines_of
from integrations.city.utilities import standing
from integrations.city.world import City
from integrations.departments.telecommunications import CableTelevision, LineBill, PhoneLine, PhoneLines

_DAYS_TO_PAY: Final = timedelta(days=number("bills.days_to_pay"))
_TAIL: Final = 4


def cable(city: City, person: Person) -> Cable | None:
    """Give the cable television of somebody's household."""
    household = city.population.household_of(person)
    return None if household is None else cable_of(city.population, household)


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
    told = cable(city, person)
    if told is None:
        return None
    return CableTelevision(
        account_no=told.account_no,
        company=told.company,
        package=told.package.name,
        month_fen=told.package.month_fen,
        ends_on=told.ends_on,
        reception="on" if clock.today() <= told.ends_on else "ended",
        owed_fen=told.year_fen if renewal_is_open(told) else 0,
    )


def phone_lines(city: City, person: Person) -> PhoneLines | None:
    """Tell somebody's lines; of who has none nothing is known."""
    lines = lines_of(city.population, person)
    return PhoneLines(tuple(_told(line) for line in lines)) if lines else None


def _told(line: Line) -> PhoneLine:
    bills = tuple(_bill(month) for month in reversed(line.months))
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


def _bill(month: MonthBilled) -> LineBill:
    due = month_due_on(month)
    return LineBill(
        period_start=month.period_start,
        period_end=month.period_end,
        amount_fen=month.amount_fen,
        beyond_package_fen=month.beyond_package_fen,
        due_on=due,
        standing=standing(due, paid=month.paid),
    )


CABLE_SERVICES: Final[dict[str, Service]] = {"cable_television": of_person(cable_television)}
PHONE_SERVICES: Final[dict[str, Service]] = {"phone_lines": of_person(phone_lines)}
