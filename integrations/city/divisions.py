"""Divisions of Yantai that the city's households live in (GB/T 2260, NBS 2023 edition)."""

from datetime import date
from typing import Final

import msgspec


class Division(msgspec.Struct, frozen=True):
    """A district or county-level city with a few of its streets and towns, (last three digits, name)."""

    code: str
    name: str
    streets: tuple[tuple[str, str], ...]
    numbered_as: str = ""
    """Code in identity numbers where the division has none of its own in GB/T 2260."""

    def id_region(self, born: date) -> str:
        """Give the first six digits of the number of someone registered here at birth."""
        if self.code == PENGLAI_NOW and born < PENGLAI_SINCE:
            return PENGLAI_BEFORE
        return self.numbered_as or self.code


PENGLAI_NOW: Final = "370614"
PENGLAI_BEFORE: Final = "370684"
PENGLAI_SINCE: Final = date(2020, 6, 5)

DIVISIONS: Final = (
    Division(
        "370602",
        "芝罘区",
        (("001", "向阳街道"), ("002", "东山街道"), ("003", "毓璜顶街道"), ("006", "奇山街道"), ("010", "只楚街道")),
    ),
    Division("370611", "福山区", (("001", "清洋街道"), ("002", "福新街道"), ("102", "高疃镇"), ("104", "回里镇"))),
    Division("370612", "牟平区", (("001", "宁海街道"), ("002", "文化街道"), ("101", "观水镇"), ("107", "水道镇"))),
    Division(
        "370613", "莱山区", (("001", "黄海路街道"), ("002", "初家街道"), ("003", "滨海路街道"), ("005", "莱山街道"))
    ),
    Division("370614", "蓬莱区", (("001", "登州街道"), ("004", "蓬莱阁街道"), ("109", "北沟镇"), ("201", "北长山乡"))),
    Division("370671", "高新区", (("007", "马山街道"),), "370613"),
    Division("370676", "开发区", (("001", "福莱山街道"), ("002", "古现街道"), ("003", "大季家街道")), "370611"),
    Division("370681", "龙口市", (("001", "东莱街道"), ("002", "龙港街道"), ("103", "北马镇"))),
    Division("370682", "莱阳市", (("001", "城厢街道"), ("002", "古柳街道"), ("107", "照旺庄镇"))),
    Division("370683", "莱州市", (("001", "文昌路街道"), ("003", "三山岛街道"), ("101", "沙河镇"))),
    Division("370685", "招远市", (("001", "罗峰街道"), ("002", "泉山街道"), ("105", "玲珑镇"))),
    Division("370686", "栖霞市", (("001", "翠屏街道"), ("104", "桃村镇"), ("110", "西城镇"))),
    Division("370687", "海阳市", (("001", "方圆街道"), ("002", "东村街道"), ("003", "凤城街道"))),
)
BY_CODE: Final = {division.code: division for division in DIVISIONS}
