"""The healthcare security party (YBJ): how people are insured, and what assistance pays of their bills."""

from datetime import date
from typing import Final

from integrations.city import newborn_insurance, premiums
from integrations.city.civil import assistance_of
from integrations.city.contribution_rates import own_fen, rates
from integrations.city.days import month_end, months_after
from integrations.city.employment import Work, work
from integrations.city.medical import Medical, Visit, medical
from integrations.city.months_paid import months_paid
from integrations.city.people import Person
from integrations.city.population import REFERENCE, Population
from integrations.city.registers import Service, of_person
from integrations.city.welfare import figures, granted_on, orphan_since
from integrations.city.world import City
from integrations.departments.health_insurance import (
    Hardship,
    MedicalAssistance,
    MedicalInsurance,
    NewbornEnrolled,
    Premium,
    Settlement,
)
from integrations.departments.pensions import MonthPaid

EMPLOYEES: Final = "310"
_RETIRED_ACCOUNT_FEN: Final = 900_000


def medical_insurance(city: City, person: Person) -> MedicalInsurance | None:
    """Tell how somebody is insured; of the dead and of people without a household here nothing is known."""
    told, known = medical(city.population, person), work(city.population, person)
    if told is None or known is None or not newborn_insurance.is_insured(city, person):
        return None
    enrolled = newborn_insurance.enrolment(city, person)
    if enrolled is not None:
        return _newborn(enrolled, premiums.premiums(city, person))
    employees = told.scheme_code == EMPLOYEES
    bills = premiums.premiums(city, person)
    return MedicalInsurance(
        insured_as=told.insured_as,
        scheme_code="310" if employees else "390",
        covered_until=_covered_until(told, known),
        months=next((one.months for one in known.contributions if one.insurance_code == EMPLOYEES), 0),
        account_fen=_account_fen(city.population, person, known) if employees else None,
        payments=months_paid(known, EMPLOYEES) if employees else _resident_payments(city.population, person, told),
        next_year_paid=None if employees else premiums.next_year_paid(city, person),
        due_fen=premiums.due_fen(bills),
        premiums=bills,
    )


def medical_assistance(city: City, person: Person) -> MedicalAssistance | None:
    """Tell whether somebody is recognised as in hardship, and what was settled since; of who isn't insured nothing is known."""
    told = medical(city.population, person)
    if told is None or not newborn_insurance.is_insured(city, person):
        return None
    hardship, since = _hardship(city.population, person)
    if hardship is None:
        return MedicalAssistance(None, None, None, ())
    share = figures().assistance_percent[hardship]
    settled = (one for one in told.visits if since is None or one.visited_on >= since)
    return MedicalAssistance(hardship, since, share, tuple(_settlement(one, share) for one in settled))


def _newborn(enrolled: NewbornEnrolled, bills: tuple[Premium, ...]) -> MedicalInsurance:
    """Tell of a newborn that was enrolled since, and what it owes."""
    paid_for = tuple(
        MonthPaid(one.covers_from.replace(day=1), 0, one.amount_fen, 0) for one in bills if one.standing == "paid"
    )
    return MedicalInsurance(
        insured_as="newborn",
        scheme_code="390",
        covered_until=enrolled.covered_until,
        months=0,
        account_fen=None,
        payments=paid_for,
        next_year_paid=False,
        due_fen=premiums.due_fen(bills),
        premiums=bills,
    )


def _hardship(population: Population, person: Person) -> tuple[Hardship | None, date | None]:
    household = population.household_of(person)
    if person.guardian:
        return "orphan", orphan_since(population, person)
    if household is not None and assistance_of(population, household) is not None:
        return "living_allowance", granted_on(population, household)
    return None, None


def _settlement(visit: Visit, share: int) -> Settlement:
    left = visit.cost_fen - visit.insurance_paid_fen
    assisted = left * share // 100
    return Settlement(
        visit.visited_on, visit.institution, visit.cost_fen, visit.insurance_paid_fen, assisted, left - assisted
    )


def _covered_until(told: Medical, known: Work) -> date | None:
    """Employees are covered by the month, residents by the year, the unemployed as long as benefit is paid, the retired for life."""
    if told.insured_as == "employee_retired":
        return None
    if told.scheme_code != EMPLOYEES:
        return date(REFERENCE.year, 12, 31)
    left = known.unemployment
    if left is not None and left.registered_on is not None:
        return months_after(left.registered_on, left.benefit_months)
    return month_end(REFERENCE)


def _account_fen(population: Population, person: Person, known: Work) -> int:
    """Draw what is left in the account: of what a worker paid in, or of what a retired person was given."""
    share = population.dice("medical account", person.id_number).randrange(5, 60)
    paid = next((one for one in known.contributions if one.insurance_code == EMPLOYEES), None)
    paid_in = own_fen(EMPLOYEES, paid.base_fen) * paid.months if paid else _RETIRED_ACCOUNT_FEN
    return paid_in * share // 100


def _resident_payments(population: Population, person: Person, told: Medical) -> tuple[MonthPaid, ...]:
    """Tell what was paid for this year: in last year's window, or for a newborn in the month of birth."""
    yearly = rates().resident.medical_year_fen[told.insured_as]
    if told.insured_as == "newborn":
        return (MonthPaid(person.birth_date.replace(day=1), 0, yearly, 0),)
    first, last = rates().resident.enrol_from_month, rates().resident.enrol_until_month
    month = population.dice("medical paid", person.id_number).randrange(first, last + 1)
    born = person.birth_date.replace(day=1)
    return (MonthPaid(max(date(REFERENCE.year - 1, month, 1), born), 0, yearly, 0),)


SERVICES: Final[dict[str, Service]] = {
    "medical_insurance": of_person(medical_insurance),
    "medical_assistance": of_person(medical_assistance),
    **premiums.SERVICES,
}
