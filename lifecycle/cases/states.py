"""The states of a case and every step between them; what doesn't stand here isn't possible. Pure.

Chinese terms: acceptance 受理, correction 补正, suspension 中止, issue 办结出证, lapse 视为撤回.
"""

from enum import StrEnum
from typing import Final, Literal

from lifecycle.cases.errors import StepNotAllowed


class State(StrEnum):
    """Where a case stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    NOT_ACCEPTED = "not_accepted"
    ACCEPTED = "accepted"
    CORRECTION_REQUESTED = "correction_requested"
    REVIEWING = "reviewing"
    SUSPENDED = "suspended"
    APPROVED = "approved"
    REJECTED = "rejected"
    ISSUED = "issued"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Step(StrEnum):
    """What moves a case from one state to another."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    ANSWER_CORRECTION = "answer_correction"
    ACCEPT = "accept"
    DECLINE = "decline"
    REQUEST_CORRECTION = "request_correction"
    REVIEW = "review"
    SUSPEND = "suspend"
    RESUME = "resume"
    APPROVE = "approve"
    REJECT = "reject"
    ISSUE = "issue"
    REOPEN = "reopen"
    CLOSE = "close"
    LAPSE = "lapse"


Mover = Literal["citizen", "officer", "system"]
BEFORE: Final = "before"
"""In the table: back to the state in which the case was interrupted."""

INTERRUPTED: Final = frozenset({State.CORRECTION_REQUESTED, State.SUSPENDED})
"""States in which the clock stands still."""
ENDED: Final = frozenset({State.NOT_ACCEPTED, State.REJECTED, State.CLOSED, State.WITHDRAWN, State.LAPSED})
"""States that nothing leads out of."""
OPEN: Final = frozenset(State) - ENDED - {State.ISSUED}
"""States in which somebody still has to do something."""
ON_DESK: Final = frozenset(
    {State.SUBMITTED, State.ACCEPTED, State.CORRECTION_REQUESTED, State.REVIEWING, State.SUSPENDED}
)
"""States in which the case lies on an officer's desk."""

NEXT: Final[dict[tuple[State, Step], State | Literal["before"]]] = {
    (State.DRAFT, Step.SUBMIT): State.SUBMITTED,
    (State.DRAFT, Step.WITHDRAW): State.WITHDRAWN,
    (State.DRAFT, Step.LAPSE): State.LAPSED,
    (State.SUBMITTED, Step.ACCEPT): State.ACCEPTED,
    (State.SUBMITTED, Step.DECLINE): State.NOT_ACCEPTED,
    (State.SUBMITTED, Step.REQUEST_CORRECTION): State.CORRECTION_REQUESTED,
    (State.SUBMITTED, Step.WITHDRAW): State.WITHDRAWN,
    (State.ACCEPTED, Step.REVIEW): State.REVIEWING,
    (State.ACCEPTED, Step.REQUEST_CORRECTION): State.CORRECTION_REQUESTED,
    (State.ACCEPTED, Step.SUSPEND): State.SUSPENDED,
    (State.ACCEPTED, Step.APPROVE): State.APPROVED,
    (State.ACCEPTED, Step.REJECT): State.REJECTED,
    (State.ACCEPTED, Step.WITHDRAW): State.WITHDRAWN,
    (State.ACCEPTED, Step.LAPSE): State.LAPSED,
    (State.REVIEWING, Step.REQUEST_CORRECTION): State.CORRECTION_REQUESTED,
    (State.REVIEWING, Step.SUSPEND): State.SUSPENDED,
    (State.REVIEWING, Step.APPROVE): State.APPROVED,
    (State.REVIEWING, Step.REJECT): State.REJECTED,
    (State.REVIEWING, Step.WITHDRAW): State.WITHDRAWN,
    (State.REVIEWING, Step.LAPSE): State.LAPSED,
    (State.CORRECTION_REQUESTED, Step.ANSWER_CORRECTION): BEFORE,
    (State.CORRECTION_REQUESTED, Step.WITHDRAW): State.WITHDRAWN,
    (State.CORRECTION_REQUESTED, Step.LAPSE): State.LAPSED,
    (State.SUSPENDED, Step.RESUME): BEFORE,
    (State.SUSPENDED, Step.WITHDRAW): State.WITHDRAWN,
    (State.APPROVED, Step.ISSUE): State.ISSUED,
    (State.APPROVED, Step.REOPEN): State.REVIEWING,
    (State.ISSUED, Step.CLOSE): State.CLOSED,
}

MOVERS: Final[dict[Step, Mover]] = {
    Step.SUBMIT: "citizen",
    Step.WITHDRAW: "citizen",
    Step.ANSWER_CORRECTION: "citizen",
    Step.ACCEPT: "officer",
    Step.DECLINE: "officer",
    Step.REQUEST_CORRECTION: "officer",
    Step.REVIEW: "officer",
    Step.SUSPEND: "officer",
    Step.RESUME: "officer",
    Step.APPROVE: "officer",
    Step.REJECT: "officer",
    Step.ISSUE: "system",
    Step.REOPEN: "system",
    Step.CLOSE: "system",
    Step.LAPSE: "system",
}


def steps_from(state: State, mover: Mover) -> tuple[Step, ...]:
    """The steps that somebody of a kind can take from a state, in the table's order."""
    return tuple(step for known, step in NEXT if known is state and MOVERS[step] == mover)


def next_state(state: State, step: Step, before: State | None = None) -> State:
    """The state after a step; `before` is where an interrupted case stood. Refuses (`StepNotAllowed`) every other step."""
    after = NEXT.get((state, step))
    if after is None:
        raise StepNotAllowed(state=state.value, step=step.value)
    if after != BEFORE:
        return State(after)
    if before is None or before in INTERRUPTED or before not in OPEN:
        raise StepNotAllowed(state=state.value, step=step.value)
    return before


def interrupted_in(state: State, after: State) -> State | None:
    """What an interrupted case must remember: the state in which it was interrupted."""
    return state if after in INTERRUPTED else None
