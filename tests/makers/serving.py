"""The HTTP server alone, as a process of its own over this worker's database and folder, for clients that aren't Python."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from app.embedded import ports
from app.kernel.settings import Settings, use
from app.pki.enrolment import record_own
from app.pki.setup import prepare
from tests.makers.pools import an_open_pool

_READY_SECONDS = 60


@asynccontextmanager
async def a_running_server(settings: Settings) -> AsyncIterator[Settings]:
    """A server at an address of its own, which tokens and certificates name meanwhile; gives its settings."""
    port = ports.free_block()
    chosen = msgspec.structs.replace(settings, http_port=port, public_origin=f"http://127.0.0.1:{port}")
    use(chosen)
    try:
        async with an_open_pool(chosen):
            await record_own(await asyncio.to_thread(prepare, chosen))
            server = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "app.cli", "serve", env=_environment(chosen)
            )
            try:
                await _wait(server, port)
                yield chosen
            finally:
                server.terminate()
                await asyncio.wait_for(server.wait(), 30)
    finally:
        use(settings)


def _environment(chosen: Settings) -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("FUHAI_")}
    return others | {f"FUHAI_{name.upper()}": str(getattr(chosen, name)) for name in chosen.__struct_fields__}


async def _wait(server: asyncio.subprocess.Process, port: int) -> None:
    for _ in range(_READY_SECONDS * 10):
        assert server.returncode is None, "the server stopped"
        if ports.answers(port):
            return
        await asyncio.sleep(0.1)
    raise TimeoutError("the server doesn't answer")
