"""What departments said last about a person, as facts.

A stage says what a department's answer means. What needs a consent to be used ahead of need is left out without it.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import System
from app.privacy.consents import is_given
from app.privacy.purposes import PURPOSES, Purpose
from lifecycle.queries.remembered import Fact, Remembered, recall_all
from lifecycle.rules.facts import FactKind, Said

GATHERER: Final = System("facts")
Meaning = Callable[[Any, date], Iterable[tuple[FactKind[Any], Any]]]
_CONSENTS: Final = {purpose.department: purpose for purpose in PURPOSES.values() if purpose.department}


class Meant(msgspec.Struct, frozen=True):
    """What an answer means: the remembered fact, and a pure function of its body and day to kinds with their values.

    It holds as long as it may be shown, or for a time of its own: what a licence ends on is so for years. `refreshed` is what
    somebody asks for anew by themselves.
    """

    fact: Fact[Any]
    meaning: Meaning
    holds_for: timedelta | None = None
    refreshed: bool = False

    def holds(self, answer: Remembered[Any]) -> bool:
        """Whether what an answer means may still be relied on."""
        if self.holds_for is None:
            return self.fact.is_usable(answer)
        return clock.now() - answer.asked_at < self.holds_for


_meanings: Final[dict[str, Meant]] = {}


def register_meaning(
    fact: Fact[Any], meaning: Meaning, *, holds_for: timedelta | None = None, refreshed: bool = False
) -> None:
    """Have a department's remembered answer understood; called from wiring. Doing it again replaces it."""
    _meanings[fact.name] = Meant(fact, meaning, holds_for, refreshed)


async def of_departments(person_id: UUID) -> Iterable[Said[Any]]:
    """What remembered answers say of a person; in a system transaction. Answers that are too old to be shown say nothing."""
    kept = await recall_all(GATHERER, [person_id], [meant.fact for meant in _meanings.values()])
    found: list[Said[Any]] = []
    for (_, name), answer in kept.items():
        meant = _meanings[name]
        if meant.holds(answer) and await _may_use(person_id, _CONSENTS.get(answer.department)):
            found += _said(meant, answer)
    return found


def _said(meant: Meant, answer: Remembered[Any]) -> Iterable[Said[Any]]:
    day = clock.local(answer.as_of).date()
    return [Said(kind.name, value, answer.department, day, "told") for kind, value in meant.meaning(answer.body, day)]


async def _may_use(person_id: UUID, purpose: Purpose | None) -> bool:
    return purpose is None or await is_given(person_id, purpose)


async def fresh_until(person_id: UUID) -> datetime | None:
    """Until when nobody need be asked again about a person; the past where a department told of a change; none where nobody was asked.

    In a system transaction. Only what is asked for anew by itself counts.
    """
    kept = await recall_all(GATHERER, [person_id], [meant.fact for meant in _meanings.values() if meant.refreshed])
    return min(
        (answer.changed_at or answer.asked_at + _meanings[name].fact.fresh_for for (_, name), answer in kept.items()),
        default=None,
    )
