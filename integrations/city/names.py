"""Names for people who don't exist. Some characters are rare on purpose: systems lose them."""

from random import Random
from typing import Final, Literal

SexWord = Literal["male", "female"]

SURNAMES: Final = "王张李刘孙于姜宋杨徐曲林赵陈吕孔邹初牟丛宫迟栾慕衣柳修战隋高马唐董郭周吴郑冯梁曹杜范"
DOUBLE_SURNAME: Final = "欧阳"
SURNAMES_OF: Final = {
    "03": "马沙哈丁",
    "10": "金朴崔全",
    "11": "关佟那赫",
    "02": "包白云",
    "06": "龙石麻",
    "08": "韦覃农",
}
"""Surnames that are frequent among some of the ethnic groups (GB/T 3304): 回, 朝鲜, 满, 蒙古, 苗, 壮."""
_MALE: Final = (
    "志强", "建国", "浩然", "子轩", "明远", "海涛", "宇航", "文博", "东升", "立新", "俊杰", "鹏飞", "家乐", "一鸣",
    "晨", "德胜", "永刚", "国庆", "玉山", "振华", "福海", "春生", "洪波", "晓东", "少杰", "泽宇", "睿", "梓辰",
    "沐阳", "景行", "瑞霖", "天佑", "凯", "松涛", "兆丰", "培林", "传志", "克俭", "世荣", "守义",
)  # fmt: skip
_FEMALE: Final = (
    "晓燕", "秀英", "雨桐", "梓涵", "桂兰", "丽娜", "欣怡", "淑芳", "静", "海霞", "思琪", "若曦", "美玲", "佳宁",
    "彤", "玉珍", "凤英", "翠花", "爱华", "春梅", "红霞", "艳丽", "文静", "晓梅", "诗涵", "语嫣", "可欣", "芷若",
    "安然", "沐瑶", "洪芝", "素云", "学敏", "明霞", "瑞雪", "金凤", "兆兰", "雅琴", "乐怡", "书瑶",
)  # fmt: skip
_RARE: Final = ["㐂", "𠮷", "䶮", "海㐂", "𠮷祥", "子䶮"]
_ONE_IN: Final = 25


def given_name(sex: SexWord, dice: Random) -> str:
    """Give a given name; one in twenty-five has a rare character."""
    if dice.randrange(_ONE_IN) == 0:
        return dice.choice(_RARE)
    return dice.choice(_MALE if sex == "male" else _FEMALE)


def surname(dice: Random, ethnicity_code: str = "01") -> str:
    """Give a surname that is common on the peninsula, a double one now and then."""
    if ethnicity_code in SURNAMES_OF:
        return dice.choice(SURNAMES_OF[ethnicity_code])
    return DOUBLE_SURNAME if dice.randrange(100) == 0 else dice.choice(SURNAMES)


def surname_of(name: str) -> str:
    """Give the surname of a name that was made here."""
    return name[:2] if name.startswith(DOUBLE_SURNAME) else name[0]
