"""By which statutory age somebody retires (原法定退休年龄): a man's, or a woman's by her kind of work. Pure."""

from datetime import date
from typing import Final

from lifecycle.rules.fact_kinds import BIRTH_DATE, SEX, WORKER_KIND
from lifecycle.rules.looking import Looking
from lifecycle.rules.retirement_age import RetirementKind, retires_on
from lifecycle.rules.told_kinds import RETIRES_ON

_WOMEN: Final[tuple[RetirementKind, ...]] = ("woman_worker", "woman_cadre")


def find_kind(looking: Looking) -> RetirementKind | None:
    """The age that holds, if it is known: of a woman by the kind of worker she is, or else by the day that the bureau says."""
    if looking.need(SEX) == "male":
        return "man"
    told, day = looking.find(WORKER_KIND), looking.find(RETIRES_ON)
    if told is not None or day is None:
        return told
    born = looking.need(BIRTH_DATE)
    return min(_WOMEN, key=lambda kind: abs(retires_on(born, kind, looking.law) - day))


def need_kind(looking: Looking) -> RetirementKind:
    """The age that holds; lacks the kind of worker of a woman of whom nothing is known."""
    kind = find_kind(looking)
    return looking.need(WORKER_KIND) if kind is None else kind


def is_before_retirement(looking: Looking, on: date) -> bool:
    """Whether the statutory age isn't reached yet on a day; lacks the kind of worker only where that decides it."""
    born, kind = looking.need(BIRTH_DATE), find_kind(looking)
    days = [retires_on(born, one, looking.law) for one in ((kind,) if kind else _WOMEN)]
    for day in days:
        looking.again(day)
    if min(days) <= on < max(days):
        looking.need(WORKER_KIND)
    return on < min(days)
