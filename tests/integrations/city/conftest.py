"""One running city for all tests that need no other."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from integrations.city import keys
from tests.makers.city import Town, a_town


@pytest_asyncio.fixture(scope="session")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    async with a_town(tmp_path_factory.mktemp("city")) as running:
        yield running


@pytest.fixture
def prepared(town: Town, tmp_path: Path) -> Path:
    """A city's folder of its own with keys already made, since making them takes a while."""
    folder = tmp_path / "city"
    folder.mkdir()
    for file in (*town.options.folder.glob("*.pem"), keys.CityKeys(town.options.folder).accounts):
        (folder / file.name).write_bytes(file.read_bytes())
    return folder
