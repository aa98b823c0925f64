"""Divisions of Yantai that the city's households live in (GB/T 2260, NBS 2023 edition)."""

from datetime import date
from typing import Final

import msgspec

from integrations.city.towns import TOWNS


class Division(msgspec.Struct, frozen=True):
    """A district, county-level city or zone."""

    code: str
    name: str
    weight: int
    """Its share of the households: invented, near to how large it is."""
    numbered_as: str = ""
    """Code in identity numbers where the division has none of its own in GB/T 2260."""

    @property
    def streets(self) -> tuple[tuple[str, str], ...]:
        """Its streets and towns: (last three digits, name)."""
        return TOWNS[self.code]

    def id_region(self, born: date) -> str:
        """Give the first six digits of the number of someone registered here at birth."""
        if self.code == PENGLAI_NOW and born < PENGLAI_SINCE:
            return PENGLAI_BEFORE
        return self.numbered_as or self.code


PENGLAI_NOW: Final = "370614"
PENGLAI_BEFORE: Final = "370684"
PENGLAI_SINCE: Final = date(2020, 6, 5)

DIVISIONS: Final = (
    Division("370602", "芝罘区", 110),
    Division("370611", "福山区", 50),
    Division("370612", "牟平区", 60),
    Division("370613", "莱山区", 50),
    Division("370614", "蓬莱区", 60),
    Division("370671", "高新区", 20, "370613"),
    Division("370676", "开发区", 50, "370611"),
    Division("370681", "龙口市", 90),
    Division("370682", "莱阳市", 105),
    Division("370683", "莱州市", 110),
    Division("370685", "招远市", 75),
    Division("370686", "栖霞市", 65),
    Division("370687", "海阳市", 75),
)
BY_CODE: Final = {division.code: division for division in DIVISIONS}
