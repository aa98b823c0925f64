"""A running city of twenty thousand, and every stage's applications connected to it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from litestar import Litestar

from app import wired_applications
from app.embedded.ports import free_block
from app.kernel import clock
from integrations.outgoing import http_client
from tests.makers.applying import Sample, happen_in
from tests.makers.callers import the_recorded_authorities
from tests.makers.cases import CityPorts
from tests.makers.city import Town, a_town
from tests.makers.city_people import PEOPLE, SEED
from tests.makers.days import let_the_clock_be_turned
from tests.makers.parameters import let_hold
from tests.makers.people import newborns_have_no_number


@pytest_asyncio.fixture(scope="session")
async def large_town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A city of twenty thousand, in which every matter fits somebody."""
    portal = f"http://127.0.0.1:{free_block()}"
    folder = tmp_path_factory.mktemp("applying-city")
    async with a_town(folder, people=PEOPLE, seed=SEED, portal=portal) as running:
        happen_in(running)
        yield running


@pytest_asyncio.fixture(autouse=True)
async def departments(app: Litestar, large_town: Town) -> AsyncIterator[CityPorts]:
    """Every application, asked and carried out in the running city."""
    await the_recorded_authorities()
    await newborns_have_no_number()
    async with http_client([large_town.options.origin]) as http:
        ports = CityPorts(large_town, http)
        wired_applications.register(ports.registers, ports.orders)
        yield ports


@pytest.fixture(autouse=True)
def a_day_on_which_it_can_be_applied_for(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that can be turned on, and the parameters by which the sample's matter can be applied for today."""
    let_the_clock_be_turned(monkeypatch)
    made = getattr(request.node, "callspec", None)
    sample = made.params.get("sample") if made else None
    if isinstance(sample, Sample) and sample.holds is not None:
        let_hold(monkeypatch, sample.holds(clock.today()))
