"""What the health party (WJW) and market regulation (SCJG) publish as it stands in lists: inspections, alerts, notices, check-ups."""

from datetime import date
from typing import Final

import msgspec

from app.kernel import clock
from integrations.city.registers import Service, listed, of_everybody
from integrations.city.world import City
from integrations.departments.food_and_drugs import Notices
from integrations.departments.health_inspection import HealthAlerts, InspectedPlace, InspectedPlaces
from integrations.departments.prevention import CheckupInstitutions


def inspected_places(_: City) -> InspectedPlaces:
    """Tell every inspected place, with its licence as it stands today."""
    known: InspectedPlaces = listed("inspected_places", InspectedPlaces)
    today = clock.today()
    return InspectedPlaces(tuple(as_of(one, today) for one in known.items))


def as_of(place: InspectedPlace, day: date) -> InspectedPlace:
    """Let a licence that has run out be expired."""
    if place.licence_state == "valid" and place.licence_until is not None and place.licence_until < day:
        return msgspec.structs.replace(place, licence_state="expired")
    return place


HEALTH_SERVICES: Final[dict[str, Service]] = {
    "inspected_places": of_everybody(inspected_places),
    "health_alerts": of_everybody(lambda _: listed("health_alerts", HealthAlerts)),
    "checkup_institutions": of_everybody(lambda _: listed("checkup_institutions", CheckupInstitutions)),
}
MARKET_SERVICES: Final[dict[str, Service]] = {
    "food_drug_notices": of_everybody(lambda _: listed("food_drug_notices", Notices)),
}
