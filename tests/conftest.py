"""One PostgreSQL for the run, one database per test worker, and the application over HTTP."""

import gc
from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Any, cast

import httpx
import hypothesis
import pytest
import pytest_asyncio
import structlog
from litestar import Litestar

from app.kernel.settings import Settings, load
from tests.makers import cluster
from tests.makers.applications import started

_worker = ExitStack()
# A loaded machine is slow, and that is no property of the code: no test is timed.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")
# Failures that tests provoke are logged; to draw each in colours, with its code, takes a tenth of a second.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the table of who may call what be written anew (tests/access)."""
    parser.addoption("--write-access-matrix", action="store_true", help="write tests/access/matrix.txt as it is found")


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers once; give each process that runs tests a database of its own."""
    if not cluster.is_worker(config):
        cluster.start()
    if cluster.is_worker(config) or cluster.runs_alone(config):
        cluster.join(getattr(config, "workerinput", {}).get("workerid", "alone"), _worker)
        gc.disable()


def pytest_collection_finish() -> None:
    """Begin to look for garbage, apart from what was collected: going over thirteen thousand tests took a third of the time."""
    gc.freeze()
    gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Drop what was made, and stop what was started."""
    _worker.close()
    if not cluster.is_worker(config):
        cluster.stop()


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Settings of this test worker."""
    return load()


@pytest_asyncio.fixture(scope="session")
async def app(settings: Settings) -> AsyncIterator[Litestar]:
    """The whole application, started."""
    from app.main import create_app

    application = create_app(settings)
    async with started(application):
        yield application


@pytest_asyncio.fixture
async def http(app: Litestar, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of nobody in particular."""
    transport = httpx.ASGITransport(cast("Any", app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=settings.public_origin) as client:
        yield client
