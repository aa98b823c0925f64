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


FARE_CLASSES: Final[Mapping[CardClass, int]] = {
    CardClass.ORDINARY: 10,
    CardClass.CHILD: 10,
    CardClass.STUDENT: 20,
    CardClass.ELDER_60: 30,
    CardClass.ELDER_65: 31,
    CardClass.DISABLED: 40,
}
"""By which fare a class rides and enters: adults 10, students 20, from 60 on 30, from 65 on 31, disabled people 40 (the city's own numbers).

Children have none of their own: how tall or old they are is seen at the gate."""
CLASS_NAMES: Final[Mapping[CardClass, Words]] = {
    CardClass.ORDINARY: Words(zh="普通卡", en="ordinary card"),
    CardClass.CHILD: Words(zh="儿童卡", en="child's card"),
    CardClass.STUDENT: Words(zh="学生卡", en="student's card"),
    CardClass.ELDER_60: Words(zh="老年卡（60至64岁）", en="senior's card, 60 to 64"),
    CardClass.ELDER_65: Words(zh="老年卡（65岁及以上）", en="senior's card, 65 and over"),
    CardClass.DISABLED: Words(zh="爱心卡", en="card for disabled people"),
}
