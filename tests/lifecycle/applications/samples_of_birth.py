"""Samples of the stage of birth."""

import secrets
from datetime import timedelta
from typing import Any, Final

import msgspec

from app.kernel import clock
from integrations.city.childcare import childcare_subsidy
from integrations.city.days import years_after
from integrations.city.people import Person, age_on
from integrations.city.world import City
from tests.makers.applying import Applicant, Sample, the_town
from tests.makers.city import Town
from tests.makers.people import ZHIFU, a_guardian_of, a_newborn, a_resident

_CHILDBEARING: Final = range(20, 50)


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


def may_give_birth(city: City, person: Person) -> bool:
    """A woman of another division than the demo's: the demo's children in other towns of these tests have the numbers of theirs."""
    return (
        person.sex == "female"
        and person.division_code != ZHIFU
        and city.population.household_of(person) is not None
        and age_on(person.birth_date, clock.today()) in _CHILDBEARING
    )


async def a_child_registered_since(town: Town, mother: Person) -> dict[str, Any]:
    """A child of the mother, born and registered with the police in the running city just now: what the police said of it."""
    certificate = (await town.control("POST", "births", mother_id_number=mother.id_number, sex="female")).json()
    child = {"name": f"{mother.name[0]}安然", "sex": "female", "born_at": certificate["child"]["born_at"]}
    said = await town.ask(
        "gaj",
        "register_birth",
        case_number=f"YT{secrets.randbelow(10**12):012d}",
        certificate_no=certificate["certificate_no"],
        child=child | {"ethnicity_code": "01"},
        follow_id_number=mother.id_number,
        household_no=mother.household_no,
    )
    assert said.status == "ok", said
    return child | msgspec.json.decode(said.body, type=dict[str, Any])


async def a_guardian_of_a_new_child(mother: Person) -> Applicant:
    """The mother, applying for a child that was registered just now."""
    said = await a_child_registered_since(the_town(), mother)
    known = {"name": said["name"], "id_number": said["id_number"], "division_code": said["division_code"]}
    child = await a_resident(**known, sex="female", birth_date=clock.today())
    return Applicant(await a_guardian_of(child, name=mother.name, id_number=mother.id_number), child)


NEWBORN_INSURANCE: Final = Sample(
    matter="newborn_medical_insurance",
    fits=may_give_birth,
    answers={"phone": "13863800002"},
    corrected={"phone": "13863800003"},
    licences=("CERT_MEDICAL_INSURANCE",),
    by_rule=True,
    apply_as=a_guardian_of_a_new_child,
)
SAMPLES: Final = (SUBSIDY, FERTILITY, NEWBORN_INSURANCE)
