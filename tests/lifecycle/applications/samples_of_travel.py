"""Samples of the stage of travel."""

from typing import Final

from integrations.city.driver_health import driver_health_form
from integrations.city.driving import driver_licence
from integrations.city.people import Person
from integrations.city.world import City
from tests.makers.applying import Sample


def may_renew(city: City, person: Person) -> bool:
    """Whose licence ends within ninety days, with a fresh health form and nothing in the way."""
    told, form = driver_licence(city, person), driver_health_form(city, person)
    return told is not None and told.state == "renewable" and not told.unsettled and form is not None and form.fit


RENEWAL: Final = Sample(
    matter="driver_service",
    by_rule=True,
    fits=may_renew,
    answers={"phone": "13863800002", "healthy": True},
    corrected={"phone": "13863800003"},
    licences=("CERT_DRIVING",),
)
SAMPLES: Final = (RENEWAL,)
