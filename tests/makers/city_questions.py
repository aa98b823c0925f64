"""Asking a department of the sandbox city, without the exchange around it."""

from typing import Any

import msgspec
import pytest

from integrations.city.departments import SERVICES
from integrations.city.outcomes import Outcome, QuestionRefused
from tests.makers.city_people import the_same_city


def answer(department: str, service: str, **asked: Any) -> Outcome:
    """What a department says to a question."""
    return SERVICES[department][service](the_same_city(), msgspec.Raw(msgspec.json.encode(asked)))


def told(department: str, service: str, **asked: Any) -> Any:
    """What a department tells everybody."""
    outcome = answer(department, service, **asked)
    assert outcome.status == "ok"
    return outcome.body


def refuses(department: str, service: str, **asked: Any) -> None:
    """The question hasn't the service's shape."""
    with pytest.raises(QuestionRefused) as refused:
        answer(department, service, **asked)
    assert refused.value.reason == "body_malformed"
