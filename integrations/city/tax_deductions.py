"""Special additional deductions (专项附加扣除) that follow from the city's registers: children, parents, and the home.

Parents who both have wages take half of a child's each, as they may agree. A couple deducts a loan once, by agreement: here the
first owner who has wages (国发〔2018〕41号 art. 15).
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from integrations.city.days import birthday, months_after, months_between
from integrations.city.employment import work
from integrations.city.homes import home_of
from integrations.city.income_tax import law
from integrations.city.people import Person
from integrations.city.population import Population
from integrations.city.schools import left_school
from integrations.departments.tax import DeductionKind

KINDS: Final[tuple[DeductionKind, ...]] = ("child_education", "infant_care", "elderly", "loan_interest", "rent")


def deductions(population: Population, person: Person, months: Iterable[date]) -> dict[DeductionKind, int]:
    """Give what may be deducted over some months, in fen, by kind."""
    total: dict[DeductionKind, int] = dict.fromkeys(KINDS, 0)
    for month in months:
        for kind, fen in deductions_in(population, person, month).items():
            total[kind] += fen
    return {kind: fen for kind, fen in total.items() if fen}


def deductions_in(population: Population, person: Person, month: date) -> dict[DeductionKind, int]:
    """Give what may be deducted in the month that begins on a day, in fen, by kind."""
    interest = _loan_interest_fen(population, person, month)
    return {
        **_children_fen(population, person, month),
        "elderly": _elderly_fen(population, person, month),
        "loan_interest": interest,
        "rent": 0 if interest else _rent_fen(population, person, month),
    }


def _children_fen(population: Population, person: Person, month: date) -> dict[DeductionKind, int]:
    """Each child alive counts from the month of birth; from the month in which it turns three as being educated (国发〔2018〕41号 art. 5)."""
    figures = law().deductions
    told: dict[DeductionKind, int] = {"child_education": 0, "infant_care": 0}
    for child in population.children(person.id_number):
        if not child.alive or child.birth_date.replace(day=1) > month or left_school(population, child) <= month:
            continue
        infant = month < birthday(child.birth_date, figures.infant_until_age).replace(day=1)
        share = figures.child_fen // (2 if _both_paid(population, child) else 1)
        told["infant_care" if infant else "child_education"] += share
    return told


def _both_paid(population: Population, child: Person) -> bool:
    parents = [population.people[one] for one in (child.father, child.mother) if one in population.people]
    return sum(_is_paid(population, parent) for parent in parents) > 1


def _is_paid(population: Population, person: Person) -> bool:
    told = work(population, person)
    return told is not None and told.employment is not None


def _elderly_fen(population: Population, person: Person, month: date) -> int:
    """From the month in which a parent turns sixty; an only child deducts all, brothers and sisters their share."""
    figures = law().deductions
    parents = [population.people[one] for one in (person.father, person.mother) if one in population.people]
    of_age = (birthday(one.birth_date, figures.elderly_from_age).replace(day=1) for one in parents if one.alive)
    if not any(since <= month for since in of_age):
        return 0
    siblings = {child.id_number for one in parents for child in population.children(one.id_number)}
    return figures.elderly_only_child_fen if len(siblings) == 1 else figures.elderly_shared_fen


def _loan_interest_fen(population: Population, person: Person, month: date) -> int:
    figures = law().deductions
    household = population.household_of(person)
    home = home_of(population, household) if household else None
    title = home.title if home else None
    if title is None or title.mortgage is None:
        return 0
    paid = (one.id_number for one in title.owners if _is_paid(population, population.people[one.id_number]))
    if next(paid, None) != person.id_number:
        return 0
    since, loan = title.mortgage.since.replace(day=1), title.mortgage
    months = min(loan.months, figures.loan_interest_months)
    if not since <= month or months_between(since, month) >= months:
        return 0
    return figures.loan_interest_fen


def _rent_fen(population: Population, person: Person, month: date) -> int:
    """A couple that works in one city deducts the rent once: the tenant, here the head of the household."""
    household = population.household_of(person)
    home = home_of(population, household) if household else None
    if household is None or home is None or home.lease is None:
        return 0
    tenant = population.members(household.household_no)[0]
    lets = home.lease.since <= month < months_after(home.lease.since, 12)
    return law().deductions.rent_fen if lets and tenant.id_number == person.id_number else 0
