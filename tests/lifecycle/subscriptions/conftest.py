"""Subscriptions without a city to ask."""

from collections.abc import Iterator

import pytest
import pytest_asyncio

from app.kernel.database import execute, transaction
from lifecycle.marriage.single import MATTER
from lifecycle.subscriptions import conditions
from tests.makers.transactions import SYSTEM


@pytest.fixture
def nobody_is_asked() -> Iterator[None]:
    """Let nobody be asked whether somebody is single; the city plays that in a test of its own."""
    check = conditions._checks.pop(MATTER)
    yield
    conditions._checks[MATTER] = check


@pytest_asyncio.fixture(autouse=True)
async def nothing_sent_before(app: object) -> None:
    """Let what other tests sent of a matter lie so far back that it counts no more."""
    async with transaction(SYSTEM):
        await execute("UPDATE campaign SET decided_at = decided_at - interval '90 days' WHERE matter IS NOT NULL")
