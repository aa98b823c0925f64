"""Where the city's students study: universities and colleges that don't exist, in districts where real ones stand."""

from typing import Final

import msgspec


class University(msgspec.Struct, frozen=True):
    """A university (本科) or college (专科) and where it stands."""

    name: str
    division_code: str


UNIVERSITIES: Final = (
    University("福海大学", "370613"),
    University("福海工商大学", "370613"),
    University("福海海洋大学", "370602"),
    University("福海师范学院", "370602"),
    University("福海职业技术学院", "370676"),
    University("福海医药学院", "370671"),
    University("福海科技学院", "370614"),
)
"""All invented."""
NAMES: Final = frozenset(university.name for university in UNIVERSITIES)
