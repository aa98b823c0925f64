"""Subscriptions without a city to ask."""

from collections.abc import Iterator

import pytest

from lifecycle.marriage.single import MATTER
from lifecycle.subscriptions import conditions


@pytest.fixture
def nobody_is_asked() -> Iterator[None]:
    """Let nobody be asked whether somebody is single; the city plays that in a test of its own."""
    check = conditions._checks.pop(MATTER)
    yield
    conditions._checks[MATTER] = check
