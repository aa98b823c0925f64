"""Where every room is connected: routes, dependencies, subscribers, jobs, verifiers, and the ports of outside parties.

The only file, beside `main` and `cli`, that knows every room. To add something, find its list below. A use case that asks an
outside party takes the port as a parameter: routes get it as a dependency (`police`, `health`, `sms`, `payments`), jobs by
`partial(handler, outside.police)`.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final

from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from app.audit.routes import AccessLogController
from app.health import HealthController
from app.identity import callers
from app.kernel.events import subscribe
from app.kernel.idempotency import provide_once
from app.kernel.jobs import register_job, register_timetable
from app.kernel.settings import Settings
from app.kernel.short_lived import sweep
from app.notices import campaigns
from app.notices.events import CampaignApproved
from app.notices.live import Hub
from app.notices.routes import AudienceController, CampaignController, InboxController
from app.outside import Outside
from app.records.routes import TimelineController
from lifecycle.birth.calculators import CALCULATORS as BIRTH_CALCULATORS
from lifecycle.catalogue.calculators import register_calculators
from lifecycle.catalogue.published import open_catalogue
from lifecycle.catalogue.routes import MatterController, StageController

ROUTES: Final[list[ControllerRouterHandler]] = [
    HealthController,
    AccessLogController,
    TimelineController,
    InboxController,
    AudienceController,
    CampaignController,
    StageController,
    MatterController,
]


class Connected:
    """The product with its outside parties connected, in one process (server or worker)."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.outside = Outside(settings)
        self.hub = Hub(settings)

    def dependencies(self) -> dict[str, Provide]:
        """What endpoints may ask for by name."""
        return {
            "once": Provide(provide_once),
            "hub": _constant(self.hub),
            "sms": _constant(self.outside.sms),
            "payments": _constant(self.outside.payments),
            "police": _constant(self.outside.police),
            "health": _constant(self.outside.health),
            "citizen": Provide(callers.provide_citizen),
            "officer": Provide(callers.provide_officer),
            "terminal": Provide(callers.provide_terminal),
            "proved_key": Provide(callers.proved_key),
        }

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep what must be open (HTTP clients, the live hub) open for as long as the process lives."""
        await open_catalogue()
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.outside.running())
            await stack.enter_async_context(self.hub.running())
            yield


def _constant(value: Any) -> Provide:
    return Provide(lambda: value, sync_to_thread=False)


def connect(settings: Settings) -> Connected:
    """Connect every room to the others and to the outside, as the settings say. Doing it again changes nothing."""
    connected = Connected(settings)
    register_calculators(*BIRTH_CALCULATORS)
    _subscribers()
    _jobs(connected.outside)
    return connected


def _subscribers() -> None:
    """Who is told of what; they run in this order."""
    subscribe(CampaignApproved, campaigns.on_approved)


def _jobs(_outside: Outside) -> None:
    """Work for the worker, and its timetable."""
    register_job(campaigns.PUBLISH_JOB, campaigns.PublishCampaign, campaigns.publish)
    register_timetable("sweep_short_lived", "*/5 * * * *", _sweep)


async def _sweep() -> None:
    await sweep()
