"""The health party (WJW) on whether a child has had what was due: by the doses that it keeps, and the city's schedule of birth years."""

from typing import Final

from app.kernel import clock
from integrations.city.births import doses_of
from integrations.city.days import months_after
from integrations.city.immunisations import RECORDS_UP_TO_AGE, VACCINES, planned
from integrations.city.people import Person, age_on
from integrations.city.population import REFERENCE
from integrations.city.registers import Service, of_person
from integrations.city.world import City
from integrations.departments.vaccination_checks import VaccinationCheck


def vaccination_check(city: City, person: Person) -> VaccinationCheck | None:
    """Tell what is missing of the doses that were due by the reference day; of older people there is no record."""
    if age_on(person.birth_date, REFERENCE) > RECORDS_UP_TO_AGE or not person.alive:
        return None
    given = {(dose.vaccine, dose.dose_no) for dose in doses_of(city, person)}
    missing = tuple(
        f"{VACCINES[vaccine]}第{place}剂"
        for vaccine, ages in planned(person).items()
        for place, months in enumerate(ages, 1)
        if months_after(person.birth_date, months) <= REFERENCE and (vaccine, place) not in given
    )
    return VaccinationCheck(checked_on=clock.today(), complete=not missing, missing=missing)


SERVICES: Final[dict[str, Service]] = {"vaccination_check": of_person(vaccination_check)}
