"""One server for each file: what outside clients speak to."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import pytest_asyncio

from app.kernel.settings import Settings
from tests.makers.serving import a_running_server


@pytest_asyncio.fixture(scope="module")
async def portal(settings: Settings) -> AsyncIterator[str]:
    """The address of a running server."""
    async with a_running_server(settings) as chosen:
        yield chosen.public_origin


@pytest.fixture
def anyone(portal: str) -> Iterator[httpx.Client]:
    """A client of nobody in particular, over real HTTP."""
    with httpx.Client(base_url=portal, trust_env=False) as client:
        yield client
