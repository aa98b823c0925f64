"""Who gives work: employers that don't exist, each with a unified social credit code (统一社会信用代码, GB 32100-2015)."""

from functools import lru_cache
from typing import Final, Literal

import msgspec

from app.kernel.social_credit_codes import ALPHABET, with_check, with_organisation_check
from integrations.city.chance import chance
from integrations.city.divisions import BY_CODE

EmployerKind = Literal["company", "sole_trader", "institution", "organ"]
EMPLOYERS: Final = 200
"""So many in each division."""
_CLASSES: Final[dict[EmployerKind, str]] = {"company": "91", "sole_trader": "92", "institution": "12", "organ": "11"}
"""Registration authority and class: 9 market supervision (1 company, 2 individual business), 1 public bodies (1 organ, 2 institution)."""
_ONE: Final = "海云山星松泉金启百安新华恒宏润泰嘉永瑞信"
_OTHER: Final = "达丰源和通盛成远航邦"
_KINDS: Final[tuple[EmployerKind, ...]] = (
    "organ", "institution", "institution", "sole_trader", "sole_trader", "sole_trader", *("company",) * 14,
)  # fmt: skip
_TRADES: Final[dict[EmployerKind, tuple[str, ...]]] = {
    "company": (
        "果蔬有限公司", "机械有限公司", "海洋食品有限公司", "葡萄酒有限公司", "软件有限公司", "物流有限公司", "建筑有限公司",
        "汽车部件有限公司", "医药有限公司", "商贸有限公司", "电子有限公司", "旅游有限公司",
    ),
    "sole_trader": ("便利店", "饭店", "理发店", "修理部"),
    "institution": ("服务中心", "卫生服务中心", "中学", "研究所"),
    "organ": ("管理局", "办公室"),
}  # fmt: skip


class Employer(msgspec.Struct, frozen=True):
    """An employer (用人单位)."""

    name: str
    uscc: str
    kind: EmployerKind
    division_code: str


@lru_cache(maxsize=4096)
def employer(seed: int, division_code: str, place: int) -> Employer:
    """Give the employer with a place (0 to 199) in a division; no two have the same name or code."""
    dice = chance(seed, "employer", f"{division_code}:{place}")
    kind = _KINDS[place % len(_KINDS)]
    name = _ONE[place % len(_ONE)] + _OTHER[place // len(_ONE)]
    body = f"MA{int(division_code[-2:]):02d}{place:03d}{dice.choice(ALPHABET)}"
    uscc = with_check(_CLASSES[kind] + division_code + with_organisation_check(body))
    return Employer(f"{BY_CODE[division_code].name}福海{name}{dice.choice(_TRADES[kind])}", uscc, kind, division_code)
