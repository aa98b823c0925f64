"""Calculating when each check of a pregnancy falls, from the last period or the due day that an ultrasound gave."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from app.kernel import clock
from app.kernel.errors import Unprocessable
from app.kernel.structs import Body, View
from app.kernel.words import Words
from integrations.departments.maternity import HANDBOOK
from lifecycle.catalogue.calculators import Answered, Calculator
from lifecycle.catalogue.known import Filled, Known
from lifecycle.queries.remembered import fact_of
from lifecycle.rules import antenatal as rules
from lifecycle.rules.antenatal import Check, DueBy, Pregnancy
from lifecycle.rules.parameters import Reading, shipped

BASIS: Final[dict[DueBy, Words]] = {
    "last_period": Words(zh="末次月经", en="the last period"),
    "ultrasound": Words(zh="超声核定的预产期", en="the due day that an ultrasound gave"),
}
_FARTHEST_DAYS: Final = 366
BOOK: Final = fact_of(HANDBOOK, {})
RED_FLAGS: Final = Words(
    zh="有阴道出血、流液，头痛、眼花，剧烈腹痛，或者胎动明显减少，不要等下次产检，请立即去医院。这里只推算时间，不作诊断。",
    en="Bleeding, loss of fluid, headache or blurred sight, severe pain, or clearly fewer movements: don't wait for the next check, go to hospital at once. "
    "Only days are worked out here, never a diagnosis.",
)


class PregnancyDaysImpossible(Unprocessable):
    """Neither day is said, or nobody is that pregnant today."""

    code = "pregnancy_days_impossible"
    title = Words(
        zh="请填写合理的末次月经日期，或超声核定的预产期。",
        en="Say when the last period began, or the due day of an ultrasound, as can be today.",
    )


class AntenatalQuestion(Body, frozen=True, kw_only=True):
    """The first day of the last period, or the due day that an early ultrasound gave, which wins."""

    last_period_on: date | None = None
    due_by_ultrasound: date | None = None


class AntenatalView(View, frozen=True, kw_only=True):
    """The due day and what it rests on, how far the pregnancy is today, and every check with its window."""

    due_on: date
    due_by: DueBy
    weeks: int
    days: int
    register_by: date
    hospital_on: date
    after_birth_on: date
    checks: tuple[Check, ...]


def of_a_pregnancy(question: AntenatalQuestion) -> Answered[AntenatalView]:
    """Lay the checks out as of today. Refuses `PregnancyDaysImpossible`."""
    today = clock.today()
    reading = shipped().reading(today)
    if any(abs((day - today).days) > _FARTHEST_DAYS for day in _days_of(question)):
        raise PregnancyDaysImpossible
    one = _counted(question, reading)
    if one is None or not rules.is_possible(one, today, reading):
        raise PregnancyDaysImpossible
    weeks, days = rules.age_on(one, today)
    found = AntenatalView(
        due_on=one.due_on,
        due_by=one.due_by,
        weeks=weeks,
        days=days,
        register_by=rules.handbook(one, reading).last,
        hospital_on=rules.hospital_on(one, reading),
        after_birth_on=rules.check_after(one.due_on, reading).first,
        checks=rules.checks(one, reading),
    )
    return Answered(today, found, reading.used, tuple(_steps(found, one, reading)))


def _counted(question: AntenatalQuestion, reading: Reading) -> Pregnancy | None:
    """The pregnancy by the ultrasound where there is one, else by the last period; None where neither day is said."""
    if question.due_by_ultrasound is not None:
        return rules.by_due_day(question.due_by_ultrasound, reading)
    return None if question.last_period_on is None else rules.by_last_period(question.last_period_on, reading)


def _days_of(question: AntenatalQuestion) -> Iterator[date]:
    yield from (day for day in (question.last_period_on, question.due_by_ultrasound) if day is not None)


def _steps(found: AntenatalView, one: Pregnancy, reading: Reading) -> Iterator[Words]:
    basis, term = BASIS[one.due_by], reading.number("antenatal.term_days")
    yield Words(
        zh=f"按{basis.zh}推算（孕期 {term} 天）：今天孕 {found.weeks} 周 {found.days} 天，预产期 {found.due_on}。",
        en=f"By {basis.en} ({term} days): {found.weeks} weeks and {found.days} days today, due on {found.due_on}.",
    )
    if reading.as_of <= found.register_by:
        yield Words(
            zh=f"请在 {found.register_by} 前建册，领母子健康手册。",
            en=f"Open the handbook by {found.register_by}.",
        )
    now = [check for check in found.checks if check.standing == "now"]
    if now:
        yield Words(
            zh="现在该做：" + "；".join(f"{check.name.zh}（{check.until} 前）" for check in now) + "。",
            en="Now: " + "; ".join(f"{check.name.en} (by {check.until})" for check in now) + ".",
        )
    following = next((check for check in found.checks if check.standing == "later"), None)
    if following is not None:
        yield Words(
            zh=f"接下来：{following.name.zh}，{following.from_on} 至 {following.until}，{following.items.zh}。",
            en=f"Next: {following.name.en}, {following.from_on} to {following.until}: {following.items.en}.",
        )
    if reading.as_of >= found.hospital_on:
        yield Words(
            zh="已过住院待产的孕周，请去医院。", en="Past the weeks at which one waits at home: go to hospital."
        )
    yield RED_FLAGS


def of_the_handbook(known: Known) -> Filled:
    """The last period that the handbook names, for the woman herself and until the birth."""
    if known.is_ward:
        return {}
    return {"last_period_on": known.said(BOOK, lambda book: None if book.born_on else book.last_period_on)}


ANTENATAL: Final = Calculator("antenatal_exam", AntenatalQuestion, of_a_pregnancy, of_the_handbook, (BOOK,))
