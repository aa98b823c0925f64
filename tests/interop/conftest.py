"""One server for each file: what outside clients speak to."""

import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import httpx
import pytest
import pytest_asyncio

from app.kernel.settings import Settings
from tests.makers.serving import a_running_server

CLIENTS: Final = Path(__file__).parent / "clients"


@pytest_asyncio.fixture(scope="module")
async def portal(settings: Settings) -> AsyncIterator[str]:
    """The address of a running server."""
    async with a_running_server(settings) as chosen:
        yield chosen.public_origin


@pytest.fixture
def anyone(portal: str) -> Iterator[httpx.Client]:
    """A client of nobody in particular, over real HTTP."""
    with httpx.Client(base_url=portal, trust_env=False) as client:
        yield client


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clients' scripts with their packages, installed as package-lock.json pins them by their hashes."""
    folder = tmp_path_factory.mktemp("clients") / "clients"
    shutil.copytree(CLIENTS, folder)
    installed = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if installed.returncode != 0:
        assert "EINTEGRITY" not in installed.stderr, installed.stderr
        pytest.skip(
            "not installed: the npm packages dpop, http-message-sig and @undecaf/zbar-wasm (no registry is reached)"
        )
    return folder
