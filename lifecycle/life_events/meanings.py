"""What a person's standing events mean as facts. Pure.

A declared event is sure as far as its declarer goes (`declared`); what a department told, `told`. What several events mean together
(a pregnancy and a birth, a job and its loss) is as sure as the least sure of them.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

import msgspec

from lifecycle.life_events.plausible import Details
from lifecycle.rules.fact_kinds import (
    ADDRESS_SINCE,
    DISABILITY_GRADE,
    EVENTS,
    JOB,
    MARITAL_STATUS,
    MARRIED_ON,
    PREGNANCY,
    RESIDENCE,
    STUDYING,
    UNEMPLOYED_SINCE,
    Job,
    Pregnancy,
    Residence,
)
from lifecycle.rules.facts import Confidence, FactKind, Said

SOURCE: Final = "life_events"
MEANS: Final[dict[str, tuple[FactKind[Any], ...]]] = {
    "E_PREGNANT": (PREGNANCY,),
    "E_CHILD_BORN": (PREGNANCY,),
    "E_EMPLOYED": (JOB, UNEMPLOYED_SINCE),
    "E_JOB_LOST": (JOB, UNEMPLOYED_SINCE),
    "E_MARRIED": (MARITAL_STATUS, MARRIED_ON),
    "E_DIVORCED": (MARITAL_STATUS, MARRIED_ON),
    "E_MOVED": (RESIDENCE,),
    "E_NEW_CITIZEN": (RESIDENCE, ADDRESS_SINCE),
    "E_STUDENT": (STUDYING,),
    "E_GRADUATED": (STUDYING,),
    "E_DISABILITY_CERT": (DISABILITY_GRADE,),
}
"""The kinds of fact that an event bears on, beside that it happened."""


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """A standing event: which, when, said when, and what else was said."""

    code: str
    occurred_on: date
    stated_on: date
    confidence: Confidence
    details: Details = {}

    @property
    def since(self) -> date:
        """Since when it is so: as was said, or from the day of the event on."""
        said = self.details.get("since")
        return self.occurred_on if said is None else date.fromisoformat(str(said))


def kinds_of(code: str) -> tuple[FactKind[Any], ...]:
    """The kinds of fact that an event bears on."""
    return (EVENTS, *MEANS.get(code, ()))


def meant(events: Iterable[Happened]) -> Iterator[Said[Any]]:
    """What standing events mean together; nothing where there are none."""
    found = sorted(events, key=lambda one: (one.occurred_on, one.code))
    if not found:
        return
    yield _said(EVENTS, tuple(dict.fromkeys((one.code, one.occurred_on) for one in found)), *found)
    yield from _pregnancy(found)
    yield from _work(found)
    yield from _marriage(found)
    yield from _home(found)
    yield from _studies(found)
    yield from _disability(found)


def _pregnancy(found: list[Happened]) -> Iterator[Said[Any]]:
    """The newest pregnancy, ended by a birth that was told or declared since."""
    pregnant = _newest(found, "E_PREGNANT")
    if pregnant is None:
        return
    began = date.fromisoformat(str(pregnant.details["last_period_on"]))
    born = next((one for one in found if one.code == "E_CHILD_BORN" and one.occurred_on > began), None)
    used = (pregnant,) if born is None else (pregnant, born)
    yield _said(PREGNANCY, Pregnancy(began, born.occurred_on if born else None), *used)


def _work(found: list[Happened]) -> Iterator[Said[Any]]:
    """The newest job, ended by its loss; out of work since a loss that no job followed."""
    hired, lost = _newest(found, "E_EMPLOYED"), _newest(found, "E_JOB_LOST")
    if hired is not None:
        ended = lost is not None and lost.since >= hired.since
        yield _said(JOB, Job(hired.since, lost.since if lost and ended else None), hired, *((lost,) if ended else ()))
    if lost is not None and (hired is None or hired.since <= lost.since):
        yield _said(UNEMPLOYED_SINCE, lost.since, lost)


def _marriage(found: list[Happened]) -> Iterator[Said[Any]]:
    newest = _newest(found, "E_MARRIED", "E_DIVORCED")
    if newest is None:
        return
    married = newest.code == "E_MARRIED"
    yield _said(MARITAL_STATUS, "married" if married else "divorced", newest)
    if married:
        yield _said(MARRIED_ON, newest.occurred_on, newest)


def _home(found: list[Happened]) -> Iterator[Said[Any]]:
    """Where somebody lives since they moved last, and since when in Yantai."""
    moved, came = _newest(found, "E_MOVED", "E_NEW_CITIZEN"), _newest(found, "E_NEW_CITIZEN")
    if moved is not None:
        yield _said(RESIDENCE, Residence(str(moved.details["division"]), moved.since), moved)
    if came is not None:
        yield _said(ADDRESS_SINCE, came.since, came)


def _studies(found: list[Happened]) -> Iterator[Said[Any]]:
    newest = _newest(found, "E_STUDENT", "E_GRADUATED")
    if newest is not None:
        yield _said(STUDYING, newest.code == "E_STUDENT", newest)


def _disability(found: list[Happened]) -> Iterator[Said[Any]]:
    assessed = _newest(found, "E_DISABILITY_CERT")
    grade = None if assessed is None else assessed.details.get("grade")
    if assessed is not None and isinstance(grade, int):
        yield _said(DISABILITY_GRADE, grade, assessed)


def _newest(found: list[Happened], *codes: str) -> Happened | None:
    return next((one for one in reversed(found) if one.code in codes), None)


def _said(kind: FactKind[Any], value: object, *used: Happened) -> Said[Any]:
    sure: Confidence = "declared" if any(one.confidence == "declared" for one in used) else "told"
    return Said(kind.name, value, SOURCE, max(one.stated_on for one in used), sure)
