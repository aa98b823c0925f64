"""A case's version as an entity tag (RFC 9110, 8.8.3), and `If-Match` read. Pure."""

import re
from typing import Final

from lifecycle.cases.errors import VersionMissing

_STRONG: Final = re.compile(r'"([1-9][0-9]{0,8})"')
NO_VERSION: Final = 0
"""What no case ever has: a tag that isn't ours matches nothing."""


def etag(version: int) -> str:
    """The tag of a version."""
    return f'"{version}"'


def version_in(if_match: str | None) -> int:
    """The version that a change is based on; refuses (`VersionMissing`) a change that doesn't say."""
    if if_match is None:
        raise VersionMissing
    found = _STRONG.fullmatch(if_match.strip())
    return int(found[1]) if found else NO_VERSION
