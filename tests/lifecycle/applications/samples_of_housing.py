"""Samples of the stage of housing."""

from collections.abc import Mapping
from typing import Any, Final

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
SAMPLES: Final = (FUND_LOAN,)
