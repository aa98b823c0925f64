"""The whole application over HTTP, with every outside party played by a city that runs for these tests alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import httpx
import msgspec
from litestar import Litestar

from app import wiring
from app.embedded.ports import free_block
from app.kernel.settings import Settings
from app.main import assemble
from app.preparing import certify_exchange
from tests.makers.callers import the_recorded_authorities
from tests.makers.city import Town, a_town


class Impatient(httpx.ASGITransport):
    """Talks to the application, and leaves a stream of events as soon as it has opened: such an answer never ends."""

    def __init__(self, application: Litestar) -> None:
        super().__init__(cast("Any", self._leaving), raise_app_exceptions=False)
        self._application = application

    async def _leaving(self, scope: Any, receive: Any, send: Any) -> None:
        opened = asyncio.Event()

        async def watch(message: Any) -> None:
            await send(message)
            if (b"content-type", b"text/event-stream; charset=utf-8") in message.get("headers", ()):
                opened.set()

        answering = asyncio.ensure_future(self._application(scope, receive, watch))
        leaving = asyncio.ensure_future(opened.wait())
        await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        for task in (answering, leaving):
            task.cancel()
        await asyncio.gather(answering, leaving, return_exceptions=True)
        if opened.is_set():
            await send({"type": "http.response.body", "body": b""})


class Portal(msgspec.Struct, frozen=True):
    """An HTTP client of the application, and the city outside."""

    http: httpx.AsyncClient
    town: Town
    settings: Settings

    async def code_sent_to(self, phone: str) -> str:
        """The newest code on a phone."""
        messages = (await self.town.http.get("/control/sms", params={"phone": phone})).json()["items"]
        return str(messages[0]["parameters"][0])


@asynccontextmanager
async def a_portal(folder: Path, settings: Settings) -> AsyncIterator[Portal]:
    """Run a city, connect the product to it, and give it back its own outside at the end.

    The pool is the test worker's: an application must be started already.
    """
    await the_recorded_authorities()
    port = free_block()
    own = msgspec.structs.replace(settings, var=folder, city_port=port)
    async with a_town(folder / "city", port, seed=7) as town:
        await certify_exchange(own)
        connected = wiring.connect(own)
        try:
            async with connected.running():
                transport = Impatient(assemble(connected))
                async with httpx.AsyncClient(transport=transport, base_url=settings.public_origin) as http:
                    yield Portal(http, town, own)
        finally:
            wiring.connect(settings)
