"""What this room tells."""

from typing import ClassVar

from app.kernel.events import Event


class AnswerSettled(Event, frozen=True, kw_only=True):
    """Nobody waits for an answer any more: it came in the exchange `subject_id`, or wasn't given in spite of all asking.

    `citizen_id` is whom the question was about.
    """

    kind: ClassVar[str] = "exchange.answer_settled"
