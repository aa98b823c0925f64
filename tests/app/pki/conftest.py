"""The authorities of this worker's folder, and the room's routes alone over HTTP."""

from collections.abc import AsyncIterator
from typing import Any, cast

import httpx
import pytest_asyncio
from litestar import Litestar
from litestar.exceptions import HTTPException

from app.kernel.bodies import StrictRequest
from app.kernel.errors import Refusal
from app.kernel.problems import on_fault, on_http_exception, on_refusal
from app.kernel.settings import Settings
from app.pki.authorities import Authorities, authorities
from app.pki.enrolment import record_own
from app.pki.routes import PkiController, VerifyController
from app.pki.setup import prepare
from tests.makers.pools import an_open_pool


@pytest_asyncio.fixture(scope="module")
async def own(settings: Settings) -> AsyncIterator[Authorities]:
    """This worker's authorities, set up as `fuhai migrate` does; the pool is open while the module needs it, no longer."""
    async with an_open_pool(settings):
        await record_own(prepare(settings))
        yield authorities()


@pytest_asyncio.fixture
async def anyone(own: Authorities, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of nobody in particular, before this room's routes."""
    app = Litestar(
        [PkiController, VerifyController],
        request_class=StrictRequest,
        exception_handlers={Refusal: on_refusal, HTTPException: on_http_exception, Exception: on_fault},
    )
    transport = httpx.ASGITransport(cast("Any", app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=settings.public_origin) as client:
        yield client
