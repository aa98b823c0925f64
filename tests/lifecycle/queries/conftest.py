"""A running city of twenty thousand, and every stage's queries asked there."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from litestar import Litestar

from app import wired_queries
from app.embedded.ports import free_block
from integrations.outgoing import http_client
from lifecycle.travel import stage as travel
from tests.makers.cases import CityPorts
from tests.makers.city import Town, a_town
from tests.makers.city_people import PEOPLE, SEED


@pytest_asyncio.fixture(scope="session")
async def large_town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A city in which most registers have somebody."""
    portal = f"http://127.0.0.1:{free_block()}"
    folder = tmp_path_factory.mktemp("large-city")
    async with a_town(folder, people=PEOPLE, seed=SEED, portal=portal) as running:
        yield running


@pytest_asyncio.fixture
async def registers(app: Litestar, large_town: Town) -> AsyncIterator[CityPorts]:
    """Every query, connected to the running city."""
    async with http_client([large_town.options.origin]) as http:
        ports = CityPorts(large_town, http)
        wired_queries.register(ports.registers)
        travel.register(ports.transit)
        yield ports
