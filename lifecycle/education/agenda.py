"""What comes next on the way through schools: kindergarten, primary, junior and senior school, university, and aid. Pure.

Until a year's plan is published its usual season stands there. Where somebody learns is asked only of who has such a fact.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

import msgspec

from app.kernel.words import Words
from integrations.departments.school_roll import SCHOOL_ROLL, SchoolRoll
from integrations.departments.schooling import Stage as RollStage
from lifecycle.agenda.items import AgendaRule, Item, reading
from lifecycle.facts.of_departments import Meaning
from lifecycle.queries.remembered import Fact, fact_of
from lifecycle.rules import school_entry
from lifecycle.rules.fact_kinds import BIRTH_DATE, SCHOOLING, Schooling, SchoolStage
from lifecycle.rules.facts import FactKind
from lifecycle.rules.looking import Looking
from lifecycle.rules.parameters import shipped
from lifecycle.rules.school_entry import Stage
from lifecycle.rules.seasons import Season, coming_years
from lifecycle.rules.told_kinds import LIVING_ALLOWANCE

KINDERGARTEN: Final = "preschool_info"
ADMISSION: Final = "school_admission"
SENIOR: Final = "senior_secondary_info"
UNIVERSITY: Final = "higher_education_info"
AID: Final = "education_aid_application"
_ONE_DAY: Final = timedelta(days=1)
_STAGES: Final[dict[RollStage, SchoolStage]] = {
    "kindergarten": "kindergarten",
    "primary": "primary",
    "junior": "junior",
    "senior": "senior",
    "vocational": "senior",
    "college": "university",
    "university": "university",
    "graduate": "university",
}


class Seasons(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When what comes yearly is usual, until the year's plan is published."""

    kindergarten: Season
    primary: Season
    junior: Season
    senior_exam: Season
    university_exam: Season
    aid: Season


def school_roll(told: SchoolRoll, as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """What the education bureau says of where somebody learns, as a fact; it ends after the years that its stage takes."""
    if told.enrolled is None:
        return
    stage = _STAGES[told.enrolled.stage]
    law = shipped().reading(as_of)
    left = school_entry.stage_years(law)[stage] - told.enrolled.year_of_stage + 1
    until = school_entry.starts_on(school_entry.school_year(law) + max(left, 1), law) - _ONE_DAY
    yield SCHOOLING, Schooling(stage, told.enrolled.since, until)


def kindergarten(looking: Looking) -> Iterable[Item]:
    """A place at a kindergarten, for the autumn three years before school."""
    born = looking.need(BIRTH_DATE)
    year = school_entry.milestones(born, looking.law).kindergarten
    starts = school_entry.starts_on(year, looking.law)
    if looking.as_of >= starts:
        return
    opens, due = seasons(looking).kindergarten.in_year(year)
    yield Item(
        code="kindergarten",
        matter=KINDERGARTEN,
        title=Words(zh="报名幼儿园小班", en="Apply for a kindergarten"),
        why=Words(
            zh=f"孩子{born}出生，可入{year}年秋季小班；报名一般在{opens}至{due}，以当年招生公告为准。",
            en=f"Born on {born}, your child may enter in autumn {year}; applications are usually taken from {opens} to {due}, "
            "as each year's notice says.",
        ),
        opens=opens,
        due=due,
        lapses=max(starts, due + _ONE_DAY),
        done_on=_learns_since("kindergarten", looking),
        by_case=False,
    )


def compulsory(looking: Looking) -> Iterable[Item]:
    """Entry to primary and to junior school, in the window that is published, or else in the usual season."""
    born = looking.need(BIRTH_DATE)
    years = school_entry.milestones(born, looking.law)
    if looking.as_of.year > years.junior:
        return
    yield from _entry("primary", years.primary, born, looking)
    yield from _entry("junior", years.junior, born, looking)


def senior_exam(looking: Looking) -> Iterable[Item]:
    """Registering for the exam at the end of junior school (中考)."""
    born = looking.need(BIRTH_DATE)
    year = school_entry.milestones(born, looking.law).senior
    if looking.as_of.year > year:
        return
    opens, due = seasons(looking).senior_exam.in_year(year)
    yield Item(
        code="senior_exam",
        matter=SENIOR,
        title=Words(zh="中考报名", en="Register for the senior secondary entrance exam"),
        why=Words(
            zh=f"按入学年份推算，{year}年夏初中毕业（义务教育法第二条，九年）；报名一般在{opens}至{due}，由学校组织，志愿填报和考试日期见当年公告。",
            en=f"Counted from the year of entry, junior school ends in summer {year} (nine years: Compulsory Education Law, article 2); "
            f"the school registers you, usually from {opens} to {due}. The year's notice has the exam and the choices.",
        ),
        opens=opens,
        due=due,
        lapses=due + _ONE_DAY,
        by_case=False,
    )


def university_exam(looking: Looking) -> Iterable[Item]:
    """Registering for the university entrance exam (高考), in the autumn before; for who is known to be at senior school."""
    learns = looking.find(SCHOOLING)
    if learns is None or learns.stage != "senior":
        return
    year = learns.until.year
    opens, due = seasons(looking).university_exam.in_year(year - 1)
    yield Item(
        code=f"university_exam.{year}",
        matter=UNIVERSITY,
        title=Words(zh=f"{year}年高考报名", en=f"Register for the university entrance exam of {year}"),
        why=Words(
            zh=f"高中学籍到{learns.until}；山东省一般在上一年{opens}至{due}网上报名并缴费，逾期不补报，以省教育招生考试院公告为准。",
            en=f"Your senior school ends on {learns.until}. Shandong registers candidates online in the autumn before, usually from "
            f"{opens} to {due}, and not later; the provincial exam authority's notice decides.",
        ),
        opens=opens,
        due=due,
        lapses=due + _ONE_DAY,
        by_case=False,
    )


def aid(looking: Looking) -> Iterable[Item]:
    """The yearly season of aid for who is known to learn somewhere; only a household in need is reminded of it."""
    learns = looking.find(SCHOOLING)
    if learns is None:
        return
    in_need = looking.find(LIVING_ALLOWANCE) is not None
    season = seasons(looking).aid
    for year in coming_years(looking.as_of):
        opens, due = season.in_year(year)
        if learns.since <= due and opens < learns.until:
            looking.again(opens)
            yield _aid(year, opens, due, quiet=not in_need, by_case=opens <= looking.as_of)


def _aid(year: int, opens: date, due: date, *, quiet: bool, by_case: bool) -> Item:
    return Item(
        code=f"student_aid.{year}",
        matter=AID,
        title=Words(zh=f"申请{year}—{year + 1}学年学生资助", en=f"Aid for pupils and students, {year}/{year + 1}"),
        why=Words(
            zh=f"家庭经济困难的（低保、特困、残疾、孤儿等），每学年开学后申请：{opens}至{due}，由学校受理并公示（学生资助资金管理办法）。",
            en=f"For families in need (living allowance, disability, orphans and others): apply at the beginning of the school year, "
            f"from {opens} to {due}; the school takes it in (rules on student aid funds).",
        ),
        opens=opens,
        due=due,
        lapses=due + _ONE_DAY,
        quiet=quiet,
        by_case=by_case,
    )


def _entry(stage: Stage, year: int, born: date, looking: Looking) -> Iterable[Item]:
    """Entry in a year's autumn; the window is looked for once the school year before has begun."""
    starts = school_entry.starts_on(year, looking.law)
    looking.again(school_entry.starts_on(year - 1, looking.law))
    window = school_entry.window(stage, year, looking.law)
    published = window is not None
    usual = seasons(looking).primary if stage == "primary" else seasons(looking).junior
    opens, due = (window.opens, window.closes) if window is not None else usual.in_year(year)
    name = school_entry.NAMES[stage]
    days_zh = f"{opens}至{due}" + ("（已公布）" if published else "（往年时间，以当年招生方案为准）")
    days_en = f"{opens} to {due}" + (" (published)" if published else " (as usual; the year's plan decides)")
    settled = school_entry.settled_by(year, looking.law)
    yield Item(
        code=f"school_entry.{stage}",
        matter=ADMISSION,
        title=Words(zh=f"{year}年{name.zh}入学报名", en=f"Register for {name.en}, autumn {year}"),
        why=Words(
            zh=f"义务教育法第十一条：{born}出生，应于{year}年秋季入{name.zh}。报名{days_zh}；户口和房产最好在{settled}前办妥。",
            en=f"Compulsory Education Law, article 11: born on {born}, the child enters {name.en} in autumn {year}. "
            f"Registration: {days_en}; have household and title registered by {settled}.",
        ),
        opens=opens,
        due=due,
        lapses=max(starts, due + _ONE_DAY),
        done_on=_learns_since(stage, looking),
    )


def _learns_since(stage: SchoolStage, looking: Looking) -> date | None:
    """Since when somebody learns at a stage, or at one after it."""
    learns: Schooling | None = looking.find(SCHOOLING)
    if learns is None or not school_entry.is_at(stage, learns.stage):
        return None
    return learns.since


def seasons(looking: Looking) -> Seasons:
    """The usual seasons of the day's law."""
    return looking.law.get("school.usual_seasons", Seasons)


RULES: Final = (
    AgendaRule("education.kindergarten", "education", kindergarten),
    AgendaRule("education.compulsory", "education", compulsory),
    AgendaRule("education.senior_exam", "education", senior_exam),
    AgendaRule("education.university_exam", "education", reading("identity", university_exam)),
    AgendaRule("education.aid", "education", reading("identity", aid)),
)
MEANINGS: Final[tuple[tuple[Fact[Any], Meaning], ...]] = ((fact_of(SCHOOL_ROLL, {}), school_roll),)
