"""The classes of the citizen card (卡种): by age, by being a student, by a disability; and the fare that each pays.

Who is entitled to which is judged above this room, from what departments know.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.kernel.words import Words


class CardClass(StrEnum):
    """A card's class; `ordinary` is everybody's."""

    ORDINARY = "ordinary"
    CHILD = "child"
    STUDENT = "student"
    ELDER_60 = "elder_60"
    ELDER_65 = "elder_65"
    DISABLED = "disabled"


CLASS_NAMES: Final[Mapping[CardClass, Words]] = {
    CardClass.ORDINARY: Words(zh="普通卡", en="ordinary card"),
    CardClass.CHILD: Words(zh="儿童卡", en="child's card"),
    CardClass.STUDENT: Words(zh="学生卡", en="student's card"),
    CardClass.ELDER_60: Words(zh="老年卡（60至64岁）", en="senior's card, 60 to 64"),
    CardClass.ELDER_65: Words(zh="老年卡（65岁及以上）", en="senior's card, 65 and over"),
    CardClass.DISABLED: Words(zh="爱心卡", en="card for disabled people"),
}
