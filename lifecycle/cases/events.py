"""What happens to cases. `citizen_id` is whom the case concerns, `subject_id` the case."""

from typing import Final

from app.kernel.events import Event
from lifecycle.cases.states import State, Step


class CaseSubmitted(Event, frozen=True, kw_only=True):
    """A citizen signed and submitted it."""

    kind = "case.submitted"


class CaseAccepted(Event, frozen=True, kw_only=True):
    """The department accepted it (受理): the clock runs."""

    kind = "case.accepted"


class CaseDeclined(Event, frozen=True, kw_only=True):
    """The department didn't accept it (不予受理)."""

    kind = "case.declined"


class CorrectionRequested(Event, frozen=True, kw_only=True):
    """Something is wrong or missing (补正): the clock stops."""

    kind = "case.correction_requested"


class CorrectionAnswered(Event, frozen=True, kw_only=True):
    """The citizen answered: the clock runs on."""

    kind = "case.correction_answered"


class CaseApproved(Event, frozen=True, kw_only=True):
    """An officer approved it; the department's register follows."""

    kind = "case.approved"


class CaseRejected(Event, frozen=True, kw_only=True):
    """An officer rejected it, with a reason."""

    kind = "case.rejected"


class CaseIssued(Event, frozen=True, kw_only=True):
    """What was decided is done, and its licence issued."""

    kind = "case.issued"


class CaseWithdrawn(Event, frozen=True, kw_only=True):
    """The applicant withdrew it after submitting."""

    kind = "case.withdrawn"


class CaseLapsed(Event, frozen=True, kw_only=True):
    """A correction wasn't answered in time (视为撤回)."""

    kind = "case.lapsed"


class CaseOverdue(Event, frozen=True, kw_only=True):
    """The department is past its limit to decide."""

    kind = "case.overdue"


class CaseLapsesSoon(Event, frozen=True, kw_only=True):
    """A draft that nobody touches is thrown away soon."""

    kind = "case.lapses_soon"


class CaseRated(Event, frozen=True, kw_only=True):
    """The applicant rated how it was handled."""

    kind = "case.rated"


class RatingWasAnswered(Event, frozen=True, kw_only=True):
    """The office answered a rating."""

    kind = "case.rating_answered"


class OpinionMoved(Event, frozen=True, kw_only=True):
    """Another department was asked for its opinion, gave it, or isn't asked any more; `subject_id` is the opinion."""

    kind = "case.opinion_moved"


class CaseMoved(Event, frozen=True, kw_only=True):
    """Anything else that a desk shows: claimed, released, passed on, proposed, under review, suspended or reopened."""

    kind = "case.moved"


_BY_STEP: Final[dict[Step, type[Event]]] = {
    Step.SUBMIT: CaseSubmitted,
    Step.ACCEPT: CaseAccepted,
    Step.DECLINE: CaseDeclined,
    Step.REQUEST_CORRECTION: CorrectionRequested,
    Step.ANSWER_CORRECTION: CorrectionAnswered,
    Step.APPROVE: CaseApproved,
    Step.REJECT: CaseRejected,
    Step.ISSUE: CaseIssued,
    Step.WITHDRAW: CaseWithdrawn,
    Step.LAPSE: CaseLapsed,
}
ALL: Final[tuple[type[Event], ...]] = (*_BY_STEP.values(), CaseMoved, CaseOverdue)

ENDING: Final[tuple[type[Event], ...]] = (CaseDeclined, CaseRejected, CaseWithdrawn, CaseLapsed)
"""The events after which nobody's opinion is awaited."""


def event_of(step: Step, state_before: State) -> type[Event]:
    """Which event a step is told as; a draft that is thrown away was never on a desk."""
    return CaseMoved if state_before is State.DRAFT and step is not Step.SUBMIT else _BY_STEP.get(step, CaseMoved)
