"""Powers to act for another (代办): what they can be given for, and how each stands on a day. Pure."""

from datetime import date, datetime
from enum import StrEnum
from typing import Final

import msgspec

from app.kernel.actors import Scope
from app.residents.ages import ADULT_AT, CONSENTS_AT, birthday

SIGNING: Final = frozenset({Scope.CASES})
"""Scopes in which a delegate signs in the giver's affairs: giving them takes more than a session."""
MINORS_OWN: Final = frozenset({Scope.NOTICES_READ, Scope.DISK_READ})
"""What is a minor's own from 14 on, whoever is their guardian (未成年人保护法 art. 63: letters and diaries)."""


class State(StrEnum):
    """What a delegation's row says."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ENDED = "ended"


class Standing(StrEnum):
    """How a delegation stands now: its state, unless its time is over."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ENDED = "ended"
    LAPSED = "lapsed"
    EXPIRED = "expired"


class Window(msgspec.Struct, frozen=True):
    """The days on which a power holds; the first and the last belong to it."""

    valid_from: date
    valid_to: date

    def holds(self, day: date) -> bool:
        """Whether the power holds on a day."""
        return self.valid_from <= day <= self.valid_to

    def may_be_offered(self, today: date, days_max: int) -> bool:
        """Whether it begins today or later, has a day at least, and ends within so many days, today being the first."""
        return today <= self.valid_from <= self.valid_to and (self.valid_to - today).days < days_max


def standing(state: State, window: Window, answer_by: datetime, now: datetime) -> Standing:
    """How a delegation stands: an offer that nobody answered lapses, and an accepted power expires after its last day."""
    if state is State.OFFERED and (answer_by <= now or window.valid_to < now.date()):
        return Standing.LAPSED
    if state is State.ACCEPTED and window.valid_to < now.date():
        return Standing.EXPIRED
    return Standing(state.value)


def guardians_scopes(born_on: date | None, today: date, *, apart: bool) -> frozenset[Scope]:
    """What a guardian may do by header for a ward born on a day.

    A minor of 14 keeps what is their own; an adult who needs a guardian needs one for all of it. Who lives apart from the ward
    looks, and applies for nothing alone.
    """
    reads_alone = born_on is not None and birthday(born_on, CONSENTS_AT) <= today < birthday(born_on, ADULT_AT)
    withheld = (MINORS_OWN if reads_alone else frozenset()) | ({Scope.CASES} if apart else frozenset())
    return frozenset(Scope) - withheld
