"""Events of the tests' own, and a subscriber that hears them."""

from typing import Self
from uuid import UUID

import pytest

from app.kernel import events
from app.kernel.actors import System
from app.kernel.database import transaction
from app.kernel.events import Event, deliver_pending, tell
from app.kernel.ids import new_person_id

_TESTS = System("tests")


class Rang(Event, frozen=True, kw_only=True):
    kind = "tests.rang"


class Heard:
    """A subscriber that remembers, and can be told to fail."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.failing: set[UUID] = set()

    async def __call__(self, event: Event) -> None:
        self.events.append(event)
        if event.subject_id in self.failing:
            raise RuntimeError("told to fail")

    @classmethod
    def alone(cls, monkeypatch: pytest.MonkeyPatch) -> Self:
        """The only subscriber of `Rang` in this test."""
        monkeypatch.setitem(events._subscribers, Rang.kind, [])
        heard = cls()
        events.subscribe(Rang, heard)
        return heard

    def of(self, stream: UUID) -> list[UUID]:
        return [event.subject_id for event in self.events if stream in {event.citizen_id, event.subject_id}]


async def rings(citizen: UUID, times: int = 1) -> list[UUID]:
    """Tell of so many rings, and give their subjects in order."""
    subjects = [new_person_id() for _ in range(times)]
    for subject in subjects:
        async with transaction(_TESTS):
            await tell(Rang(subject_id=subject, citizen_id=citizen))
    return subjects


async def deliver() -> None:
    while await deliver_pending():
        pass
