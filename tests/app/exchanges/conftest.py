"""A city whose departments answer late, and the portal's clients in it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from litestar import Litestar

from app.embedded.ports import free_block
from integrations.outgoing import http_client
from tests.makers.callers import the_recorded_authorities
from tests.makers.cases import CityPorts
from tests.makers.city import Town, a_town


@pytest_asyncio.fixture(scope="package")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    portal = f"http://127.0.0.1:{free_block()}"
    async with a_town(tmp_path_factory.mktemp("late-city"), portal=portal) as running:
        yield running


@pytest_asyncio.fixture
async def ports(app: Litestar, town: Town) -> AsyncIterator[CityPorts]:
    await the_recorded_authorities()
    async with http_client([town.options.origin]) as http:
        yield CityPorts(town, http)
