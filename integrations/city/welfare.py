"""The civil affairs party (MZJ) on assistance and allowances: as the register of civil status has them."""

from datetime import date
from typing import Final

import msgspec

from app.kernel import clock
from integrations.city import old_age_allowance
from integrations.city.civil import LIVING_STANDARD_FEN, Civil, assistance_of, civil
from integrations.city.days import months_after, years_after
from integrations.city.people import Household, Person
from integrations.city.population import REFERENCE, Population
from integrations.city.registers import Service, listed, of_person
from integrations.city.world import City
from integrations.departments.welfare import (
    Allowance,
    AllowanceKind,
    AssistancePaid,
    LivingAllowance,
    SocialAssistance,
    WelfareAllowances,
)

_GRANTED_WITHIN_MONTHS: Final = 36
_PAID_ON_DAY: Final = 10


class WelfareFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is paid, and by which rule."""

    disabled_living_fen: int
    disabled_care_fen: dict[str, int]
    assistance_percent: dict[str, int]
    basis: dict[AllowanceKind, str]


def figures() -> WelfareFigures:
    """Give the figures in force."""
    known: WelfareFigures = listed("welfare", WelfareFigures)
    return known


def social_assistance(city: City, person: Person) -> SocialAssistance | None:
    """Tell whether somebody's household gets the minimum living allowance; of nobody without a household here anything is known."""
    household = city.population.household_of(person)
    if household is None or not person.alive:
        return None
    return SocialAssistance(LIVING_STANDARD_FEN, _living_allowance(city.population, household))


def granted_on(population: Population, household: Household) -> date:
    """Draw since when a household gets the allowance: the first of a month in the last three years."""
    months = population.dice("assistance granted", household.household_no).randrange(_GRANTED_WITHIN_MONTHS)
    return months_after(REFERENCE.replace(day=1), -months)


def _living_allowance(population: Population, household: Household) -> LivingAllowance | None:
    given = assistance_of(population, household)
    if given is None:
        return None
    granted, today = granted_on(population, household), clock.today()
    review = next(day for years in range(1, 200) if (day := years_after(granted, years)) >= today)
    months = (date(today.year, month, 1) for month in range(1, today.month + 1))
    paid = (one for one in months if one >= granted and one.replace(day=_PAID_ON_DAY) <= today)
    return LivingAllowance(
        people=given.people,
        income_fen=given.income_fen,
        monthly_fen=given.monthly_fen,
        granted_on=granted,
        review_on=review,
        payments=tuple(AssistancePaid(month, given.monthly_fen) for month in paid),
    )


def welfare_allowances(city: City, person: Person) -> WelfareAllowances | None:
    """Tell somebody's allowances; of nobody without a household here anything is known."""
    known = civil(city.population, person)
    if known is None:
        return None
    found = [
        *_senior(city, person),
        *_disabled(known),
        *_given("orphan", known.orphan_allowance_fen, orphan_since(city.population, person)),
    ]
    return WelfareAllowances(tuple(found))


def orphan_since(population: Population, person: Person) -> date | None:
    """Give the day on which a child's second parent died, where the register knows it."""
    parents = [population.people[one] for one in (person.father, person.mother) if one in population.people]
    days = [one.died_on for one in parents if one.died_on is not None]
    return max(days) if person.guardian and days else None


def _senior(city: City, person: Person) -> list[Allowance]:
    given = old_age_allowance.drawn(city, person)
    return [] if given is None else _given("senior", *given)


def _disabled(known: Civil) -> list[Allowance]:
    """Hardship brings the living subsidy, which no orphan gets beside their own; levels 1 and 2 bring the one for care (国发〔2015〕52号)."""
    if known.disability is None:
        return []
    in_hardship = known.assistance is not None and not known.orphan_allowance_fen
    care = figures().disabled_care_fen.get(str(known.disability.level), 0)
    return [
        *_given("disabled_living", figures().disabled_living_fen if in_hardship else 0, None),
        *_given("disabled_care", care, None),
    ]


def _given(kind: AllowanceKind, monthly_fen: int, since: date | None) -> list[Allowance]:
    return [Allowance(kind, monthly_fen, since, figures().basis[kind])] if monthly_fen else []


SERVICES: Final[dict[str, Service]] = {
    "social_assistance": of_person(social_assistance),
    "welfare_allowances": of_person(welfare_allowances),
}
