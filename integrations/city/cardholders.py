"""The Big Data Bureau (BIGDATA) on citizen cards: who holds which, by the number on the card's face."""

from typing import Final

from integrations.city.chance import one_in, percent
from integrations.city.numbers import body_of, with_check
from integrations.city.people import Person
from integrations.city.population import Population
from integrations.city.registers import AboutPerson, Service, of_person_asked
from integrations.city.world import City
from integrations.departments.cardholders import CardHolder, CardNumber, CardState

HOLDS_PERCENT: Final = 80
_LOST_ONE_IN: Final = 50
_ISSUER: Final = "370600"


class AboutCard(AboutPerson, frozen=True, forbid_unknown_fields=True):
    """Is this person the holder of the card with this number?"""

    card_no: CardNumber


def card_no(population: Population, person: Person) -> str | None:
    """Give the number of somebody's card: the issuer, who it is in digits that tell nobody, and a check digit (Luhn)."""
    if not person.alive or population.household_of(person) is None:
        return None
    if not percent(population.dice("citizen_card", person.id_number), HOLDS_PERCENT):
        return None
    return with_check(_ISSUER + body_of(population, person))


def state_of(population: Population, person: Person) -> CardState:
    """Say whether a card is in use or reported lost."""
    return "lost" if one_in(population.dice("citizen_card_state", person.id_number), _LOST_ONE_IN) else "active"


def card_holder(city: City, person: Person, asked: AboutCard) -> CardHolder | None:
    """Answer yes or no; of who holds no card at all nothing is known."""
    number = card_no(city.population, person)
    if number is None:
        return None
    held = number == asked.card_no
    return CardHolder(held, state_of(city.population, person) if held else None)


SERVICES: Final[dict[str, Service]] = {"card_holder": of_person_asked(AboutCard, card_holder)}
