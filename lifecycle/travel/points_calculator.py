"""Calculating a driver's points by cycle, the study that full points bring, and when the licence is renewed for how long."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Final, Literal

from msgspec import Meta

from app.kernel import clock
from app.kernel.errors import Unprocessable
from app.kernel.structs import Body, Slug, View
from app.kernel.words import Words
from integrations.departments.driving import DRIVER_LICENCE
from lifecycle.catalogue.calculators import Answered, Calculator
from lifecycle.catalogue.errors import DaysOutOfOrder, DayTooFar, DayTooLongAgo
from lifecycle.catalogue.known import Filled, Known
from lifecycle.queries.remembered import fact_of
from lifecycle.rules import driver_points as rules
from lifecycle.rules import driving_licence
from lifecycle.rules.ages import Span
from lifecycle.rules.driver_points import Cycle, Education, Exam, Penalty, Study
from lifecycle.rules.driving_licence import Licence
from lifecycle.rules.parameters import Reading, shipped

Points = Literal[1, 3, 6, 9, 12]
EXAMS: Final[dict[Exam, Words]] = {
    "theory": Words(zh="法律法规考试", en="theory"),
    "field": Words(zh="场地驾驶技能考试", en="field"),
    "road": Words(zh="道路驾驶技能考试", en="road"),
}
LICENCE: Final = fact_of(DRIVER_LICENCE, {})
_OLDEST_YEARS: Final = 80


class OffenceUnknown(Unprocessable):
    """A penalty names neither points nor a typical offence that is on file (`offence`)."""

    code = "offence_unknown"
    title = Words(zh="请填写记分分值或选择违法行为。", en="Say the points, or choose an offence on file.")


class PenaltyAsked(Body, frozen=True, kw_only=True):
    """One penalty, by its points or a typical offence; `paid_on` is missing while the fine isn't paid."""

    decided_on: date
    points: Points | None = None
    offence: Slug | None = None
    paid_on: date | None = None


class PointsQuestion(Body, frozen=True, kw_only=True):
    """The first licence, the term that runs, and the penalties; what education was done in the present cycle.

    `expires_on` is worked out, if it is missing, as if no earlier term had a full cycle. `times_full` counts how often the points were
    full in the present cycle.
    """

    first_issued_on: date
    expires_on: date | None = None
    heavy: bool = False
    full_in_term: bool = False
    times_full: Annotated[int, Meta(ge=1, le=20)] = 1
    penalties: Annotated[tuple[PenaltyAsked, ...], Meta(max_length=100)] = ()
    education: Annotated[tuple[Education, ...], Meta(max_length=50)] = ()


class TermView(View, frozen=True, kw_only=True):
    """The term that runs: until when, from when it may be renewed, and until when the next one holds (null: for good)."""

    expires_on: date | None
    renewal_opens_on: date | None
    next_until: date | None


class OffenceView(View, frozen=True, kw_only=True):
    """A typical offence, and its points."""

    code: str
    points: int
    name: Words


class PointsView(View, frozen=True, kw_only=True):
    """Cycles up to the present one, its points after education, the study that they bring, and the term of the licence."""

    cycles: tuple[Cycle, ...]
    points_now: int
    probation_until: date
    study: Study | None
    term: TermView
    offences: tuple[OffenceView, ...]


def of_a_driver(question: PointsQuestion) -> Answered[PointsView]:
    """Count the points, by today's law. Refuses days to come or out of order, a first licence too long ago, and `OffenceUnknown`."""
    today = clock.today()
    _refuse_wrong_days(question, today)
    reading = shipped().reading(today)
    typical = {one.code: one for one in rules.offences(reading)}
    penalties = [_penalty(one, {code: one.points for code, one in typical.items()}) for one in question.penalties]
    cycles = rules.cycles(question.first_issued_on, penalties, reading)
    probation = rules.probation_until(question.first_issued_on, reading)
    # Whoever is on probation may not have points taken off by education (article 26).
    done = question.education if probation < today else ()
    points = rules.after_education(cycles[-1].points, done, reading)
    found = PointsView(
        cycles=cycles,
        points_now=points,
        probation_until=probation,
        study=rules.study(points, question.times_full, reading, heavy=question.heavy),
        term=_term(question, cycles, reading),
        offences=tuple(
            OffenceView(code=one.code, points=one.points, name=Words(one.zh, one.en)) for one in typical.values()
        ),
    )
    return Answered(today, found, reading.used, tuple(_steps(found, reading)))


def _refuse_wrong_days(question: PointsQuestion, today: date) -> None:
    if question.first_issued_on.year < today.year - _OLDEST_YEARS:
        raise DayTooLongAgo(as_of=question.first_issued_on.isoformat())
    for day in (question.first_issued_on, *(one.decided_on for one in question.penalties)):
        if day > today:
            raise DayTooFar(as_of=day.isoformat())
        if day < question.first_issued_on:
            raise DaysOutOfOrder(earlier="first_issued_on", later="decided_on")
    if any(one.paid_on is not None and one.paid_on < one.decided_on for one in question.penalties):
        raise DaysOutOfOrder(earlier="decided_on", later="paid_on")
    if question.expires_on is not None and question.expires_on <= question.first_issued_on:
        raise DaysOutOfOrder(earlier="first_issued_on", later="expires_on")


def _penalty(asked: PenaltyAsked, typical: dict[str, int]) -> Penalty:
    points = asked.points if asked.points is not None else typical.get(asked.offence or "")
    if points is None:
        raise OffenceUnknown(offence=asked.offence)
    return Penalty(points=points, decided_on=asked.decided_on, paid_on=asked.paid_on)


def _term(question: PointsQuestion, cycles: tuple[Cycle, ...], reading: Reading) -> TermView:
    starts, expires = _running(question, reading)
    full = question.full_in_term or any(one.is_full and one.ends_on >= starts for one in cycles)
    licence = Licence(
        licence_class="C1", valid_from=starts, expires_on=expires, full_in_term=full, points=0, unsettled=0
    )
    opens = None if expires is None else driving_licence.window(expires, reading).opens_on
    return TermView(expires_on=expires, renewal_opens_on=opens, next_until=driving_licence.next_end(licence, reading))


def _running(question: PointsQuestion, reading: Reading) -> tuple[date, date | None]:
    """The term in which the day lies: its first day and its end. A term that ended runs on, until it is renewed, for who says its end."""
    starts = question.first_issued_on
    for text in reading.get("driving.terms", list[str]):
        ends = Span.read(text).after(starts)
        if question.expires_on is not None and ends >= question.expires_on:
            return starts, question.expires_on
        if question.expires_on is None and ends >= reading.as_of:
            return starts, ends
        starts = ends
    return starts, question.expires_on


def _steps(found: PointsView, reading: Reading) -> Iterator[Words]:
    for cycle in found.cycles[:-1]:
        yield _past(cycle)
    now, full = found.cycles[-1], reading.number("driving.full_points")
    yield Words(
        zh=f"本周期 {now.starts_on} 至 {now.ends_on}，累积 {now.points} 分（含上周期转入 {now.carried_in} 分），教育减免后 {found.points_now} 分，满分 {full} 分。",
        en=f"This cycle, {now.starts_on} to {now.ends_on}: {now.points} points ({now.carried_in} carried in), {found.points_now} after education, of {full}.",
    )
    if found.study is not None:
        exams = [EXAMS[one] for one in found.study.exams]
        yield Words(
            zh=f"已记满 {full} 分，驾驶证被扣留：须学习 {found.study.days} 天，并通过{'、'.join(one.zh for one in exams)}。",
            en=f"The licence is held: {found.study.days} days of study, and tests ({', '.join(one.en for one in exams)}).",
        )
    else:
        most = reading.get("driving.education_points", dict[str, int])["most"]
        yield Words(
            zh=f"参加教育每个周期最多减 {most} 分；实习期内、有过酒驾逃逸等情形或名下有未检验车辆的，不能减分。实习期至 {found.probation_until}。",
            en=f"Education takes up to {most} points off a cycle, but not on probation (until {found.probation_until}), after drink driving or the like, or with a vehicle past its inspection.",
        )
    if found.term.expires_on is not None:
        until = found.term.next_until
        yield Words(
            zh=f"驾驶证有效期至 {found.term.expires_on}，{found.term.renewal_opens_on} 起可以换证，换证后有效期{'长期' if until is None else f'至 {until}'}。",
            en=f"The licence holds until {found.term.expires_on}; renew from {found.term.renewal_opens_on} on, then it holds {'for good' if until is None else f'until {until}'}.",
        )


def _past(cycle: Cycle) -> Words:
    if cycle.is_full:
        return Words(
            zh=f"{cycle.starts_on} 至 {cycle.ends_on} 的周期记满 {cycle.points} 分，按已学习考试合格清除计算。",
            en=f"The cycle {cycle.starts_on} to {cycle.ends_on} was full ({cycle.points} points); taken as settled by study and tests.",
        )
    return Words(
        zh=f"{cycle.starts_on} 至 {cycle.ends_on} 的周期共 {cycle.points} 分，逾期未缴罚款的 {cycle.carried_on} 分转入下一周期，其余清除。",
        en=f"The cycle {cycle.starts_on} to {cycle.ends_on}: {cycle.points} points, {cycle.carried_on} carried on for overdue fines, the rest cleared.",
    )


def of_the_licence(known: Known) -> Filled:
    """The licence as the traffic police named it earlier."""
    return {
        "first_issued_on": known.said(LICENCE, lambda licence: licence.first_issued_on),
        "expires_on": known.said(LICENCE, lambda licence: licence.expires_on),
        "full_in_term": known.said(LICENCE, lambda licence: licence.full_in_term),
        "heavy": known.said(LICENCE, lambda licence: licence.licence_class in driving_licence.LARGE),
    }


POINTS: Final = Calculator("driver_service", PointsQuestion, of_a_driver, of_the_licence, (LICENCE,))
