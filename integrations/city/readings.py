"""What was measured at somebody's visits: a few values for each diagnosis, the same whenever they are asked for."""

from datetime import date

import msgspec

from integrations.city.medical import Visit
from integrations.city.people import Person
from integrations.city.population import Population
from integrations.city.registers import listed


class Measured(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is measured for a diagnosis, and between which values it is drawn, in tenths of the unit."""

    for_code: str
    code: str
    name: str
    unit: str
    ucum: str
    reference: str
    lowest: int
    highest: int
    step: int


class MeasuredList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that is measured."""

    items: tuple[Measured, ...]


class Reading(msgspec.Struct, frozen=True):
    """One value, in tenths of its unit."""

    on: date
    what: Measured
    tenths: int


def measured() -> tuple[Measured, ...]:
    """Give what is measured, for each diagnosis."""
    known: MeasuredList = listed("readings", MeasuredList)
    return known.items


def readings(population: Population, person: Person, visits: tuple[Visit, ...]) -> tuple[Reading, ...]:
    """Draw what was measured at somebody's visits."""
    drawn = []
    for place, visit in enumerate(visits):
        dice = population.dice("reading", f"{person.id_number}:{visit.visited_on}:{place}")
        for what in measured():
            if what.for_code == visit.diagnosis_code:
                tenths = dice.randrange(what.lowest, what.highest + 1, what.step)
                drawn.append(Reading(visit.visited_on, what, tenths))
    return tuple(drawn)
