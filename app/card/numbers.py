"""Card numbers: 19 digits that say where the card lives, and catch a mistyped digit.

`3706` (the city's code), the owner's shard in four digits, ten random digits, and a check digit (ISO/IEC 7812-1, Luhn).
"""

import secrets
from typing import Final

_CITY: Final = "3706"
_RANDOM_DIGITS: Final = 10
_LENGTH: Final = 19
_SHOWN: Final = 4


def new_card_number(shard: int) -> str:
    """A new number in a shard (0–4095)."""
    payload = f"{_CITY}{shard:04d}{secrets.randbelow(10**_RANDOM_DIGITS):0{_RANDOM_DIGITS}d}"
    return payload + luhn_digit(payload)


def luhn_digit(payload: str) -> str:
    """The check digit of a row of digits (ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(payload)))
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def is_card_number(text: str) -> bool:
    """Say whether a text is a card number of this city, by its length, its digits and its check digit."""
    whole = len(text) == _LENGTH and text.isascii() and text.isdigit() and text.startswith(_CITY)
    return whole and text[-1] == luhn_digit(text[:-1])


def masked_number(number: str) -> str:
    """**** 1234: all that a receipt shows of a card."""
    return masked(last_digits(number))


def last_digits(number: str) -> str:
    """The last four digits of a number."""
    return number[-_SHOWN:]


def masked(digits: str) -> str:
    """A number of which only the last digits are known."""
    return f"**** {digits}"
