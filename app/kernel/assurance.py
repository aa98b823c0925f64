"""Levels of assurance (认证等级): 1 by phone, 2 by real name, 3 on a device whose key each request proves; and the ways up.

Pure functions: who is at which level is found out in the identity room.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from app.kernel.words import Words

BY_PHONE: Final = 1
BY_NAME: Final = 2
BY_DEVICE: Final = 3
LEVEL: Final = "level"
"""Names (in a route's `opt`) the level of assurance that an operation of citizens needs; the guard refuses a lower one."""
DATA: Final = "data"
"""Names the kinds of a person's data that an operation shows to every citizen who may call it."""
LEVEL_TO_READ: Final[Mapping[str, int]] = {
    "identity": BY_NAME,
    "contact": BY_PHONE,
    "family": BY_NAME,
    "health": BY_NAME,
    "money": BY_NAME,
}
"""The level that a citizen needs to read each kind (`DataClass`) of their own or their wards' data."""


class Way(msgspec.Struct, frozen=True):
    """A step up: what to do, by which operation of this API, and the level that it leads to."""

    action: str
    operation: str
    title: Words
    to_level: int


_PROVE_NAME: Final = Way(
    "prove_real_name", "proveRealName", Words(zh="完成实名认证。", en="Prove your real name."), BY_NAME
)
_SAY_NAME: Final = Way(
    "say_real_name",
    "proveRealName",
    Words(zh="再次填写本账户的姓名和证件号码。", en="Say the name and number of this account again."),
    BY_NAME,
)
_ASK_DEVICE: Final = Way(
    "ask_device",
    "askSignInApproval",
    Words(zh="请您已登记的设备批准本次登录。", en="Have a device of yours approve this session."),
    BY_NAME,
)
_SIGN_IN_BY_DEVICE: Final = Way(
    "sign_in_by_device",
    "signInByDevice",
    Words(zh="在您已登记的设备上登录。", en="Sign in on a device that you have enrolled."),
    BY_DEVICE,
)
_ENROL_DEVICE: Final = Way(
    "enrol_device", "enrolDevice", Words(zh="登记您的设备。", en="Enrol your device."), BY_DEVICE
)


def ways_up(level: int, required: int, *, named: bool, has_device: bool) -> tuple[Way, ...]:
    """What leads from one level to another: lower steps first, and those to one level are alternatives.

    `named` says whether the account has a proved name, `has_device` whether one of its owner's devices is enrolled.
    """
    to_name = (_SAY_NAME, *((_ASK_DEVICE,) if has_device else ())) if named else (_PROVE_NAME,)
    to_device = (*((_SIGN_IN_BY_DEVICE,) if has_device else ()), _ENROL_DEVICE)
    return tuple(way for way in (*to_name, *to_device) if level < way.to_level <= required)
