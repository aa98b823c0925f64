"""The web application."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from litestar import Litestar
from litestar.exceptions import HTTPException

from app import contract, wiring
from app.embedded.addresses import settle
from app.identity.callers import recognise
from app.kernel import answer_headers, logs
from app.kernel.bodies import LARGEST_BODY_BYTES, StrictRequest
from app.kernel.collecting import collect_seldom
from app.kernel.database import close_pool, open_pool
from app.kernel.errors import Refusal
from app.kernel.problems import on_fault, on_http_exception, on_refusal
from app.kernel.settings import Settings
from app.wired_routes import ROUTES

Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


def create_app(settings: Settings | None = None) -> Litestar:
    """The whole product as one ASGI application; it opens its pool and connections when it starts."""
    if settings is None:
        settings = settle()
        logs.configure(settings)
    connected = wiring.connect(settings)

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        await open_pool(settings)
        try:
            async with connected.running():
                collect_seldom()
                yield
        finally:
            await close_pool()

    return assemble(connected, lifespan)


def assemble(connected: wiring.Connected, *lifespan: Lifespan) -> Litestar:
    """The application over a connected product; whoever gives no lifespan holds pool and connections open themselves."""
    return Litestar(
        route_handlers=ROUTES,
        dependencies=connected.dependencies(),
        before_request=recognise,
        lifespan=[*lifespan],
        request_class=StrictRequest,
        request_max_body_size=LARGEST_BODY_BYTES,
        before_send=[answer_headers.complete],
        exception_handlers={Refusal: on_refusal, HTTPException: on_http_exception, Exception: on_fault},
        openapi_config=contract.config(),
        logging_config=None,
    )
