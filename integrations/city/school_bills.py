"""What schools ask of their pupils and students (JYJ): the fees of the list that aren't voluntary, for a month, a term or a year.

The last year of kindergarten is free (大班免收). Compulsory schooling costs nothing, so it has no bills.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from integrations.city.campus_cards import Term, campus
from integrations.city.chance import percent
from integrations.city.days import month_end, months_after
from integrations.city.figures import number
from integrations.city.paid_bills import Owed, drawn_no, paid, settling
from integrations.city.people import Person
from integrations.city.population import REFERENCE
from integrations.city.registers import Service, listed, of_person
from integrations.city.schools import Enrolment, schooling
from integrations.city.utilities import standing
from integrations.city.world import City
from integrations.departments.household_bills import Standing
from integrations.departments.schooling import JYJ
from integrations.departments.student_support import FeeItem, FeeItems, SchoolBill, SchoolBills

_DAYS_TO_PAY: Final = timedelta(days=number("school_fees.days_to_pay"))
_PAID_PERCENT: Final = 80
_FREE_KINDERGARTEN_YEAR: Final = 3
_ORDINARY: Final = frozenset({"KG_PUBLIC", "SENIOR_TUITION", "COLLEGE_TUITION", "UNI_TUITION", "GRAD_TUITION"})
"""The fees that everybody at a public school of the stage pays; art costs more, and who studies it stands in no register."""


def school_bills(city: City, person: Person) -> SchoolBills | None:
    """Tell the bills of this school year, up to the reference day's month; who learns nowhere isn't known."""
    enrolment = schooling(city.population, person).enrolment
    if enrolment is None:
        return None
    bills = sorted(_bills(city, person, enrolment), key=lambda one: (one.standing == "paid", one.due_on))
    return SchoolBills(enrolment.school, enrolment.stage, tuple(bills))


def _bills(city: City, person: Person, enrolment: Enrolment) -> Iterator[SchoolBill]:
    for item in listed("school_fees", FeeItems).items:
        if item.code in _ORDINARY and item.stage == enrolment.stage and not _is_free(enrolment):
            for start, end in _periods(item):
                yield _bill(city, person, item, start, end)


def _is_free(enrolment: Enrolment) -> bool:
    return enrolment.stage == "kindergarten" and enrolment.year_of_stage >= _FREE_KINDERGARTEN_YEAR


def _periods(item: FeeItem) -> Iterator[tuple[date, date]]:
    """The months, the term or the year of the school year that have begun by the reference day."""
    first, last = campus().terms[0], campus().terms[-1]
    if item.per == "month":
        month = first.starts_on
        while month <= REFERENCE:
            yield month, month_end(month)
            month = months_after(month, 1)
    else:
        yield first.starts_on, _end(item, first, last)


def _end(item: FeeItem, first: Term, last: Term) -> date:
    return first.ends_on if item.per == "term" else last.ends_on


def _bill(city: City, person: Person, item: FeeItem, start: date, end: date) -> SchoolBill:
    bill_no = f"XF{start:%Y%m}{drawn_no(city.options.seed, 'school', f'{person.id_number}:{item.code}:{start}')}"
    due = start + _DAYS_TO_PAY
    return SchoolBill(
        bill_no=bill_no,
        code=item.code,
        name=item.name,
        kind=item.kind,
        period_start=start,
        period_end=end,
        amount_fen=item.amount_fen or 0,
        due_on=due,
        standing=_standing(city, person, bill_no, due),
    )


def _standing(city: City, person: Person, bill_no: str, due: date) -> Standing:
    drawn = due < REFERENCE and percent(
        city.population.dice("school_bill", f"{person.id_number}:{bill_no}"), _PAID_PERCENT
    )
    return standing(due, paid=drawn or bool(paid(city, JYJ, (bill_no,))))


def _owed(city: City, person: Person, _day: date) -> Iterator[Owed]:
    told = school_bills(city, person)
    for one in told.bills if told else ():
        yield Owed(one.bill_no, one.amount_fen, one.standing == "paid")


SERVICES: Final[dict[str, Service]] = {"school_bills": of_person(school_bills), **settling(JYJ, _owed)}
