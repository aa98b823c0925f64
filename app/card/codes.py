"""The code that a payer shows at a terminal: made by the server, for one minute and one payment.

It is authenticated encryption (AES-256-GCM) of its own id, the card, its end and who shows it, under a key that only the server has: a
terminal learns nothing from it, two codes of one card can't be linked, and a changed code isn't a code. Upper-case base32,
119 characters, which a QR code packs in its alphanumeric mode.
"""

import base64
import struct
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, Protocol
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.card.errors import PayerCodeWrong
from app.kernel import clock
from app.kernel.ids import id_from, new_id
from app.keys.master import MasterKey, master_key
from app.keys.sealing import SealBroken, seal, unseal

LIVES: Final = timedelta(seconds=60)
_PURPOSE: Final = "card/payer-code"
_PLACE: Final = b"payer-code"
_CONTENT: Final = struct.Struct(">16s16sQB")
_DIGITS_AT: Final = 48
"""Milliseconds since 1970 take 48 bits for the next eight thousand years; the four digits stand above them."""
_MILLISECONDS: Final = (1 << _DIGITS_AT) - 1
_BITS: Final = 5
_LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_DIGITS: Final = bytes.maketrans(
    bytes(byte for byte in range(256) if byte not in _LETTERS) + _LETTERS,
    b"!" * (256 - len(_LETTERS)) + b"0123456789abcdefghijklmnopqrstuv",
)
"""From RFC 4648's alphabet to the digits of Python's base 32; all else becomes what isn't a digit."""


@lru_cache(maxsize=4)
def _cipher(key: bytes | None) -> AESGCM | None:
    return None if key is None else AESGCM(key)


class Code(msgspec.Struct, frozen=True):
    """A code's content: its own id (in the card's shard), the card, when it ends, and who shows it.

    That is whether it is a new device, and at which level of assurance: limits go by both. One that doesn't say counts as the lowest.
    """

    id: UUID
    card_id: UUID
    expires_at: datetime
    new_device: bool = False
    level: int = 0
    digits: str = "0000"
    """The last four of the card's number, which stand on the receipt."""

    def shown_before(self, moment: datetime | None) -> bool:
        """Whether it was made before a moment from which on nothing older counts; its beginning is known to the millisecond."""
        return moment is not None and self.expires_at - LIVES < moment


def new_code(card_id: UUID, at: datetime, *, new_device: bool = False, level: int = 0, digits: str = "0000") -> Code:
    """A new code of a card; it ends a minute after `at`, on a whole millisecond."""
    ends = at + LIVES
    whole = ends.replace(microsecond=ends.microsecond // 1000 * 1000)
    return Code(new_id(card_id), card_id, whole, new_device, level, digits)


def write_code(code: Code, *, master: MasterKey | None = None) -> str:
    """The text that is shown."""
    keys = master or master_key()
    content = _CONTENT.pack(
        *(
            code.id.bytes,
            code.card_id.bytes,
            int(code.digits) << _DIGITS_AT | round(code.expires_at.timestamp() * 1000),
        ),
        code.level << 1 | code.new_device,
    )
    version, key = keys.sealing(_PURPOSE)
    sealed = seal(key, version, _PLACE, content)
    return _text_of(sealed)


def read_code(text: str, *, master: MasterKey | None = None) -> Code:
    """What a text that was read stands for; refuses (`PayerCodeWrong`) what we didn't write. The end isn't judged here."""
    keys = master or master_key()
    try:
        sealed = _bytes_of(text)
        content = unseal(lambda version: _cipher(keys.derived(_PURPOSE, version)), _PLACE, sealed)
    except (SealBroken, ValueError) as error:
        raise PayerCodeWrong from error
    code_id, card_id, ends_and_digits, shown_by = _CONTENT.unpack(content)
    ends = clock.from_epoch_micros((ends_and_digits & _MILLISECONDS) * 1000)
    return Code(
        id_from(code_id),
        id_from(card_id),
        ends,
        bool(shown_by & 1),
        shown_by >> 1,
        f"{ends_and_digits >> _DIGITS_AT:04}",
    )


class OtherCodes(Protocol):
    """Reads codes of another form: those that an app makes without asking the server (the room above registers it)."""

    prefix: str

    async def read(self, text: str) -> Code:
        """What such a text stands for; refuses (`PayerCodeWrong`) what isn't genuine. The end isn't judged here."""


_others: Final[list[OtherCodes]] = []


def use_other_codes(codes: OtherCodes) -> None:
    """Let codes of another form pay too."""
    _others[:] = [codes]


async def any_code(text: str) -> Code:
    """What a text stands for, whichever form it is of; refuses (`PayerCodeWrong`) what is of none. The end isn't judged here."""
    for other in _others:
        if text.startswith(other.prefix):
            return await other.read(text)
    return read_code(text)


def _text_of(sealed: bytes) -> str:
    return base64.b32encode(sealed).decode().rstrip("=")


def _bytes_of(text: str) -> bytes:
    """Decode base32 that has exactly one spelling: the spare bits at its end are zero.

    Python's own number reader does it in one step, where `base64.b32decode` takes thirty times as long.
    """
    number, spare = int(text.encode().translate(_DIGITS), 32), len(text) * _BITS % 8
    if number & ((1 << spare) - 1) or spare >= _BITS:
        raise PayerCodeWrong
    return (number >> spare).to_bytes(len(text) * _BITS // 8, "big")
