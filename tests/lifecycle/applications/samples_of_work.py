"""Samples of the stage of work."""

from typing import Final

from integrations.city.labour_records import unemployment_record
from integrations.city.people import Person
from integrations.city.world import City
from tests.makers.applying import Sample


def _lost_work(city: City, person: Person) -> bool:
    told = unemployment_record(city, person)
    return told is not None and told.registered_on is None


UNEMPLOYMENT: Final = Sample(
    matter="employment_unemployment_cert",
    fits=_lost_work,
    answers={"phone": "13863800001", "seeking": "same", "wants_work": True},
    corrected={"seeking": "training"},
    licences=("CERT_EMPLOYMENT",),
    by_rule=True,
)
SAMPLES: Final = (UNEMPLOYMENT,)
