"""What a department of the city says to a question, before it is dated and signed."""

from typing import TypeVar

import msgspec

from integrations.exchange.structs import Status

Question = TypeVar("Question", bound=msgspec.Struct)


class Outcome(msgspec.Struct, frozen=True):
    """`ok` with a body, `not_found`, or `refused` with a reason in snake_case."""

    status: Status
    body: object = None
    reason: str | None = None


NOT_FOUND = Outcome("not_found")


class QuestionRefused(Exception):  # noqa: N818 - a refusal is named as a fact
    """The department doesn't do what it was asked; `reason` goes into the answer."""

    def __init__(self, reason: str) -> None:
        """Refuse for a reason in snake_case."""
        super().__init__(reason)
        self.reason = reason


def question(raw: msgspec.Raw, kind: type[Question]) -> Question:
    """Read a question's body; refuses (`body_malformed`) what doesn't have the service's shape."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.DecodeError as error:
        raise QuestionRefused("body_malformed") from error
