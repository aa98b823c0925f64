"""What a dispute can be, and which step leads from where to where."""

from enum import StrEnum
from typing import Final


class DisputeState(StrEnum):
    """How far a dispute is; the last three are its ends."""

    OPEN = "open"
    CLAIMED = "claimed"
    AWAITING_EVIDENCE = "awaiting_evidence"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class DisputeStep(StrEnum):
    """What is done with it: the payer opens or withdraws it, one officer handles it and proposes, another decides."""

    OPEN = "open"
    CLAIM = "claim"
    RELEASE = "release"
    ASK_EVIDENCE = "ask_evidence"
    GIVE_EVIDENCE = "give_evidence"
    PROPOSE = "propose"
    SEND_BACK = "send_back"
    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"


ENDED: Final = frozenset({DisputeState.ACCEPTED, DisputeState.REJECTED, DisputeState.WITHDRAWN})
UNDECIDED: Final = tuple(state for state in DisputeState if state not in ENDED)
_HANDLED: Final = (DisputeState.CLAIMED, DisputeState.AWAITING_EVIDENCE)
NEXT: Final[dict[tuple[DisputeState, DisputeStep], DisputeState]] = {
    (DisputeState.OPEN, DisputeStep.CLAIM): DisputeState.CLAIMED,
    **{(state, DisputeStep.RELEASE): DisputeState.OPEN for state in _HANDLED},
    (DisputeState.CLAIMED, DisputeStep.ASK_EVIDENCE): DisputeState.AWAITING_EVIDENCE,
    **{(state, DisputeStep.GIVE_EVIDENCE): DisputeState.CLAIMED for state in _HANDLED},
    **{(state, DisputeStep.PROPOSE): DisputeState.PROPOSED for state in _HANDLED},
    (DisputeState.PROPOSED, DisputeStep.SEND_BACK): DisputeState.CLAIMED,
    (DisputeState.PROPOSED, DisputeStep.ACCEPT): DisputeState.ACCEPTED,
    (DisputeState.PROPOSED, DisputeStep.REJECT): DisputeState.REJECTED,
    **{(state, DisputeStep.WITHDRAW): DisputeState.WITHDRAWN for state in UNDECIDED},
}
"""Every step that can be taken; any other isn't."""
