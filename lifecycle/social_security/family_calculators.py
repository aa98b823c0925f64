"""Calculating what families are due: maternity leave and allowance, and the minimum living allowance."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Final

from msgspec import Meta

from app.kernel import clock
from app.kernel.money import yuan
from app.kernel.structs import Body
from app.kernel.words import Words
from lifecycle.catalogue.calculators import Answered, Calculator
from lifecycle.catalogue.errors import DayTooFar
from lifecycle.rules import maternity, social_assistance
from lifecycle.rules.maternity import Case, Happened, Leave
from lifecycle.rules.parameters import shipped
from lifecycle.rules.social_assistance import Allowance, Area

Fen = Annotated[int, Meta(ge=0, le=10**9, description="Fen.")]
_FARTHEST_YEARS: Final = 3


class MaternityQuestion(Body, frozen=True, kw_only=True):
    """What happened, from when the leave runs (today), and the employer's average month's wage of the year before."""

    happened: Happened = "birth"
    starts_on: date | None = None
    children: Annotated[int, Meta(ge=1, le=8)] = 1
    difficult: bool = False
    months_pregnant: Annotated[int, Meta(ge=0, le=10)] = 0
    average_wage_fen: Fen


class AssistanceQuestion(Body, frozen=True, kw_only=True):
    """A household: where it lives, its whole income of a month, and how many it is."""

    area: Area
    income_fen: Fen
    persons: Annotated[int, Meta(ge=1, le=20)]
    three_nos: bool = False
    """Without work, income and somebody who must support them (三无): they are supported as destitute instead."""


def of_maternity(question: MaternityQuestion) -> Answered[Leave]:
    """Work leave and allowance out, by the law of the first day. Refuses (`DayTooFar`) days more than three years ahead."""
    day = question.starts_on or clock.today()
    if day.year > clock.today().year + _FARTHEST_YEARS:
        raise DayTooFar(as_of=day.isoformat())
    reading = shipped().reading(day)
    case = Case(
        happened=question.happened,
        children=question.children,
        difficult=question.difficult,
        months_pregnant=question.months_pregnant,
    )
    found = maternity.leave(case, day, question.average_wage_fen, reading)
    return Answered(
        clock.today(), found, reading.used, tuple(_of_leave(found, day, reading.number("maternity.days_a_month")))
    )


def of_assistance(question: AssistanceQuestion) -> Answered[Allowance]:
    """Work the allowance out, by today's standard."""
    reading = shipped().reading(clock.today())
    found = social_assistance.allowance(question.area, question.income_fen, question.persons, reading)
    return Answered(clock.today(), found, reading.used, tuple(_of_allowance(found, question)))


def _of_leave(found: Leave, day: date, per: int) -> Iterator[Words]:
    yield Words(
        zh=f"产假 {found.days} 天（含节假日），从 {day} 到 {found.last_day}。",
        en=f"{found.days} days of leave, holidays included, from {day} to {found.last_day}.",
    )
    yield Words(
        zh=f"生育津贴按单位上年度月平均工资除以{per}，支付 {found.paid_days} 天，共 {yuan(found.allowance_fen)} 元。",
        en=f"The allowance is the employer's average month divided by {per}, for {found.paid_days} days: {yuan(found.allowance_fen)} yuan.",
    )


def _of_allowance(found: Allowance, question: AssistanceQuestion) -> Iterator[Words]:
    if question.three_nos:
        yield Words(
            zh="无劳动能力、无生活来源且无法定赡养抚养人的，按特困人员供养，不按低保计算。",
            en="Who has no strength to work, no income and nobody to support them is supported as destitute, not by this allowance.",
        )
    yield Words(
        zh=f"{question.persons} 人的保障线合计 {yuan(found.line_fen)} 元，家庭月收入 {yuan(question.income_fen)} 元，"
        f"{'低于' if found.below else '不低于'}保障线，每月补差 {yuan(found.monthly_fen)} 元。",
        en=f"The line for {question.persons} is {yuan(found.line_fen)} yuan, the household's income {yuan(question.income_fen)}: "
        f"{'below' if found.below else 'not below'} it, so {yuan(found.monthly_fen)} yuan a month.",
    )
    yield Words(
        zh="家庭财产（住房、车辆、存款等）是否符合条件，由民政部门核对。",
        en="Whether what the household owns allows it is checked by Civil Affairs.",
    )


FAMILY: Final = (
    Calculator("maternity_insurance", MaternityQuestion, of_maternity),
    Calculator("social_assistance_info", AssistanceQuestion, of_assistance),
)
