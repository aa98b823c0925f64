"""Rules of a birth's household registration. Pure.

Sources: 户口登记条例 art. 7 (within a month of birth); 民法典 art. 1015 (the father's or the mother's surname; another for a reason).
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from app.kernel.errors import FieldProblem
from app.kernel.words import Words
from lifecycle.birth.forms import BirthForm
from lifecycle.rules.ages import Span

WITHIN: Final = Span.read("1m")
COMPOUND_SURNAMES: Final = frozenset(
    [
        "欧阳",
        "太史",
        "端木",
        "上官",
        "司马",
        "东方",
        "独孤",
        "南宫",
        "万俟",
        "闻人",
        "夏侯",
        "诸葛",
        "尉迟",
        "公羊",
        "赫连",
        "澹台",
        "皇甫",
        "宗政",
        "濮阳",
        "公冶",
        "太叔",
        "申屠",
        "公孙",
        "慕容",
        "仲孙",
        "钟离",
        "长孙",
        "宇文",
        "司徒",
        "鲜于",
        "司空",
        "闾丘",
        "子车",
        "亓官",
        "司寇",
        "令狐",
        "呼延",
        "东郭",
        "轩辕",
        "百里",
        "拓跋",
    ]
)
"""Surnames of two characters; every other surname is taken to be the first character."""


def surname(name: str) -> str:
    """The surname of a Chinese name; of a name with a dot (父子连名 and the like) the part before it."""
    if "·" in name:
        return name.partition("·")[0]
    return name[:2] if name[:2] in COMPOUND_SURNAMES else name[:1]


def has_a_parents_surname(form: BirthForm) -> bool:
    """Say whether the child's surname is the father's, the mother's, or both together."""
    parents = [surname(name) for name in (form.father_name, form.mother_name) if name]
    joined = {"".join(parents), "".join(reversed(parents))}
    return surname(form.child_name) in parents or any(form.child_name.startswith(both) for both in joined)


def problems(form: BirthForm) -> Iterable[FieldProblem]:
    """What contradicts itself in a complete form."""
    if (form.father_household if form.follow == "father" else form.mother_household) is None:
        yield FieldProblem("/form/follow", "household_unknown", "the police know of no household of this parent")
    if not has_a_parents_surname(form) and form.surname_statement is None:
        yield FieldProblem("/form/surname_statement", "missing", "the child has neither parent's surname")


def notes(born_on: date, as_of: date) -> Iterable[Words]:
    """What the citizen should know of the time limit: late is allowed, and said."""
    due = WITHIN.after(born_on)
    if as_of <= due:
        yield Words(
            zh=f"请在{due.isoformat()}前（出生后一个月内）申报。",
            en=f"Register by {due.isoformat()}, within a month of birth.",
        )
    else:
        yield Words(
            zh=f"已超过出生后一个月（{due.isoformat()}），仍可办理。",
            en=f"A month from birth ended on {due.isoformat()}; registering late is still possible.",
        )
