"""Where every step of a bundle stands, how far it is, and until when it takes at the longest. Pure.

A failed step leaves finished ones standing and blocks only what needs it. The deadline is the longest path through the steps that
are left, in working days (行政许可法, articles 42 and 82, of each step).
"""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

import msgspec

from app.kernel.calendar import CalendarUnknown, add_working_days, count_working_days
from lifecycle.bundles.definitions import Bundle, Step
from lifecycle.cases.states import State

Standing = Literal["left_out", "waiting", "blocked", "starting", "yours", "under_way", "done", "failed"]
Outcome = Literal["done_already", "not_admitted"]
_DONE: Final = frozenset({State.ISSUED, State.CLOSED})
_FAILED: Final = frozenset({State.REJECTED, State.NOT_ACCEPTED, State.WITHDRAWN, State.LAPSED})
_YOURS: Final = frozenset({State.DRAFT, State.CORRECTION_REQUESTED})
_OVER: Final = frozenset({"left_out", "blocked", "done", "failed"})
_NO_WAY: Final = frozenset({"left_out", "blocked", "failed"})


class Facts(msgspec.Struct, frozen=True):
    """What is known of one step: whether it is chosen, its case or booking, and how many working days it takes at the most."""

    chosen: bool = True
    case_state: State | None = None
    outcome: Outcome | None = None
    due_on: date | None = None
    days: int = 0


def standings(bundle: Bundle, facts: Mapping[str, Facts], *, submitted: bool) -> dict[str, Standing]:
    """Where each step stands, in an order in which each comes after what it needs."""
    found: dict[str, Standing] = {}
    for step in bundle.ordered:
        found[step.code] = _standing(facts[step.code], [found[need] for need in step.needs], submitted=submitted)
    return found


def _standing(known: Facts, needs: list[Standing], *, submitted: bool) -> Standing:
    if not known.chosen:
        return "left_out"
    if known.outcome is not None:
        return "done" if known.outcome == "done_already" else "failed"
    if known.case_state is not None:
        return _of_case(known.case_state)
    if any(need in _NO_WAY for need in needs):
        return "blocked"
    return "starting" if submitted and all(need == "done" for need in needs) else "waiting"


def _of_case(state: State) -> Standing:
    if state in _DONE:
        return "done"
    if state in _FAILED:
        return "failed"
    return "yours" if state in _YOURS else "under_way"


def progress(found: Mapping[str, Standing]) -> tuple[int, int]:
    """How many of the chosen steps are done, and how many there are."""
    chosen = [standing for standing in found.values() if standing != "left_out"]
    return chosen.count("done"), len(chosen)


def is_over(found: Mapping[str, Standing]) -> bool:
    """Whether nothing is left to happen: every step is done, failed, blocked or left out."""
    return all(standing in _OVER for standing in found.values())


def days_left(bundle: Bundle, facts: Mapping[str, Facts], found: Mapping[str, Standing], today: date) -> int | None:
    """The working days that the longest path takes from today on; nothing while public holidays of that time aren't known."""
    finish: dict[str, int] = {}
    try:
        for step in bundle.ordered:
            before = max((finish[need] for need in step.needs), default=0)
            finish[step.code] = before + _own_days(step, facts[step.code], found[step.code], today)
    except CalendarUnknown:
        return None
    return max(finish.values(), default=0)


def _own_days(step: Step, known: Facts, standing: Standing, today: date) -> int:
    if standing in _OVER or step.mode == "book":
        return 0
    if standing == "under_way" and known.due_on is not None:
        return max(0, count_working_days(today, known.due_on))
    return known.days


def until(days: int | None, today: date) -> date | None:
    """The last day of so many working days, if that is known."""
    if days is None:
        return None
    try:
        return add_working_days(today, days)
    except CalendarUnknown:
        return None
