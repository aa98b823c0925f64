"""The code under the QR code of a presentation: the shard where it lies, and a secret of sixteen characters. Pure.

`P0037-7Q4M-Z9KT-RC01-AB2D` opens some lines of one licence for some minutes, so it has eighty random bits, where a licence's
check code, which tells nothing personal, has fifty.
"""

import re
import secrets
from typing import Final
from urllib.parse import quote

from lifecycle.licences.check_codes import ALPHABET

_GROUPS: Final = 4
_GROUP: Final = 4
_SHOWN: Final = re.compile(r"P([0-9]{4})((?:-[0-9A-HJKMNP-TV-Z]{4}){4})")


def new_code(shard: int) -> str:
    """A new code, as it is shown."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return f"P{shard:04d}-{'-'.join(groups)}"


def read(code: str) -> tuple[int, str] | None:
    """The shard and the whole code, in capitals; nothing if it isn't one of a presentation."""
    found = _SHOWN.fullmatch(code.upper().replace(" ", ""))
    return None if found is None else (int(found[1]), found[0])


def address(origin: str, code: str) -> str:
    """Where the QR code leads; the code stands behind `#`, so that it reaches no server's log."""
    return f"{origin}/verify#{quote(code)}"
