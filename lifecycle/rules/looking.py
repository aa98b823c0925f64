"""Looking at a person's facts on a day, by the law of that day: what a rule reads is remembered, so that its answer says what it rests on.

Pure. A rule says with `again` on which day its answer changes although no fact does; the parameters that it read say so themselves.
"""

from datetime import date
from typing import Any, TypeVar

from lifecycle.rules.facts import FactKind, FactMissing, Facts, Said
from lifecycle.rules.parameters import YANTAI, Parameters, Reading, shipped

T = TypeVar("T")


class Looking:
    """One look of one rule at one person on one day."""

    def __init__(self, facts: Facts, as_of: date, parameters: Parameters | None = None, region: str = YANTAI) -> None:
        """Look at `facts` on `as_of`."""
        self.as_of = as_of
        self.law: Reading = (parameters or shipped()).reading(as_of, region)
        self._facts = facts
        self._read: dict[tuple[str, str], Said[Any]] = {}
        self._looked_for: set[str] = set()
        self._again: date | None = None

    @property
    def facts(self) -> tuple[Said[Any], ...]:
        """The facts that were read."""
        return tuple(self._read.values())

    @property
    def next_change(self) -> date | None:
        """The first day after `as_of` on which the answer may be another, by what the rule said and the law's own dates."""
        days = [day for day in (self._again, *self.law.changes) if day is not None and day > self.as_of]
        return min(days, default=None)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of facts that were looked for, known or not."""
        return tuple(sorted(self._looked_for))

    def find(self, kind: FactKind[T]) -> T | None:
        """A fact, if it is known. Refuses `FactDisputed`."""
        self._looked_for.add(kind.name)
        best = self._facts.best(kind)
        if best is None:
            return None
        self._read[best.kind, best.source] = best
        return best.value

    def need(self, kind: FactKind[T]) -> T:
        """A fact without which there is no answer. Refuses `FactMissing`, `FactDisputed`."""
        value = self.find(kind)
        if value is None:
            raise FactMissing(kind)
        return value

    def told_on(self, kind: FactKind[Any]) -> date:
        """As of which day a fact that was found is told."""
        return next(said.as_of for said in self.facts if said.kind == kind.name)

    def again(self, day: date | None) -> None:
        """Say that the answer may be another from a day on; days that have come are left out."""
        if day is not None and day > self.as_of:
            self._again = day if self._again is None else min(self._again, day)
