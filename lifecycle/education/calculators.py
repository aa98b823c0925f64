"""What can be calculated in the stage of education: when a child comes to each school, and its class at a district's school."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from app.kernel import clock
from app.kernel.structs import Body, View
from app.kernel.words import Words
from lifecycle.catalogue.asked import Division, Months
from lifecycle.catalogue.calculators import Answered, Calculator
from lifecycle.catalogue.errors import BirthDateImpossible
from lifecycle.catalogue.known import Filled, Known
from lifecycle.rules import school_entry, school_places
from lifecycle.rules.parameters import YANTAI, Reading, shipped
from lifecycle.rules.school_entry import Intake, Milestones, Stage
from lifecycle.rules.school_places import CLASSES, PlaceClass, Ties

WHEN: Final = {
    "too_young": Words(zh="还不到报名的年份", en="it isn't the year yet"),
    "before": Words(zh="报名还没有开始", en="registration hasn't opened"),
    "in_time": Words(zh="正在报名", en="registration is open"),
    "late": Words(
        zh="报名已结束或已过入学年份，请联系教育部门",
        en="registration has closed or the year is past; ask the education authority",
    ),
    "past": Words(zh="已过义务教育阶段", en="compulsory schooling is over"),
}
_HERE, _ELSEWHERE = "here", "elsewhere"
_OLDEST_YEARS: Final = 25


class PlaceAsked(Body, frozen=True, kw_only=True):
    """What binds a child to the school district that is asked about: registration, the guardian's home, and what counts beside.

    `owns_elsewhere`: the guardian's home lies in another district. `grandchild`: it is registered at its grandparents'.
    """

    registered_here: bool = False
    home_here: bool = False
    owns_elsewhere: bool = False
    with_guardian: bool = False
    grandchild: bool = False
    permit: bool = False
    insured_months: Months = 0
    policy: bool = False


class SchoolQuestion(Body, frozen=True, kw_only=True):
    """A child, the stage that it enters, and its ties to a school district, where its class is asked for."""

    birth_date: date
    stage: Stage = "primary"
    place: PlaceAsked | None = None
    division_code: Division = YANTAI


class ClassView(View, frozen=True, kw_only=True):
    """The class of a child at the district's school, and its place in the plan's order; null where the authority assigns a place."""

    code: PlaceClass | None
    name: Words
    place: int | None


class SchoolView(View, frozen=True, kw_only=True):
    """When the child comes to each school, how it stands to the stage today, by when ties have to be settled, and its class."""

    years: Milestones
    intake: Intake
    settled_by: date
    place: ClassView | None


def of_a_child(question: SchoolQuestion) -> Answered[SchoolView]:
    """Work it out, by today's law and plan. Refuses (`BirthDateImpossible`) days of birth to come or of grown people."""
    today = clock.today()
    if question.birth_date > today or question.birth_date.year < today.year - _OLDEST_YEARS:
        raise BirthDateImpossible
    reading = shipped().reading(today, question.division_code)
    found = school_entry.intake(question.birth_date, question.stage, reading)
    view = SchoolView(
        years=school_entry.milestones(question.birth_date, reading),
        intake=found,
        settled_by=school_entry.settled_by(found.entry_year, reading),
        place=None if question.place is None else _class(question.place, reading),
    )
    return Answered(today, view, reading.used, tuple(_steps(view, question.stage, reading)))


def _class(asked: PlaceAsked, reading: Reading) -> ClassView:
    home = _HERE if asked.home_here else _ELSEWHERE if asked.owns_elsewhere else None
    ties = Ties(
        household=_HERE if asked.registered_here else _ELSEWHERE,
        home=home,
        with_guardian=asked.with_guardian,
        grandchild=asked.grandchild,
        permit=asked.permit,
        insured_months=asked.insured_months,
        policy=asked.policy,
    )
    ranked = school_places.class_at(ties, _HERE, reading)
    if ranked is None:
        assigned = Words(zh="由教育部门统筹安排", en="the education authority assigns a place")
        return ClassView(code=None, name=assigned, place=None)
    return ClassView(code=ranked.code, name=CLASSES[ranked.code], place=ranked.place)


def _steps(found: SchoolView, stage: Stage, reading: Reading) -> Iterator[Words]:
    years, cut_off = found.years, reading.text("school.entry_cut_off")
    yield Words(
        zh=f"以 {cut_off} 前满 {reading.number('school.entry_age')} 周岁计：{years.kindergarten} 年上幼儿园小班，{years.primary} 年上小学，{years.junior} 年上初中，"
        f"{years.senior} 年上高中，{years.entrance_exam} 年高考。",
        en=f"By the age of {reading.number('school.entry_age')} reached by {cut_off}: kindergarten in {years.kindergarten}, primary school in {years.primary}, junior school "
        f"in {years.junior}, senior school in {years.senior}, the entrance exam in {years.entrance_exam}.",
    )
    when, window = WHEN[found.intake.when], found.intake.window
    days = (
        Words(zh="", en="")
        if window is None
        else Words(zh=f"，报名时间 {window.opens} 至 {window.closes}", en=f" ({window.opens} to {window.closes})")
    )
    yield Words(
        zh=f"{found.intake.entry_year} 年{school_entry.NAMES[stage].zh}入学：{when.zh}{days.zh}；户口和房产一般要在 {found.settled_by} 前落定。",
        en=f"Entry to {school_entry.NAMES[stage].en} in {found.intake.entry_year}: {when.en}{days.en}; registration and title usually have to be settled by {found.settled_by}.",
    )
    if found.place is not None:
        order = (
            Words(zh="", en="")
            if found.place.place is None
            else Words(zh=f"（第 {found.place.place} 类）", en=f" (class {found.place.place})")
        )
        yield Words(
            zh=f"按所填情况属于：{found.place.name.zh}{order.zh}。同类按户口、房产时间排序，学位满了再调剂；双胞胎一并安排。",
            en=f"By what was said: {found.place.name.en}{order.en}. Within a class, earlier registration and title come first; when a school is full, another "
            "place is assigned. Twins are placed together.",
        )


def of_the_child(known: Known) -> Filled:
    """What is known of the child meant."""
    born = None if known.child is None else known.child.birth_date
    return {"birth_date": born, "division_code": known.division}


CALCULATORS: Final = (Calculator("school_district_lookup", SchoolQuestion, of_a_child, of_the_child),)
