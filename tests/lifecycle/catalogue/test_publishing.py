"""Publishing: files are version 1, a changed file is a draft, and repeating it changes nothing."""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from litestar import Litestar
from msgspec import structs

from app.kernel.database import execute, fetch_all, transaction
from app.kernel.settings import Settings
from lifecycle.catalogue.files import CatalogueFiles, read_files, shipped_files
from lifecycle.catalogue.publishing import ACTOR, publish_files, read_published
from tests.makers.catalogue import a_lifecycle, a_matter


@pytest_asyncio.fixture
async def code(app: Litestar) -> AsyncIterator[str]:
    """The code of a matter of this test alone; it isn't offered any more afterwards, since the table is shared."""
    await publish_files()
    code = f"matter_{secrets.token_hex(4)}"
    yield code
    async with transaction(ACTOR):
        await execute("UPDATE matter_version SET state = 'draft' WHERE code = $1", code)


def files_with(folder: Path, code: str, summary: str = "一") -> CatalogueFiles:
    words = f'{{ zh = "{summary}", en = "summary" }}'
    mine = read_files(a_lifecycle(folder, a_matter(code=f'"{code}"', summary=words)))
    shipped = shipped_files()
    return structs.replace(shipped, matters=shipped.matters | mine.matters)


async def versions(code: str) -> list[tuple[int, str]]:
    async with transaction(ACTOR):
        rows = await fetch_all("SELECT version, state FROM matter_version WHERE code = $1 ORDER BY version", code)
    return [(row["version"], row["state"]) for row in rows]


class TestPublishFiles:
    async def test_publishes_what_is_new_once(self, tmp_path: Path, code: str) -> None:
        files = files_with(tmp_path, code)

        assert [await publish_files(files), await publish_files(files)] == [1, 0]
        assert await versions(code) == [(1, "published")]

    async def test_keeps_a_change_as_a_draft(self, tmp_path: Path, code: str) -> None:
        await publish_files(files_with(tmp_path, code))
        changed = files_with(tmp_path, code, summary="二")

        assert [await publish_files(changed), await publish_files(changed)] == [1, 0]
        assert await versions(code) == [(1, "published"), (2, "draft")]
        assert (await read_published(changed)).matter(code).summary.zh == "一"

    async def test_serves_a_version_once_it_is_published(self, tmp_path: Path, code: str) -> None:
        await publish_files(files_with(tmp_path, code))
        changed = files_with(tmp_path, code, summary="二")
        await publish_files(changed)
        async with transaction(ACTOR):
            await execute("UPDATE matter_version SET state = 'published' WHERE code = $1", code)

        served = (await read_published(changed)).matter(code)
        assert (served.version, served.summary.zh) == (2, "二")

    async def test_survives_being_done_by_every_worker_at_once(self, tmp_path: Path, code: str) -> None:
        files = files_with(tmp_path, code)

        written = await asyncio.gather(*(publish_files(files) for _ in range(4)))

        assert sum(written) == 1
        assert await versions(code) == [(1, "published")]


class TestReadPublished:
    async def test_finds_by_sound_without_the_dictionaries(self, app: Litestar, settings: Settings) -> None:
        await publish_files()
        script = (
            "import asyncio, sys\n"
            "from app.kernel.database import close_pool, open_pool\n"
            "from app.kernel.settings import load\n"
            "from lifecycle.catalogue.index import Filter\n"
            "from lifecycle.catalogue.published import catalogue, open_catalogue\n"
            "async def main():\n"
            "    await open_pool(load())\n"
            "    await open_catalogue()\n"
            "    await close_pool()\n"
            "asyncio.run(main())\n"
            "print(catalogue().page(Filter(words='shanghukou'), None, 1).items[0].code, 'pypinyin' in sys.modules)\n"
        )

        process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE)
        told, _ = await process.communicate()

        assert told.decode().split() == ["birth_household_registration", "False"]
