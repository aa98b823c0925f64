"""Asking a department of the sandbox city, without the exchange around it."""

from typing import Any

import msgspec
import pytest

from integrations.city.departments import SERVICES
from integrations.city.outcomes import Outcome, QuestionRefused
from integrations.city.people import Person
from tests.makers.city_people import the_same_city


def asked(person: Person | None = None, /, **parts: object) -> msgspec.Raw:
    """A question's body, about a person or about nobody."""
    about = {} if person is None else {"id_number": person.id_number}
    return msgspec.Raw(msgspec.json.encode(about | parts))


def answer(department: str, service: str, **parts: Any) -> Outcome:
    """What a department says to a question."""
    return SERVICES[department][service](the_same_city(), asked(**parts))


def told(department: str, service: str, **parts: Any) -> Any:
    """What a department tells everybody."""
    outcome = answer(department, service, **parts)
    assert outcome.status == "ok"
    return outcome.body


def refuses(department: str, service: str, **parts: Any) -> None:
    """The question hasn't the service's shape."""
    with pytest.raises(QuestionRefused) as refused:
        answer(department, service, **parts)
    assert refused.value.reason == "body_malformed"
