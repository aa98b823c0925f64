"""The code by which anybody who is shown a licence can check it: its number and a secret of ten characters. Pure.

`HK20261122006012345678-7Q4MZ-9KTRC`: who only knows the number learns nothing. Letters that look alike are left out
(Crockford's base 32), and small letters and spaces are forgiven.
"""

import hmac
import re
import secrets
from typing import Final
from urllib.parse import quote

import msgspec

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32."""
_LENGTH: Final = 10
_HALF: Final = 5
_NUMBER: Final = re.compile(r"[A-Z]{2}[0-9]{8}(?P<shard>[0-9]{4})[0-9]{8}")
_SHOWN: Final = re.compile(
    r"(?P<number>[A-Z]{2}[0-9]{8}(?P<shard>[0-9]{4})[0-9]{8})-(?P<first>[0-9A-HJKMNP-TV-Z]{5})-(?P<second>[0-9A-HJKMNP-TV-Z]{5})"
)


class CheckCode(msgspec.Struct, frozen=True):
    """A code taken apart: the licence's number, the shard where it lies, and the secret."""

    number: str
    shard: int
    secret: str

    def opens(self, secret: str) -> bool:
        """Say whether the secret is the licence's, in constant time."""
        return hmac.compare_digest(self.secret.encode(), secret.encode())


def new_check_code() -> str:
    """A new secret of fifty random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))


def shown(number: str, secret: str) -> str:
    """The code as it is printed."""
    return f"{number}-{secret[:_HALF]}-{secret[_HALF:]}"


def read(code: str) -> CheckCode | None:
    """Read a code; nothing if it isn't one of a licence."""
    found = _SHOWN.fullmatch(code.upper().replace(" ", ""))
    return None if found is None else CheckCode(found["number"], int(found["shard"]), found["first"] + found["second"])


def shard_in(number: str) -> int | None:
    """The shard that a licence's number names; nothing if it isn't one."""
    found = _NUMBER.fullmatch(number)
    return None if found is None else int(found["shard"])


def verify_address(origin: str, number: str, secret: str) -> str:
    """Where the licence's QR code leads; the code stands behind `#`, so that it reaches no server's log."""
    return f"{origin}/verify#{quote(shown(number, secret))}"
