"""Names for people who don't exist. Some characters are rare on purpose: systems lose them."""

from random import Random
from typing import Final, Literal

SexWord = Literal["male", "female"]

SURNAMES: Final = "王张李刘孙于姜宋杨徐曲林赵陈吕孔邹初牟丛宫迟栾慕"
_MALE: Final = [
    "志强",
    "建国",
    "浩然",
    "子轩",
    "明远",
    "海涛",
    "宇航",
    "文博",
    "东升",
    "立新",
    "俊杰",
    "鹏飞",
    "家乐",
    "一鸣",
    "晨",
]
_FEMALE: Final = [
    "晓燕",
    "秀英",
    "雨桐",
    "梓涵",
    "桂兰",
    "丽娜",
    "欣怡",
    "淑芳",
    "静",
    "海霞",
    "思琪",
    "若曦",
    "美玲",
    "佳宁",
    "彤",
]
_RARE: Final = ["㐂", "𠮷", "䶮", "海㐂", "𠮷祥", "子䶮"]
_ONE_IN: Final = 25


def given_name(sex: SexWord, dice: Random) -> str:
    """Give a given name; one in twenty-five has a rare character."""
    if dice.randrange(_ONE_IN) == 0:
        return dice.choice(_RARE)
    return dice.choice(_MALE if sex == "male" else _FEMALE)


def surname(dice: Random) -> str:
    """Give a surname that is common on the peninsula, a double one now and then."""
    return "欧阳" if dice.randrange(100) == 0 else dice.choice(SURNAMES)
