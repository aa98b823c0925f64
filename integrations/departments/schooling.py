"""Words that the Education Bureau (教育局) and others use of schools: stages, levels, divisions, subjects, marks."""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from app.kernel.labels import label
from app.kernel.structs import Code, Line
from app.kernel.words import Words

JYJ: Final = "JYJ"
Fen = Annotated[int, Meta(ge=0, le=10**12)]
Seats = Annotated[int, Meta(ge=0, le=100_000)]
Points = Annotated[int, Meta(ge=0, le=1000)]
Year = Annotated[int, Meta(ge=1949, le=2100)]
Grade = Annotated[int, Meta(ge=1, le=6)]
"""The grade (年级) within a stage, from 1."""

Stage = Literal["kindergarten", "primary", "junior", "senior", "vocational", "college", "university", "graduate"]
STAGES: Final = {
    "kindergarten": Words(zh="幼儿园", en="Kindergarten"),
    "primary": Words(zh="小学", en="Primary school"),
    "junior": Words(zh="初中", en="Junior secondary school"),
    "senior": Words(zh="普通高中", en="Senior secondary school"),
    "vocational": Words(zh="中等职业学校", en="Vocational secondary school"),
    "college": Words(zh="高职专科", en="Vocational college"),
    "university": Words(zh="大学本科", en="University"),
    "graduate": Words(zh="研究生", en="Postgraduate study"),
}
"""Stages of schooling (学段)."""
Level = Literal["10", "20", "30", "40", "60", "70", "80"]
LEVELS: Final = {
    "10": Words(zh="研究生", en="Postgraduate"),
    "20": Words(zh="大学本科", en="Bachelor"),
    "30": Words(zh="大学专科", en="College diploma"),
    "40": Words(zh="中等职业教育", en="Secondary vocational"),
    "60": Words(zh="普通高中", en="Senior secondary"),
    "70": Words(zh="初中", en="Junior secondary"),
    "80": Words(zh="小学", en="Primary"),
}
"""Levels of education (学历, GB/T 4658)."""
Ownership = Literal["public", "private"]
OWNERSHIPS: Final = {"public": Words(zh="公办", en="Public"), "private": Words(zh="民办", en="Private")}
Division = Literal[
    "370602", "370611", "370612", "370613", "370614", "370671", "370676",
    "370681", "370682", "370683", "370685", "370686", "370687",
]  # fmt: skip
DIVISIONS: Final = {
    "370602": Words(zh="芝罘区", en="Zhifu"),
    "370611": Words(zh="福山区", en="Fushan"),
    "370612": Words(zh="牟平区", en="Muping"),
    "370613": Words(zh="莱山区", en="Laishan"),
    "370614": Words(zh="蓬莱区", en="Penglai"),
    "370671": Words(zh="高新区", en="High-tech Zone"),
    "370676": Words(zh="开发区", en="Development Zone"),
    "370681": Words(zh="龙口市", en="Longkou"),
    "370682": Words(zh="莱阳市", en="Laiyang"),
    "370683": Words(zh="莱州市", en="Laizhou"),
    "370685": Words(zh="招远市", en="Zhaoyuan"),
    "370686": Words(zh="栖霞市", en="Qixia"),
    "370687": Words(zh="海阳市", en="Haiyang"),
}
"""Districts, county-level cities and zones (区市) of Yantai."""
Subject = Literal[
    "chinese", "mathematics", "english", "science", "physics", "chemistry", "biology", "history", "geography", "politics",
    "sports",
]  # fmt: skip
SUBJECTS: Final = {
    "chinese": Words(zh="语文", en="Chinese"),
    "mathematics": Words(zh="数学", en="Mathematics"),
    "english": Words(zh="英语", en="English"),
    "science": Words(zh="科学", en="Science"),
    "physics": Words(zh="物理", en="Physics"),
    "chemistry": Words(zh="化学", en="Chemistry"),
    "biology": Words(zh="生物", en="Biology"),
    "history": Words(zh="历史", en="History"),
    "geography": Words(zh="地理", en="Geography"),
    "politics": Words(zh="道德与法治（思想政治）", en="Politics and law"),
    "sports": Words(zh="体育与健康", en="Sports and health"),
}
"""Subjects (学科) of the national curricula."""


class School(msgspec.Struct, frozen=True):
    """A school, as others name it."""

    code: Annotated[Code, label("学校代码", "Code")]
    name: Annotated[Line, label("学校名称", "Name")]


class Mark(msgspec.Struct, frozen=True):
    """What somebody reached in one subject of an exam."""

    subject: Annotated[Subject, label("科目", "Subject", SUBJECTS)]
    points: Annotated[Points, label("得分", "Points")]
    full_points: Annotated[Points, label("满分", "Out of")]
