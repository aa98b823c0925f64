"""The Health Commission's party (WJW) on drivers: the health form that a hospital sent in before a licence ends."""

from datetime import date, timedelta
from typing import Final

from app.kernel import clock
from integrations.city.chance import percent
from integrations.city.people import Person
from integrations.city.population import Population
from integrations.city.registers import Service, of_person
from integrations.city.vehicles import licence_of
from integrations.city.world import City
from integrations.departments.driver_health import DriverHealthForm

_SENT_PERCENT, _FIT_PERCENT = 85, 97
_DAYS_BEFORE_END: Final = range(91, 121)
_HOSPITALS: Final = ("烟台市福海中心医院健康管理中心", "福山区福海健康体检中心", "牟平区福海人民医院体检科")


def driver_health_form(city: City, person: Person) -> DriverHealthForm | None:
    """Tell the form of somebody whose licence ends; nobody else was checked."""
    return form_on(city.population, person, clock.today())


def form_on(population: Population, person: Person, day: date) -> DriverHealthForm | None:
    """Tell the form that has come in by a day: checks are made in the month before a licence may be renewed."""
    licence = licence_of(population, person)
    dice = population.dice("driver_health", person.id_number)
    if licence is None or licence.expires_on is None or not percent(dice, _SENT_PERCENT):
        return None
    told = DriverHealthForm(
        examined_on=licence.expires_on - timedelta(days=dice.choice(_DAYS_BEFORE_END)),
        institution=dice.choice(_HOSPITALS),
        fit=percent(dice, _FIT_PERCENT),
    )
    return told if told.examined_on <= day else None


SERVICES: Final[dict[str, Service]] = {"driver_health_form": of_person(driver_health_form)}
