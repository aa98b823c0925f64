"""Calculating what work injury insurance pays: by the grade found, on leaving, and for a death."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Final

from msgspec import Meta

from app.kernel import clock
from app.kernel.money import yuan
from app.kernel.structs import Body, View
from app.kernel.words import Words
from integrations.departments.work_injuries import WORK_INJURIES
from lifecycle.catalogue.asked import Division
from lifecycle.catalogue.calculators import Answered, Calculator
from lifecycle.catalogue.errors import DayTooFar
from lifecycle.catalogue.known import Filled, Known
from lifecycle.queries.remembered import fact_of
from lifecycle.rules import work_injury as rules
from lifecycle.rules.parameters import YANTAI, Reading, shipped
from lifecycle.rules.work_injury import Base, Care, Death, Injury, Survivors

Fen = Annotated[int, Meta(ge=0, le=10**9, description="Fen.")]
Grade = Annotated[int, Meta(ge=1, le=10, description="The grade that the panel found, 1 the gravest (伤残等级).")]
People = Annotated[int, Meta(ge=0, le=20)]
RECORD: Final = fact_of(WORK_INJURIES, {})
PAYERS: Final = {"fund": Words(zh="基金", en="the fund"), "employer": Words(zh="用人单位", en="the employer")}


class DeathAsked(Body, frozen=True, kw_only=True):
    """A death at work, and whom the dead supported. `after_paid_leave`: of grade 1 to 4, and the paid leave was over."""

    spouse: bool = False
    others: People = 0
    lonely: People = 0
    after_paid_leave: bool = False


class InjuryQuestion(Body, frozen=True, kw_only=True):
    """One's own average month of contributions in the year before, and what happened when (today): a grade, a death, or both.

    `average_wage_fen` replaces the region's average that is on file; `care` is what the panel found.
    """

    own_wage_fen: Fen
    happened_on: date | None = None
    grade: Grade | None = None
    care: Care | None = None
    died: DeathAsked | None = None
    average_wage_fen: Annotated[int, Meta(ge=1, le=10**9)] | None = None
    division_code: Division = YANTAI


class InjuryView(View, frozen=True, kw_only=True):
    """By which wage is paid, and what is due; null where no grade was found, or nobody died."""

    base: Base
    injury: Injury | None
    death: Death | None


def of_an_injury(question: InjuryQuestion) -> Answered[InjuryView]:
    """Work out what is due, by the figures of the day. Refuses days to come (`DayTooFar`) and days of which no figures are on file."""
    today = clock.today()
    day = question.happened_on or today
    if day > today:
        raise DayTooFar(as_of=day.isoformat())
    reading = shipped().reading(day, question.division_code)
    average = question.average_wage_fen or rules.average_fen(reading)
    wage = rules.base(question.own_wage_fen, average, reading)
    injured = None if question.grade is None else rules.injury(question.grade, question.care, wage, reading)
    found = InjuryView(base=wage, injury=injured, death=_death(question.died, wage, reading))
    return Answered(today, found, reading.used, tuple(_steps(found, reading)))


def _death(asked: DeathAsked | None, wage: Base, reading: Reading) -> Death | None:
    if asked is None:
        return None
    survivors = Survivors(spouse=asked.spouse, others=asked.others, lonely=asked.lonely)
    return rules.death(survivors, wage, reading, after_paid_leave=asked.after_paid_leave)


def _steps(found: InjuryView, reading: Reading) -> Iterator[Words]:
    base = found.base
    yield Words(
        zh=f"计发基数 {yuan(base.base_fen)} 元：本人月均缴费工资，不低于当地平均工资 {yuan(base.average_fen)} 元的下限 {yuan(base.floor_fen)} 元，不高于上限 {yuan(base.cap_fen)} 元。",
        en=f"Paid by {yuan(base.base_fen)} yuan a month: one's own wage, at least {yuan(base.floor_fen)} and at most {yuan(base.cap_fen)} by the region's average of {yuan(base.average_fen)}.",
    )
    if found.injury is not None:
        yield from _injury_steps(found.injury, reading)
    if found.death is not None:
        yield _death_step(found.death)
    if found.injury is None and found.death is None:
        yield Words(zh="请填写伤残等级，或者死亡情形。", en="Say which grade was found, or that somebody died.")


def _injury_steps(injury: Injury, reading: Reading) -> Iterator[Words]:
    leave = reading.get("work_injury.paid_leave_months", dict[str, int])
    yield Words(
        zh=f"停工留薪期一般不超过 {leave['most']} 个月，经鉴定可延长不超过 {leave['further']} 个月，期间原工资不变，由单位支付。",
        en=f"The wage goes on in the paid leave of up to {leave['most']} months, and {leave['further']} more where the panel finds them needed.",
    )
    yield Words(
        zh=f"{injury.grade} 级：一次性伤残补助金 {injury.lump_months} 个月，{yuan(injury.lump_fen)} 元，由基金支付。",
        en=f"Grade {injury.grade}: once {injury.lump_months} months, {yuan(injury.lump_fen)} yuan, from the fund.",
    )
    if injury.monthly_by is not None:
        yield _monthly_step(injury, PAYERS[injury.monthly_by])
    if injury.care_fen:
        yield Words(
            zh=f"生活护理费每月 {yuan(injury.care_fen)} 元，由基金支付。",
            en=f"For care {yuan(injury.care_fen)} yuan a month, from the fund.",
        )
    if injury.leaving_medical_fen:
        yield Words(
            zh=f"依法解除或终止劳动关系时：一次性工伤医疗补助金 {yuan(injury.leaving_medical_fen)} 元（基金），一次性伤残就业补助金 {yuan(injury.leaving_employment_fen)} 元（单位）。",
            en=f"On leaving: {yuan(injury.leaving_medical_fen)} yuan for treatment (the fund) and {yuan(injury.leaving_employment_fen)} for work (the employer).",
        )


def _monthly_step(injury: Injury, payer: Words) -> Words:
    condition = "" if injury.monthly_by == "fund" else "难以安排工作的，"
    where = "" if injury.monthly_by == "fund" else ", where there is no fitting work"
    if injury.topped_up_fen is None:
        more, further = (
            "；最低工资标准未收录，未计算补足差额",
            "; the minimum wage isn't on file, so no top-up is counted",
        )
    elif injury.topped_up_fen:
        more, further = (
            f"，其中补足到最低工资的差额 {yuan(injury.topped_up_fen)} 元",
            f", of which {yuan(injury.topped_up_fen)} lift it to the minimum wage",
        )
    else:
        more, further = "", ""
    return Words(
        zh=f"{condition}伤残津贴为基数的 {injury.monthly_percent}%，每月 {yuan(injury.monthly_fen)} 元，由{payer.zh}支付{more}。",
        en=f"Each month {injury.monthly_percent} percent, {yuan(injury.monthly_fen)} yuan, from {payer.en}{where}{further}.",
    )


def _death_step(death: Death) -> Words:
    lump = (
        "停工留薪期满后死亡，没有一次性工亡补助金"
        if death.lump_fen is None
        else f"一次性工亡补助金 {yuan(death.lump_fen)} 元"
    )
    once = "no lump sum after the paid leave" if death.lump_fen is None else f"a lump sum of {yuan(death.lump_fen)}"
    return Words(
        zh=f"因工死亡：丧葬补助金 {yuan(death.funeral_fen)} 元，{lump}，供养亲属抚恤金合计 {death.dependants_percent}%，每月 {yuan(death.dependants_month_fen)} 元。",
        en=f"A death at work: {yuan(death.funeral_fen)} yuan for the funeral, {once}, and for dependants {death.dependants_percent} percent, {yuan(death.dependants_month_fen)} a month.",
    )


def of_the_appraised(known: Known) -> Filled:
    """The division; and of a single injury that was recognised, its day, the grade and the care that the panel found."""
    injury = known.said(RECORD, lambda record: record.injuries[0] if len(record.injuries) == 1 else None)
    panel = None if injury is None else injury.read(injury.value.appraisal)
    return {
        "division_code": known.division,
        "happened_on": injury and injury.read(injury.value.injured_on),
        "grade": panel and panel.read(panel.value.grade),
        "care": panel and panel.read(panel.value.self_care),
    }


INJURY: Final = Calculator("work_injury_insurance", InjuryQuestion, of_an_injury, of_the_appraised, (RECORD,))
