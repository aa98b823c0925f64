"""The healthcare security party (YBJ) on newborns: who is drawn is insured; who was born and registered since isn't until enrolled."""

from datetime import date
from typing import Final

import msgspec

from app.kernel import clock
from integrations.city.births import birth_of
from integrations.city.contribution_rates import rates
from integrations.city.days import months_after, years_after
from integrations.city.figures import number
from integrations.city.orders import Ordered, done, of_order
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person
from integrations.city.registers import Service
from integrations.city.world import City
from integrations.departments.health_insurance import NewbornEnrolled

ENROL: Final = "enrol_newborn"


class ToEnrol(Ordered, frozen=True):
    """A newborn to enrol with the residents' insurance; without a household here by a residence permit."""

    holds_permit: bool


def is_insured(city: City, person: Person) -> bool:
    """Say whether somebody is insured: all but children registered since the city was drawn whom nobody enrolled."""
    return birth_of(city, person.id_number) is None or enrolment(city, person) is not None


def enrolment(city: City, person: Person) -> NewbornEnrolled | None:
    """Give what came of a newborn's enrolment, if it was enrolled."""
    made = done(city, ENROL, person.id_number)
    return msgspec.convert(made[-1].told, NewbornEnrolled) if made else None


def enrolled_on(city: City, person: Person) -> date | None:
    """The day on which a newborn was enrolled."""
    made = done(city, ENROL, person.id_number)
    return made[-1].day if made else None


def enrol(city: City, person: Person, ordered: ToEnrol) -> NewbornEnrolled:
    """Enrol a newborn. Refuses `insured_already`, `not_a_newborn`, and `no_household_here` without a residence permit."""
    today = clock.today()
    if is_insured(city, person):
        raise QuestionRefused("insured_already")
    if today >= years_after(person.birth_date, 1):
        raise QuestionRefused("not_a_newborn")
    if city.population.household_of(person) is None and not ordered.holds_permit:
        raise QuestionRefused("no_household_here")
    since = _covered_from(person.birth_date, today)
    until = date(max(today, since).year, 12, 31)
    yearly = rates().resident.medical_year_fen["newborn"]
    return NewbornEnrolled(since, until, yearly * (until.year - since.year + 1))


def _covered_from(born: date, today: date) -> date:
    if today <= months_after(born, number("newborn_insurance.window_months")):
        return born
    return months_after(today, number("newborn_insurance.waiting_months"))


SERVICES: Final[dict[str, Service]] = {ENROL: of_order(ENROL, ToEnrol, enrol)}
