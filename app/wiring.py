"""Where every room is connected: routes, dependencies, subscribers, jobs, verifiers, and the clients of outside parties.

The only file, beside `main` and `cli`, that knows every room. To add something, find its list below.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from app.health import HealthController
from app.kernel.idempotency import provide_once
from app.kernel.settings import Settings

ROUTES: Final[list[ControllerRouterHandler]] = [
    HealthController,
]

DEPENDENCIES: Final = {
    "once": Provide(provide_once),
}


class Connected:
    """The product with its outside parties connected, in one process (server or worker)."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep what must be open (HTTP clients, live streams) open for as long as the process serves."""
        async with AsyncExitStack():
            yield


def connect(settings: Settings) -> Connected:
    """Connect every room to the others and to the outside, as the settings say. Doing it again changes nothing."""
    return Connected(settings)
