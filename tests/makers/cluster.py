"""The servers that tests run against: one real PostgreSQL with a migrated template and a clone for each test
worker, and one real object store.

The controller starts them before any worker and tells the workers where they are through `TESTS_CLUSTER`; if that is
set already, the servers that it names are used and left running.
"""

import asyncio
import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.embedded import buckets, postgres, store
from app.kernel.migrating import migrate
from app.kernel.settings import Settings, parse

BUCKET = "fuhai"
_TOLD = "TESTS_CLUSTER"
_NO_CITY = "1024"
"""A port where nobody listens: a city that happens to run on this machine isn't the tests' own."""
_open = ExitStack()


def start() -> None:
    """Start the servers and make the template database (controller only)."""
    if _TOLD not in os.environ:
        folder = Path(
            _open.enter_context(tempfile.TemporaryDirectory(prefix="fuhai-test-", ignore_cleanup_errors=True))
        )
        folder.chmod(0o755)
        server = _open.enter_context(postgres.running(folder))
        objects = _open.enter_context(store.running(folder))
        buckets.ensure(objects.endpoint, (objects.access_key, objects.secret_key), BUCKET, "us-east-1")
        told = {role: server.url(role, "postgres") for role in ("postgres", postgres.OWNER, postgres.APPLICATION)}
        told |= {"store_endpoint": objects.endpoint}
        told |= {"store_access_key": objects.access_key, "store_secret_key": objects.secret_key}
        os.environ[_TOLD] = json.dumps(told)
        _open.callback(os.environ.pop, _TOLD)
    template = f"fuhai_template_{secrets.token_hex(4)}"
    asyncio.run(_make_template(template))
    os.environ["TESTS_TEMPLATE"] = template


def stop() -> None:
    """Drop the template and stop what was started."""
    asyncio.run(_superuser(f"DROP DATABASE {os.environ['TESTS_TEMPLATE']}"))
    _open.close()


def join(worker: str, stack: ExitStack) -> None:
    """Give this worker a database and a folder of its own, and point the settings at them."""
    addresses = stack.enter_context(a_database(worker))
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix=f"fuhai-{worker}-", ignore_cleanup_errors=True))
    os.environ |= {"FUHAI_VAR": folder, "FUHAI_CITY_PORT": _NO_CITY, **addresses}


@contextmanager
def a_database(suffix: str) -> Iterator[dict[str, str]]:
    """A migrated database that nobody else uses, until the block ends; gives the settings that name it."""
    name = f"{os.environ['TESTS_TEMPLATE']}_{suffix}"
    asyncio.run(_superuser(f"CREATE DATABASE {name} TEMPLATE {os.environ['TESTS_TEMPLATE']} OWNER {postgres.OWNER}"))
    try:
        yield _addresses(name)
    finally:
        asyncio.run(_superuser(f"DROP DATABASE {name} WITH (FORCE)"))


def is_worker(config: pytest.Config) -> bool:
    """Whether this process is an xdist worker."""
    return hasattr(config, "workerinput")


def runs_alone(config: pytest.Config) -> bool:
    """Whether this process runs the tests itself, without xdist workers."""
    return not is_worker(config) and not config.getoption("numprocesses", None)


def superuser_url(settings: Settings) -> str:
    """The superuser's way into this worker's database."""
    return _told()["postgres"].rsplit("/", 1)[0] + "/" + settings.database_url.rpartition("/")[2]


def _told() -> dict[str, str]:
    told: dict[str, str] = json.loads(os.environ[_TOLD])
    return told


def _addresses(database: str) -> dict[str, str]:
    def url(role: str) -> str:
        return _told()[role].rsplit("/", 1)[0] + f"/{database}"

    stored = {f"FUHAI_{name.upper()}": value for name, value in _told().items() if name.startswith("store_")}
    return stored | {"FUHAI_DATABASE_URL": url(postgres.APPLICATION), "FUHAI_DATABASE_OWNER_URL": url(postgres.OWNER)}


async def _make_template(name: str) -> None:
    await _superuser(f"CREATE DATABASE {name} OWNER {postgres.OWNER}")
    await migrate(parse(_addresses(name)))


async def _superuser(sql: str) -> Any:
    connection = await asyncpg.connect(_told()["postgres"])
    try:
        return await connection.execute(sql)
    finally:
        await connection.close()
