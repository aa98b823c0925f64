"""Samples of the stage of social security."""

import secrets
from typing import Final

from app.kernel import clock
from integrations.city.labour_records import left_work
from integrations.city.old_age_allowance import drawn
from integrations.city.people import Person, age_on
from integrations.city.world import City
from integrations.departments.labour_records import REGISTER_UNEMPLOYMENT, UNEMPLOYMENT_RECORD
from tests.makers.applying import Applicant, Sample, the_town, told_of
from tests.makers.city_people import a_citizen_of

LEAST_MONTHS: Final = 12
FROM_AGE: Final = 80


def _lost_insured_work(city: City, person: Person) -> bool:
    left = left_work(city, person)
    return (
        left is not None
        and left.registered_on is None
        and left.reason != "resigned"
        and left.contributed_months >= LEAST_MONTHS
    )


async def registered(person: Person) -> None:
    """Have the running city register somebody as unemployed."""
    record = await told_of(UNEMPLOYMENT_RECORD, person.id_number)
    assert record is not None
    said = await the_town().ask(
        "rsj",
        REGISTER_UNEMPLOYMENT.service,
        case_number=f"YT{secrets.randbelow(10**12):012d}",
        id_number=person.id_number,
        ended_on=record.ended_on.isoformat(),
        seeking="same",
        division_code=person.division_code,
    )
    assert said.status == "ok", said


async def who_is_registered(person: Person) -> Applicant:
    """The person, registered as unemployed just now."""
    await registered(person)
    citizen = await a_citizen_of(person)
    return Applicant(citizen, citizen.id)


UNEMPLOYMENT_BENEFIT: Final = Sample(
    matter="unemployment_insurance",
    fits=_lost_insured_work,
    answers={
        "phone": "13863800004",
        "without_work": True,
        "bank": "烟台银行股份有限公司",
        "account": "6223190000000000001",
    },
    corrected={"account": "6223190000000000002"},
    apply_as=who_is_registered,
)


def _is_owed_the_old_age_allowance(city: City, person: Person) -> bool:
    return (
        city.population.household_of(person) is not None
        and age_on(person.birth_date, clock.today()) >= FROM_AGE
        and drawn(city, person) is None
    )


OLD_AGE_ALLOWANCE: Final = Sample(
    matter="social_welfare_info",
    by_rule=True,
    fits=_is_owed_the_old_age_allowance,
    answers={"phone": "13863800005", "bank": "烟台银行股份有限公司", "account": "6223190000000000003"},
    corrected={"account": "6223190000000000004"},
)
SAMPLES: Final = (OLD_AGE_ALLOWANCE, UNEMPLOYMENT_BENEFIT)
