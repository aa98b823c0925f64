"""The application runs, so that its pool is open."""

import pytest


@pytest.fixture(autouse=True)
def started(app: object) -> None:
    """The application's pool is open."""
