"""Samples of the stage of medical care."""

from datetime import timedelta
from typing import Any, Final

from app.kernel import clock
from integrations.city.medical import medical
from integrations.city.people import Person, age_on
from integrations.city.world import City
from tests.makers.applying import Sample

ADULT: Final = 18


def _insured_adult(city: City, person: Person) -> bool:
    return medical(city.population, person) is not None and age_on(person.birth_date, clock.today()) >= ADULT


def a_hospital_bill(_: City, __: Person) -> dict[str, Any]:
    """What somebody writes of a stay in hospital elsewhere that ended three days ago."""
    last = clock.today() - timedelta(days=3)
    return {
        "phone": "13863800006",
        "institution": "青岛市某人民医院",
        "tier": "tier3",
        "care": "inpatient",
        "from_on": (last - timedelta(days=7)).isoformat(),
        "discharged_on": last.isoformat(),
        "where": "referral",
        "why_cash": "not_connected",
        "others_liable": False,
        "total_fen": 3_000_000,
        "excluded_fen": 200_000,
        "prepay_fen": 100_000,
        "bank": "烟台银行股份有限公司",
        "account": "6223190000000000005",
    }


REIMBURSEMENT: Final = Sample(
    matter="medical_insurance_reimbursement",
    fits=_insured_adult,
    answers=a_hospital_bill,
    corrected={"excluded_fen": 250_000},
)
SAMPLES: Final = (REIMBURSEMENT,)
