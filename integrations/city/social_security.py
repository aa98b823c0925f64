"""The social security party (RSJ): what its registers say of people, and what it publishes."""

from typing import Final

from integrations.city.employment import work
from integrations.city.people import Person
from integrations.city.registers import Service, of_person
from integrations.city.world import City
from integrations.departments.social_security import Insurance, SocialInsurance


def social_insurance(city: City, person: Person) -> SocialInsurance | None:
    """Tell what was paid for somebody; of who never worked nothing is known."""
    known = work(city.population, person)
    if known is None or not known.contributions:
        return None
    job = known.employment
    return SocialInsurance(
        employer=job.employer.name if job else None,
        insured_since=job.since if job else None,
        insurances=tuple(
            Insurance(one.insurance_code, one.months, one.base_fen)  # type: ignore[arg-type]
            for one in known.contributions
        ),
    )


SERVICES: Final[dict[str, Service]] = {"social_insurance": of_person(social_insurance)}
