"""Samples of the stage of daily life."""

from collections.abc import Mapping
from typing import Any, Final

from app.kernel import clock
from integrations.city.people import ADULT, Person, age_on
from integrations.city.population import REFERENCE
from integrations.city.utilities import heat_supply
from integrations.city.world import City
from lifecycle.rules.heating import next_season
from lifecycle.rules.parameters import shipped
from tests.makers.applying import Sample


def heats(city: City, person: Person) -> bool:
    """An adult whose home is heated and paid for, and can be shut off by itself; the first of their household only."""
    told = heat_supply(city, person) if age_on(person.birth_date, REFERENCE) >= ADULT else None
    members = city.population.members(person.household_no)
    return told is not None and told.standing == "paid" and told.separable and members[0] == person


def stopping(_city: City, _person: Person) -> Mapping[str, Any]:
    """Stop the next season that can be stopped today."""
    season = next_season(shipped().reading(clock.today())).year
    return {"phone": "13863800004", "what": "stop", "season": season, "applies_as": "owner", "visit": "morning"}


HEATING: Final = Sample(
    matter="heating_service", fits=heats, answers=stopping, corrected={"visit": "afternoon"}, by_rule=True
)
SAMPLES: Final = (HEATING,)
