"""A running city of twenty thousand, and every stage's bills asked there."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from litestar import Litestar

from app import wired_bills
from integrations.outgoing import http_client
from tests.makers.callers import the_recorded_authorities
from tests.makers.cases import CityPorts
from tests.makers.city import Town, a_town
from tests.makers.city_people import PEOPLE, SEED


@pytest_asyncio.fixture(scope="session")
async def large_town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A city in which every matter finds somebody who owes something."""
    async with a_town(tmp_path_factory.mktemp("owing-city"), people=PEOPLE, seed=SEED) as running:
        yield running


@pytest_asyncio.fixture(autouse=True)
async def departments(app: Litestar, large_town: Town) -> AsyncIterator[CityPorts]:
    """Every bill, asked in the running city."""
    await the_recorded_authorities()
    async with http_client([large_town.options.origin]) as http:
        ports = CityPorts(large_town, http)
        wired_bills.register(ports.registers)
        yield ports
