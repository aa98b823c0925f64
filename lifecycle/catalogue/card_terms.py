"""How long an identity card is valid that is applied for on a day, and from when until when the first one is asked for."""

from datetime import date
from typing import Final

from app.kernel.structs import View
from app.kernel.words import Words
from lifecycle.rules import identity_card
from lifecycle.rules.ages import full_age, leap_policy
from lifecycle.rules.parameters import ParameterUnknown, Reading

FOR_GOOD: Final = Words(zh="长期", en="for good")


class CardTerm(View, frozen=True, kw_only=True):
    """A card that is applied for on a day: its term, and its last day if it were issued that day; none, if it is valid for good.

    `issued_by` is the day by which it is handed out; `first_from` and `first_until` are when the first card is asked for.
    """

    applied_on: date
    issued_by: date
    term: Words
    valid_until: date | None
    first_from: date
    first_until: date


def card_term(born: date, reading: Reading) -> CardTerm | None:
    """The card that is applied for on the reading's day; none, where no law of that day is on file."""
    try:
        term = identity_card.term_of(born, reading.as_of, reading)
        issued_by = identity_card.issued_by(reading.as_of, reading)
        first_from, first_until = identity_card.first_card(born, reading)
    except ParameterUnknown:
        return None
    return CardTerm(
        applied_on=reading.as_of,
        issued_by=issued_by,
        term=FOR_GOOD if term is None else term.words,
        valid_until=None if term is None else term.after(reading.as_of),
        first_from=first_from,
        first_until=first_until,
    )


def in_words(card: CardTerm, born: date, reading: Reading) -> Words:
    """Say by which age and article."""
    age = full_age(born, card.applied_on, leap_policy(reading))
    return Words(
        zh=f"{card.applied_on}申领身份证时{age}周岁，有效期{card.term.zh}（居民身份证法第五条），{card.issued_by}前发放（第十二条）；首次申领应在年满十六周岁起三个月内，即{card.first_from}至{card.first_until}（第七条）。",
        en=f"Aged {age} when a card is applied for on {card.applied_on}: valid {card.term.en} (Identity Card Law, article 5), handed out by {card.issued_by} (article 12). The first card is due from the sixteenth birthday, {card.first_from}, until {card.first_until} (article 7).",
    )
