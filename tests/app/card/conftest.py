"""A running city, our real client of its WeChat Pay, and the card's endpoints over HTTP with both."""

from collections.abc import AsyncIterator
from typing import Any, cast

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar
from litestar.di import Provide
from litestar.exceptions import HTTPException

from app.card.callback_routes import WeChatPayCallbackController
from app.card.cancellation_routes import CancellationController
from app.card.fare_routes import FareController
from app.card.holder_routes import HolderController
from app.card.points_of_sale_routes import PointOfSaleController
from app.card.routes import CardController
from app.card.scan_routes import ScanController
from app.card.statement_routes import StatementController
from app.card.terminal_routes import TerminalController
from app.identity import callers
from app.identity.terminal_enrolment_routes import TerminalEnrolmentController
from app.kernel.bodies import StrictRequest
from app.kernel.errors import Refusal
from app.kernel.idempotency import provide_once
from app.kernel.problems import on_fault, on_http_exception, on_refusal
from app.kernel.settings import Settings
from tests.makers.channel import Platform, no_pause
from tests.makers.city import Town, a_town


@pytest.fixture(autouse=True)
def started(app: object) -> None:
    """The application's pool is open."""


@pytest_asyncio.fixture(scope="session")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A city for this room's tests."""
    async with a_town(tmp_path_factory.mktemp("city")) as running:
        yield running


@pytest.fixture
def platform(town: Town) -> Platform:
    """WeChat Pay as it stands in the city, with our account there."""
    return Platform(town, no_pause)


@pytest_asyncio.fixture
async def shop(platform: Platform, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The card's endpoints, with the city's WeChat Pay behind them."""
    application = Litestar(
        [
            *(
                CancellationController,
                CardController,
                FareController,
                HolderController,
                ScanController,
                StatementController,
            ),
            *(TerminalController, TerminalEnrolmentController, PointOfSaleController, WeChatPayCallbackController),
        ],
        before_request=callers.recognise,
        dependencies={
            "once": Provide(provide_once),
            "officer": callers.recognised("officer"),
            "citizen": callers.recognised("citizen"),
            "terminal": callers.recognised("terminal"),
            "payments": Provide(lambda: platform.client, sync_to_thread=False),
        },
        request_class=StrictRequest,
        exception_handlers={Refusal: on_refusal, HTTPException: on_http_exception, Exception: on_fault},
    )
    transport = httpx.ASGITransport(cast("Any", application), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=settings.public_origin) as client:
        yield client
