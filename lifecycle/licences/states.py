"""The states of a licence and the steps between them. Pure.

A licence that is past its last day is `expired` whatever its row says; no step leads there, and none leads back: it is renewed.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, Literal, Protocol

from lifecycle.licences.errors import LicenceStateDiffers

LicenceState = Literal["valid", "expired", "revoked", "annulled", "suspended", "replaced"]


class Step(StrEnum):
    """What is done with a licence after its issue. Revoking is 注销, annulling is 撤销 (行政许可法 arts. 69, 70)."""

    SUSPEND = "suspend"
    RESUME = "resume"
    PROPOSE_REVOKE = "propose_revoke"
    PROPOSE_ANNUL = "propose_annul"
    REFUSE = "refuse"
    REVOKE = "revoke"
    ANNUL = "annul"
    REPLACE = "replace"


NEXT: Final[dict[tuple[LicenceState, Step], LicenceState]] = {
    ("valid", Step.SUSPEND): "suspended",
    ("suspended", Step.RESUME): "valid",
    ("valid", Step.PROPOSE_REVOKE): "valid",
    ("suspended", Step.PROPOSE_REVOKE): "suspended",
    ("valid", Step.PROPOSE_ANNUL): "valid",
    ("suspended", Step.PROPOSE_ANNUL): "suspended",
    ("valid", Step.REFUSE): "valid",
    ("suspended", Step.REFUSE): "suspended",
    ("valid", Step.REVOKE): "revoked",
    ("suspended", Step.REVOKE): "revoked",
    ("valid", Step.ANNUL): "annulled",
    ("suspended", Step.ANNUL): "annulled",
    ("valid", Step.REPLACE): "replaced",
    ("suspended", Step.REPLACE): "replaced",
}
"""From the state that the row says; a licence past its last day still goes as `valid` here, since its office may yet annul it."""
PROPOSED: Final = {Step.PROPOSE_REVOKE: Step.REVOKE, Step.PROPOSE_ANNUL: Step.ANNUL}
"""What a second officer's yes does."""
INTERNAL: Final = frozenset({Step.PROPOSE_REVOKE, Step.PROPOSE_ANNUL, Step.REFUSE})
"""Steps between officers, which change nothing yet: they stand in the holder's log, and are told to nobody."""
_BESIDE: Final = frozenset({Step.SUSPEND, Step.RESUME})
"""Steps that leave a proposal open."""


class Taken(Protocol):
    """A step that was taken."""

    @property
    def step(self) -> Step:
        """Which."""


def after(state: LicenceState, step: Step) -> LicenceState:
    """The state that a step leads to; refuses `LicenceStateDiffers`."""
    found = NEXT.get((state, step))
    if found is None:
        raise LicenceStateDiffers(state=state)
    return found


def proposal(taken: Sequence[Taken]) -> int | None:
    """The place of the proposal that awaits a second officer among the steps taken, oldest first; nothing if none does."""
    for place in range(len(taken) - 1, -1, -1):
        if taken[place].step not in _BESIDE:
            return place if taken[place].step in PROPOSED else None
    return None
