"""Samples of the stage of birth."""

from datetime import timedelta
from typing import Final

from app.kernel import clock
from integrations.city.childcare import childcare_subsidy
from integrations.city.days import years_after
from integrations.city.people import Person, age_on
from integrations.city.world import City
from tests.makers.applying import Applicant, Sample
from tests.makers.people import a_guardian_of, a_newborn


def _without_subsidy(city: City, person: Person) -> bool:
    told = childcare_subsidy(city, person)
    still = years_after(person.birth_date, 3) > clock.today()
    return told is not None and told.granted_on is None and still and person.birth_date.year > 2025


async def _as_guardian(person: Person) -> Applicant:
    child = await a_newborn(
        name=person.name,
        id_number=person.id_number,
        birth_date=person.birth_date,
        sex=person.sex,
        division_code=person.division_code[:6],
    )
    return Applicant(await a_guardian_of(child, 2), child)


def _adult(city: City, person: Person) -> bool:
    return (
        age_on(person.birth_date, clock.today()) in range(22, 45) and city.population.household_of(person) is not None
    )


ACCOUNT: Final = {"bank": "烟台银行芝罘支行", "account_no": "6217000000000000018"}
SUBSIDY: Final = Sample(
    matter="childcare_subsidy",
    fits=_without_subsidy,
    answers={"phone": "13863800002", **ACCOUNT},
    corrected={"account_no": "6217000000000000026"},
    by_rule=True,
    apply_as=_as_guardian,
)
FERTILITY: Final = Sample(
    matter="birth_registration_service",
    fits=_adult,
    answers=lambda _city, _person: {
        "phone": "13863800003",
        "plan": "pregnant",
        "expected_on": (clock.today() + timedelta(days=150)).isoformat(),
        "declaration": True,
    },
    corrected={"partner_name": "王建国"},
    licences=("CERT_FERTILITY",),
    by_rule=True,
)
SAMPLES: Final = (SUBSIDY, FERTILITY)
