"""A running number for each person, from which unique numbers of papers are made: nobody need remember which are taken."""

from integrations.city.people import Person
from integrations.city.population import Population


def serial_of(population: Population, person: Person) -> str:
    """Give six digits of the household and three of the person's place among all who were ever registered there."""
    household = population.households[person.household_no]
    numbers = [one.id_number for one in population.registered(person.household_no)]
    return f"{household.serial:06d}{numbers.index(person.id_number):03d}"
