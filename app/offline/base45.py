"""Base45 (RFC 9285): bytes in the alphabet that QR codes pack in their alphanumeric mode, three characters for two bytes."""

from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES: Final = {letter: value for value, letter in enumerate(ALPHABET)}
_BASE: Final = 45
_BYTE: Final = 256
_WHOLE: Final = 3
_HALF: Final = 2


class Base45Wrong(ValueError):  # noqa: N818 - named as a fact
    """A text that no bytes are written as."""


def encode(data: bytes) -> str:
    """Write bytes: each pair as three characters, the lowest first, and a last single byte as two."""
    letters = []
    for at in range(0, len(data), 2):
        pair = data[at : at + 2]
        high, low = divmod(int.from_bytes(pair), _BASE)
        letters += [ALPHABET[low], ALPHABET[high % _BASE]]
        if len(pair) == _HALF:
            letters.append(ALPHABET[high // _BASE])
    return "".join(letters)


def decode(text: str) -> bytes:
    """Read what `encode` wrote; refuses (`Base45Wrong`) another letter, a lonely one, and a group that is too large."""
    try:
        values = [_VALUES[letter] for letter in text]
    except KeyError as error:
        raise Base45Wrong from error
    decoded = bytearray()
    for at in range(0, len(values), _WHOLE):
        decoded += _group(values[at : at + _WHOLE])
    return bytes(decoded)


def _group(values: list[int]) -> bytes:
    size = len(values) - 1
    number = 0
    for value in reversed(values):
        number = number * _BASE + value
    if size < 1 or number >= _BYTE**size:
        raise Base45Wrong
    return number.to_bytes(size)
