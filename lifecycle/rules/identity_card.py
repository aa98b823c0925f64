"""The identity card (居民身份证法, articles 2, 5, 7 and 12): the first one, and for how long a card is valid. Pure."""

from datetime import date

import msgspec

from lifecycle.rules.ages import Span, birthday_on
from lifecycle.rules.parameters import Reading


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a card is valid that is applied for from an age on; no term means for good (长期)."""

    from_age: int
    term: str | None = None


def first_card(born: date, reading: Reading) -> tuple[date, date]:
    """The birthday from which a card must be had, and the day by which it is asked for."""
    reached = birthday_on(born, reading.number("identity_card.first_at"), reading)
    return reached, Span.read(reading.text("identity_card.first_within")).after(reached)


def term_of(born: date, applied_on: date, reading: Reading) -> Span | None:
    """How long a card is valid that is applied for on a day, by the age on it; none means for good."""
    terms = reading.get("identity_card.terms", tuple[Term, ...])
    reached = [one for one in terms if birthday_on(born, one.from_age, reading) <= applied_on]
    text = (reached or list(terms))[-1 if reached else 0].term
    return None if text is None else Span.read(text)


def issued_by(applied_on: date, reading: Reading) -> date:
    """The day by which a card is handed out that is applied for on a day (article 12)."""
    return Span.read(reading.text("identity_card.issued_within")).after(applied_on)
