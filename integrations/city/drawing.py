"""A city is drawn: household after household, each by a generator of its own.

What was drawn first stays as it is in a larger city of the same seed.
"""

from collections.abc import Callable
from typing import Final

from integrations.city import households, other_households
from integrations.city.chance import chance, weighted
from integrations.city.demo_people import add_demo_people
from integrations.city.divisions import DIVISIONS
from integrations.city.households import Lot
from integrations.city.population import Population

_DIVISIONS: Final = tuple((division, division.weight) for division in DIVISIONS)
_HOUSEHOLDS: Final[tuple[tuple[Callable[[Lot], None], int], ...]] = (
    (households.add_single, 110),
    (households.add_young_couple, 90),
    (households.add_couple_left_alone, 170),
    (households.add_family, 260),
    (households.add_three_generations, 90),
    (households.add_elders, 150),
    (households.add_elders_near_their_child, 50),
    (households.add_elder_alone, 80),
    (other_households.add_divorced, 30),
    (other_households.add_widowed_parent, 10),
    (other_households.add_orphans, 4),
    (other_households.add_students, 24),
    (other_households.add_workers, 24),
)
"""How often each kind of household is drawn; invented, near to the shares of an ageing city on the coast."""


def draw(seed: int, people: int) -> Population:
    """Draw at least `people` people (the last household is never cut); the four demo people come first."""
    population = Population(seed)
    add_demo_people(population)
    serial = 0
    while len(population.people) < people:
        serial += 1
        dice = chance(seed, "household", str(serial))
        division = weighted(dice, _DIVISIONS)
        weighted(dice, _HOUSEHOLDS)(Lot(population, division, dice))
    return population
