"""The city's process: one Litestar application on granian, on the loopback interface."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from typing import get_args

from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Litestar, Request, Response, get
from litestar.datastructures import State
from litestar.di import Provide

from app.embedded.ports import require_free
from app.kernel.errors import Refusal
from app.kernel.settings import SCANNER_OFFSET, Settings
from integrations.city.control import ControlController
from integrations.city.departments import DepartmentController, pack_event
from integrations.city.family_events import bury
from integrations.city.late_answers import pack_late_answer
from integrations.city.pay_control import PayControlController
from integrations.city.pay_orders import ApiRefused
from integrations.city.pay_platform import WeChatPayController, pack_callback, pack_refund_callback, refuse
from integrations.city.post import EventKind, Kind, Packer, PostOffice, new_http
from integrations.city.sms_channel import SmsController
from integrations.city.transit_feeds import TransitController
from integrations.city.virus_scanner import listening
from integrations.city.wechat import WeChatController
from integrations.city.world import City, CityOptions

ADDRESS = "127.0.0.1"
_EVENT_PACKERS: dict[Kind, Packer] = dict.fromkeys(get_args(EventKind), pack_event)


def options_of(settings: Settings) -> CityOptions:
    """Read how the city is to be run from the product's settings."""
    return CityOptions(
        folder=settings.var / "city",
        origin=settings.city_origin,
        portal=settings.public_origin,
        seed=settings.city_seed,
        people=settings.city_people,
        domain=settings.issuer_domain,
    )


def create_city(options: CityOptions) -> Litestar:
    """Build the city's application; its outgoing post is carried while it runs."""
    city = City(options)
    bury(city)

    @asynccontextmanager
    async def carrying_post(_: Litestar) -> AsyncGenerator[None, None]:
        async with new_http() as http:
            office = PostOffice(
                city,
                http,
                {
                    **_EVENT_PACKERS,
                    "late_answer": pack_late_answer,
                    "wechat_pay": pack_callback,
                    "wechat_pay_refund": pack_refund_callback,
                },
            )
            carrier = asyncio.create_task(office.run())
            carrier.add_done_callback(_say_why)
            try:
                yield
            finally:
                carrier.cancel()
                with suppress(asyncio.CancelledError):
                    await carrier
                city.store.close()

    return Litestar(
        route_handlers=[
            alive,
            ControlController,
            DepartmentController,
            PayControlController,
            SmsController,
            TransitController,
            WeChatController,
            WeChatPayController,
        ],
        dependencies={"city": Provide(lambda: city, sync_to_thread=False)},
        exception_handlers={ApiRefused: refuse, Refusal: _refused},
        lifespan=[carrying_post],
        logging_config=None,
        openapi_config=None,
        state=State({"city": city}),
    )


@get("/health/live", sync_to_thread=False)
def alive() -> dict[str, str]:
    """Say that the city is there."""
    return {"status": "ok"}


async def serve(options: CityOptions, port: int, stop: asyncio.Event) -> None:
    """Serve the city until `stop` is set; its virus scanner listens 10,000 ports higher."""
    city = create_city(options)
    server = Server(city, address=ADDRESS, port=port, interface=Interfaces.ASGI, log_enabled=False)
    halt: Callable[[], None] = server.stop
    async with listening(ADDRESS, port + SCANNER_OFFSET, city.state["city"].faults):
        serving = asyncio.create_task(server.serve())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not serving.done():
            halt()
        stopping.cancel()
        await serving


def run(settings: Settings) -> None:
    """Serve the city in this process until SIGINT or SIGTERM; refuses (`PortTaken`) a port that somebody listens on."""
    require_free((settings.city_port, settings.city_port + SCANNER_OFFSET), "FUHAI_CITY_PORT")

    async def until_signalled() -> None:
        stop = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        await serve(options_of(settings), settings.city_port, stop)

    asyncio.run(until_signalled())


def _say_why(carrier: asyncio.Task[None]) -> None:
    """Let the loop log why the post is carried no longer, instead of nobody ever asking."""
    if not carrier.cancelled():
        carrier.result()


def _refused(_: Request[object, object, State], refusal: Refusal) -> Response[dict[str, object]]:
    content = {"code": refusal.code, "title": refusal.title.zh, "detail": refusal.title.en, **refusal.facts}
    return Response(content, status_code=refusal.status, media_type="application/problem+json")
