"""The first identity card (居民身份证法, articles 2 and 7). Pure."""

from datetime import date

from lifecycle.rules.ages import Span, birthday_on
from lifecycle.rules.parameters import Reading


def first_card(born: date, reading: Reading) -> tuple[date, date]:
    """The birthday from which a card must be had, and the day by which it is asked for."""
    reached = birthday_on(born, reading.number("identity_card.first_at"), reading)
    return reached, Span.read(reading.text("identity_card.first_within")).after(reached)
