"""A running sandbox city for the stages, and the application with its departments there."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from litestar import Litestar

from integrations.outgoing import http_client
from lifecycle.birth import stage as birth
from tests.makers.cases import CityPorts, Family, a_family
from tests.makers.city import Town, a_town
from tests.makers.people import newborns_have_no_number


@pytest_asyncio.fixture(scope="session")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A city of sixty people on a port of its own."""
    async with a_town(tmp_path_factory.mktemp("city")) as running:
        yield running


@pytest_asyncio.fixture
async def ports(app: Litestar, town: Town) -> AsyncIterator[CityPorts]:
    """The stage of birth, connected to the running city."""
    await newborns_have_no_number()
    async with http_client([town.options.origin]) as http:
        ports = CityPorts(town, http)
        birth.register(ports.police, ports.health)
        yield ports


@pytest_asyncio.fixture
async def family(ports: CityPorts, town: Town) -> Family:
    """A family with a newborn child."""
    return await a_family(town)
