"""The card's endpoints and this room's over HTTP, connected as in the product."""

from collections.abc import AsyncIterator
from typing import Any, cast

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from app.kernel.settings import Settings


@pytest.fixture(autouse=True)
def started(app: Litestar) -> None:
    """The application's pool is open."""


@pytest_asyncio.fixture
async def portal(app: Litestar, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The product over HTTP."""
    transport = httpx.ASGITransport(cast("Any", app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=settings.public_origin) as client:
        yield client
