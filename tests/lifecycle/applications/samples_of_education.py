"""Samples of the stage of education."""

from datetime import date, timedelta
from typing import Final

from integrations.city.household_pages import household_page
from integrations.city.people import Person
from integrations.city.school_roll import admitted_of, enrolled_of, school_with
from integrations.city.school_year import plan
from integrations.city.schools import entry_year, school_of
from integrations.city.welfare import social_assistance
from integrations.city.world import City
from tests.makers.applying import Sample, a_parent_of


def the_window_is_open(today: date) -> dict[str, object]:
    """A plan by which children are registered these days."""
    window = {"opens": today - timedelta(days=3), "closes": today + timedelta(days=30)}
    return {"school.primary_window": window, "school.junior_window": window}


def has_a_parent(city: City, person: Person) -> bool:
    """Whether somebody in the city has a parent who is alive."""
    people = city.population.people
    return any(one in people and people[one].alive for one in (person.mother, person.father))


def _enters_school(city: City, person: Person) -> bool:
    if entry_year(person.birth_date) != plan().year or not has_a_parent(city, person):
        return False
    if household_page(city, person) is None or admitted_of(city, person.id_number):
        return False
    code = school_of(city.population, person, "primary")[1]
    return code not in plan().full and school_with(code) is not None


ADMISSION: Final = Sample(
    matter="school_admission",
    fits=_enters_school,
    answers={
        "phone": "13863800002",
        "stage": "primary",
        "address_of": "household",
        "policy": "none",
        "accepts_other": True,
    },
    corrected={"accepts_other": False},
    licences=("CERT_ADMISSION",),
    apply_as=a_parent_of,
    holds=the_window_is_open,
)


def _poor_pupil(city: City, person: Person) -> bool:
    enrolled = enrolled_of(city, person)
    if enrolled is None or enrolled.stage not in {"primary", "junior"} or not has_a_parent(city, person):
        return False
    assistance = social_assistance(city, person)
    return assistance is not None and assistance.living_allowance is not None


AID: Final = Sample(
    matter="education_aid_application",
    fits=_poor_pupil,
    answers={
        "phone": "13863800003",
        "monitored": False,
        "agrees": True,
        "payee": "guardian",
        "bank": "烟台福海银行股份有限公司",
        "account": "6217000012345678901",
    },
    corrected={"account": "6217000012345678902"},
    apply_as=a_parent_of,
    waits=timedelta(days=20),
)
SAMPLES: Final = (ADMISSION, AID)
