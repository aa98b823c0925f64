"""What departments may answer late: known from wiring, so that an answer is read when it comes, whoever asked."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from app.kernel.bodies import decode_strictly
from integrations.departments.answers import Expected
from integrations.exchange.errors import AnswerAboutAnother, AnswerNotAwaited

Service = tuple[str, str]
"""A department's code, and the name of its service."""
_expected: Final[dict[Service, Expected]] = {}


def register_expected(services: Mapping[Service, Expected]) -> None:
    """Make known what services answer; called from wiring."""
    _expected.update(services)


def is_known(department: str, service: str) -> bool:
    """Whether the portal ever asks a department this."""
    return (department, service) in _expected


def expected_of(department: str, service: str) -> Expected:
    """What a service answers; refuses `AnswerNotAwaited` where nobody asks it any more."""
    expected = _expected.get((department, service))
    if expected is None:
        raise AnswerNotAwaited
    return expected


def refuse_unless_fit(expected: Expected, asked: Mapping[str, Any], body: msgspec.Raw) -> None:
    """Refuse a body of another shape, and (`AnswerAboutAnother`) one that is about somebody or something else than was asked."""
    said = decode_strictly(bytes(body), expected.operation(asked).answer)
    if not expected.is_about(said, asked):
        raise AnswerAboutAnother
