"""Numbers of parcels, made of a household's serial and somebody's place in it: no two are the same, and none tells who it is."""

import re
from typing import Final

from integrations.city.people import Person
from integrations.city.population import Population

_DIGITS: Final = re.compile(r"\A[0-9]+\Z")
_SERIAL, _PLACE = 6, 3
BODY: Final = _SERIAL + _PLACE
"""How many digits say whose a number is."""


def body_of(population: Population, person: Person) -> str:
    """Give the digits of somebody who was registered in a household here."""
    place = [one.id_number for one in population.registered(person.household_no)].index(person.id_number)
    return f"{population.households[person.household_no].serial:0{_SERIAL}d}{place:0{_PLACE}d}"


def person_at(population: Population, body: str) -> Person | None:
    """Find whom digits belong to."""
    serial, place = int(body[:_SERIAL]), int(body[_SERIAL:])
    if not 1 <= serial <= len(population.in_order):
        return None
    registered = population.registered(population.in_order[serial - 1])
    return registered[place] if place < len(registered) else None


def with_check(digits: str) -> str:
    """Add the check digit of Luhn (GB/T 17552, ISO/IEC 7812-1)."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(digits))]
    return digits + str(-sum(one // 10 + one % 10 for one in doubled) % 10)


def is_checked(digits: str) -> bool:
    """Say whether digits end with their check digit."""
    return bool(_DIGITS.match(digits)) and with_check(digits[:-1]) == digits
