"""Numbers of candidates and diplomas: made of the household's serial, so that nobody need remember which are taken."""

from integrations.city.people import Person
from integrations.city.population import Population


def student_serial(population: Population, person: Person) -> str:
    """Give nine digits that nobody else has: the household's serial, and the place of somebody in it."""
    home = population.households[person.household_no]
    numbers = [one.id_number for one in population.registered(home.household_no)]
    return f"{home.serial:06d}{numbers.index(person.id_number):03d}"
