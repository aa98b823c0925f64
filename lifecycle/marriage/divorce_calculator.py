"""Calculating the periods of a divorce by agreement, and from when a husband may sue."""

from collections.abc import Iterator
from datetime import date
from typing import Final, Literal

from app.kernel import clock
from app.kernel.structs import Body, View
from app.kernel.words import Words
from lifecycle.catalogue.calculators import Answered, Calculator
from lifecycle.catalogue.errors import DaysOutOfOrder, DayTooFar
from lifecycle.rules import divorce_periods as rules
from lifecycle.rules.divorce_periods import Periods
from lifecycle.rules.parameters import Reading, shipped

Standing = Literal["cooling", "claimable", "lapsed"]
_FARTHEST_YEARS: Final = 2


class DivorceQuestion(Body, frozen=True, kw_only=True):
    """When the registry took the application in (today); and for a suit by the husband, a pregnancy, a birth, or its other end."""

    accepted_on: date | None = None
    pregnant: bool = False
    born_on: date | None = None
    pregnancy_ended_on: date | None = None


class DivorceView(View, frozen=True, kw_only=True):
    """The periods and where today lies in them. `is_final` is false while the year's holidays aren't announced.

    `husband_may_sue_from` is null while the wife is pregnant.
    """

    accepted_on: date
    withdraw_until: date
    claim_from: date
    claim_until: date
    is_final: bool
    standing: Standing
    husband_may_sue_from: date | None


def of_a_divorce(question: DivorceQuestion) -> Answered[DivorceView]:
    """Count the periods, by the law of the day of acceptance. Refuses days too far ahead, and births to come."""
    today = clock.today()
    accepted = question.accepted_on or today
    if accepted.year > today.year + _FARTHEST_YEARS:
        raise DayTooFar(as_of=accepted.isoformat())
    for name, day in (("born_on", question.born_on), ("pregnancy_ended_on", question.pregnancy_ended_on)):
        if day is not None and day > today:
            raise DaysOutOfOrder(earlier=name, later="today")
    reading = shipped().reading(accepted)
    periods = rules.periods(accepted, reading)
    law = shipped().reading(today)
    found = DivorceView(
        accepted_on=accepted,
        withdraw_until=periods.withdraw_until,
        claim_from=periods.claim_from,
        claim_until=periods.claim_until,
        is_final=periods.is_final,
        standing=_standing(periods, today),
        husband_may_sue_from=rules.husband_may_sue_from(
            question.pregnant, question.born_on, question.pregnancy_ended_on, law
        ),
    )
    used = {one.id: one for one in (*reading.used, *law.used)}
    return Answered(today, found, tuple(used.values()), tuple(_steps(found, reading, question)))


def _standing(periods: Periods, day: date) -> Standing:
    if day <= periods.withdraw_until:
        return "cooling"
    return "claimable" if day <= periods.claim_until else "lapsed"


def _steps(found: DivorceView, reading: Reading, question: DivorceQuestion) -> Iterator[Words]:
    cooling, claim = reading.number("divorce.cooling_days"), reading.number("divorce.claim_days")
    yield Words(
        zh=f"{found.accepted_on} 受理，次日起 {cooling} 天为冷静期，{found.withdraw_until} 当天及以前任何一方都可以撤回。",
        en=f"Taken in on {found.accepted_on}: cooling for {cooling} days from the day after; either may withdraw until {found.withdraw_until}.",
    )
    waits = "" if found.is_final else "（该年度放假安排未公布，可能顺延）"
    may_move = "" if found.is_final else " (it may move on, since that year's holidays aren't announced)"
    yield Words(
        zh=f"此后 {claim} 天内，{found.claim_from} 至 {found.claim_until}{waits}，双方一起到受理的婚姻登记机关领证；遇休息日顺延，逾期视为撤回。",
        en=f"In the {claim} days after, {found.claim_from} to {found.claim_until}{may_move}, both fetch the certificate at the registry that took the application; "
        "the last day moves to a working day, and what isn't fetched counts as withdrawn.",
    )
    if question.pregnant or question.born_on or question.pregnancy_ended_on:
        yield _of_suit(found)


def _of_suit(found: DivorceView) -> Words:
    until = Words(zh="女方怀孕期间", en="while the wife is pregnant")
    if found.husband_may_sue_from is not None:
        until = Words(zh=f"{found.husband_may_sue_from} 以前", en=f"before {found.husband_may_sue_from}")
    return Words(
        zh=f"{until.zh}，男方不得起诉离婚；女方起诉或者法院认为确有必要的除外。协议离婚不受影响。",
        en=f"A husband may not sue {until.en}, unless a court finds it necessary; a wife may. A divorce by agreement isn't touched.",
    )


DIVORCE: Final = Calculator("divorce_registration", DivorceQuestion, of_a_divorce)
