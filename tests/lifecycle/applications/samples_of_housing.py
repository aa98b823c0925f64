"""Samples of the stage of housing."""

from collections.abc import Mapping
from typing import Any, Final

from integrations.city.estates import estates, ref
from integrations.city.home_contracts import purchase_contract
from integrations.city.housing_fund import fund_account
from integrations.city.people import Person
from integrations.city.world import City
from tests.makers.applying import Sample


def bought_with_an_account(city: City, person: Person) -> bool:
    """Whether somebody bought a home, and pays into an account on which no loan is left."""
    account = fund_account(city, person) if purchase_contract(city, person) else None
    return account is not None and account.state == "paying" and not account.loans and not account.granted


def _answers(_: City, person: Person) -> Mapping[str, Any]:
    post = {"post": "worker"} if person.sex == "female" else {}
    return post | {
        "phone": "13863800004",
        "amount_fen": 20_000_000,
        "months": 120,
        "method": "equal_principal",
        "income_fen": 900_000,
        "debts_fen": 0,
        "credit_consent": True,
    }


FUND_LOAN: Final = Sample(
    matter="provident_fund_loan_application",
    fits=bought_with_an_account,
    answers=_answers,
    corrected={"amount_fen": 19_000_000},
    licences=("CERT_FUND_LOAN",),
)


def may_inherit_a_home(city: City, person: Person) -> bool:
    """Whether a widowed owner's home still stands in the dead spouse's name too, and nothing bars that somebody inherits."""
    spouse = city.population.people.get(person.spouse or "")
    told = estates(city, person) if spouse is not None and not spouse.alive else None
    if told is None or len(told.homes) != 1 or told.homes[0].seized or told.homes[0].mortgaged:
        return False
    return spouse is not None and told.homes[0].deceased == ref(spouse.id_number)


def to_inherit(city: City, person: Person) -> dict[str, Any]:
    """What an heir fills in who goes by the law."""
    told = estates(city, person)
    return {
        "phone": "13863800004",
        "registry_code": "370602",
        "reason": "inheritance",
        "title_no": told.homes[0].title_no if told else "",
        "will": "none",
        "division": "by_law",
        "all_named": True,
        "no_dispute": True,
    }


PROPERTY_CHANGE: Final = Sample(
    matter="property_change_registration",
    fits=may_inherit_a_home,
    answers=to_inherit,
    corrected={"registry_code": "370613"},
    licences=("CERT_REALESTATE",),
    accepted_days_ago=31,
)
SAMPLES: Final = (FUND_LOAN, PROPERTY_CHANGE)
