"""What the residents' medical insurance costs (居民医保缴费): next year's, within the window for it, and a newborn's after its enrolment.

Employees' insurance is paid by the employer, month by month.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from app.kernel import clock
from integrations.city import newborn_insurance
from integrations.city.chance import percent
from integrations.city.contribution_rates import rates
from integrations.city.days import month_end
from integrations.city.figures import number
from integrations.city.medical import Medical, medical
from integrations.city.paid_bills import Owed, drawn_no, paid, settling
from integrations.city.people import Person
from integrations.city.population import REFERENCE, Population
from integrations.city.registers import Service
from integrations.city.utilities import standing
from integrations.city.world import City
from integrations.departments.health_insurance import YBJ, InsuredAs, NewbornEnrolled, Premium

_RESIDENTS: Final = "390"
_PAID_NEXT_YEAR_PERCENT: Final = 90
_DAYS_TO_PAY: Final = timedelta(days=number("newborn_insurance.days_to_pay"))


def premiums(city: City, person: Person) -> tuple[Premium, ...]:
    """Give what a resident or an enrolled newborn is asked to pay, paid or not; nothing of who isn't insured as one."""
    told = medical(city.population, person)
    if told is None or not newborn_insurance.is_insured(city, person):
        return ()
    enrolled = newborn_insurance.enrolment(city, person)
    if enrolled is not None:
        return (_newborns(city, person, enrolled),)
    return (_next_year(city, person, told),) if told.scheme_code == _RESIDENTS and _is_open() else ()


def due_fen(bills: tuple[Premium, ...]) -> int:
    """Sum up what isn't paid."""
    return sum(one.amount_fen for one in bills if one.standing != "paid")


def next_year_paid(city: City, person: Person) -> bool:
    """Say whether next year is paid for: through the portal, or as it was drawn."""
    return _drawn_as_paid(city.population, person) or bool(
        paid(city, YBJ, (_number(city, person, REFERENCE.year + 1),))
    )


def _window() -> tuple[date, date]:
    known = rates().resident
    return date(REFERENCE.year, known.enrol_from_month, 1), month_end(date(REFERENCE.year, known.enrol_until_month, 1))


def _is_open() -> bool:
    first, last = _window()
    return first <= clock.today() <= last


def _drawn_as_paid(population: Population, person: Person) -> bool:
    """Draw when next year is paid for within this year's window, and say whether that day has come."""
    first, last = _window()
    dice = population.dice("medical next year", person.id_number)
    day = date.fromordinal(first.toordinal() + dice.randrange((last - first).days + 1))
    return percent(dice, _PAID_NEXT_YEAR_PERCENT) and day <= clock.today()


def _next_year(city: City, person: Person, told: Medical) -> Premium:
    year, due = REFERENCE.year + 1, _window()[1]
    insured_as: InsuredAs = "student_child" if told.insured_as == "newborn" else told.insured_as
    return Premium(
        bill_no=_number(city, person, year),
        insured_as=insured_as,
        covers_from=date(year, 1, 1),
        covers_until=date(year, 12, 31),
        amount_fen=rates().resident.medical_year_fen[insured_as],
        due_on=due,
        standing=standing(due, paid=next_year_paid(city, person)),
    )


def _newborns(city: City, person: Person, enrolled: NewbornEnrolled) -> Premium:
    bill_no = _number(city, person, enrolled.covered_from.year)
    day = newborn_insurance.enrolled_on(city, person) or clock.today()
    return Premium(
        bill_no=bill_no,
        insured_as="newborn",
        covers_from=enrolled.covered_from,
        covers_until=enrolled.covered_until,
        amount_fen=enrolled.due_fen,
        due_on=day + _DAYS_TO_PAY,
        standing=standing(day + _DAYS_TO_PAY, paid=bool(paid(city, YBJ, (bill_no,)))),
    )


def _number(city: City, person: Person, year: int) -> str:
    return f"YB{year}{drawn_no(city.options.seed, 'premium', f'{person.id_number}:{year}')}"


def _owed(city: City, person: Person, _day: date) -> Iterator[Owed]:
    for one in premiums(city, person):
        yield Owed(one.bill_no, one.amount_fen, one.standing == "paid")


SERVICES: Final[dict[str, Service]] = settling(YBJ, _owed)
