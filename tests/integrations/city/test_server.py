"""The city as a process of its own: it starts, is killed, comes back, and stops when told."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from app.embedded.ports import free_block
from tests.makers.city import MOTHER, a_town

RUN = "from app.kernel.settings import load; from integrations.city.server import run; run(load())"


@asynccontextmanager
async def a_process(folder: Path, port: int) -> AsyncIterator[tuple[asyncio.subprocess.Process, httpx.AsyncClient]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FUHAI_")} | {
        "FUHAI_VAR": str(folder),
        "FUHAI_CITY_PORT": str(port),
        "FUHAI_CITY_PEOPLE": "60",
        "FUHAI_PUBLIC_ORIGIN": "http://127.0.0.1:9",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", RUN, env=environment, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
            yield process, http
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def until_alive(http: httpx.AsyncClient) -> None:
    for _ in range(400):
        try:
            await http.get("/health/live")
        except httpx.TransportError:
            await asyncio.sleep(0.05)
        else:
            return
    raise TimeoutError


class TestRun:
    async def test_keeps_everything_through_a_kill_and_stops_when_told(self, prepared: Path) -> None:
        var, port = prepared.parent, free_block()

        async with a_process(var, port) as (process, http):
            await until_alive(http)
            birth = (await http.post("/control/births", json={"mother_id_number": MOTHER})).json()
            process.send_signal(signal.SIGKILL)
            await process.wait()
        async with a_process(var, port) as (process, http):
            await until_alive(http)
            births = (await http.get("/control/births")).json()["items"]
            waiting = (await http.get("/control/deliveries")).json()["items"]
            process.send_signal(signal.SIGTERM)
            code = await asyncio.wait_for(process.wait(), 10)

        assert [child["certificate_no"] for child in births] == [birth["certificate_no"]]
        assert [item["subject"] for item in waiting] == [birth["certificate_no"]]
        assert code == 0

    async def test_does_not_share_its_port(self, prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
        async with a_town(prepared) as town:
            port = town.http.base_url.port or 0
            async with a_process(tmp_path_factory.mktemp("second"), port) as (process, _):
                _, said = await asyncio.wait_for(process.communicate(), 20)

        assert process.returncode == 1
        assert b"FUHAI_CITY_PORT" in said
