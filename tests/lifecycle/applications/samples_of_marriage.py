"""Samples of the stage of marriage."""

from collections.abc import Mapping
from typing import Any, Final

from app.kernel import clock
from integrations.city.marriages import divorce, marriage
from integrations.city.people import Person, age_on
from integrations.city.world import City
from tests.makers.applying import Sample
from tests.makers.city_people import somebody_new

OLD_ENOUGH: Final = 22


def is_single(city: City, person: Person) -> bool:
    """Whether the register has somebody of 22 or over as unmarried."""
    told = marriage(city, person) if age_on(person.birth_date, clock.today()) >= OLD_ENOUGH else None
    return told is not None and told.marital_code == "10"


def is_single_man(city: City, person: Person) -> bool:
    """Whether the register has a man as unmarried."""
    return person.sex == "male" and is_single(city, person)


def is_single_woman(city: City, person: Person) -> bool:
    """Whether the register has a woman as unmarried."""
    return person.sex == "female" and is_single(city, person)


def is_husband(city: City, person: Person) -> bool:
    """Whether a man's marriage is in force, and no divorce was applied for."""
    told = divorce(city, person) if person.sex == "male" else None
    return told is not None and told.marital_code == "20" and told.application is None


def to_marry(partner: Person) -> dict[str, Any]:
    """What somebody fills in who marries a partner."""
    return {
        "phone": "13863800001",
        "partner_name": partner.name,
        "partner_id_number": partner.id_number,
        "registry_code": "370602",
        "free_will": True,
        "no_spouse": True,
        "not_related": True,
        "illness_told": True,
    }


def _with_a_bride(city: City, person: Person) -> Mapping[str, Any]:
    return to_marry(somebody_new(is_single_woman))


def to_part(city: City, person: Person) -> dict[str, Any]:
    """What somebody fills in who parts from their spouse."""
    return {
        "phone": "13863800001",
        "partner_id_number": city.population.people[person.spouse or ""].id_number,
        "registry_code": "370602",
        "both_want": True,
        "minor_children": True,
        "lives_with": "other",
        "support": "每月1500元，每月5日前支付；每周六探望。",
        "property_terms": "房屋归女方，车辆归男方。",
        "debt_terms": "无共同债务。",
    }


MARRIAGE: Final = Sample(
    matter="marriage_registration",
    fits=is_single_man,
    answers=_with_a_bride,
    corrected={"registry_code": "370613"},
    licences=("CERT_MARRIAGE",),
)
DIVORCE: Final = Sample(
    matter="divorce_registration",
    fits=is_husband,
    answers=to_part,
    corrected={"debt_terms": "车贷由男方清偿。"},
    licences=("CERT_DIVORCE",),
    accepted_days_ago=31,
)
SAMPLES: Final = (MARRIAGE, DIVORCE)
