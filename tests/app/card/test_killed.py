"""The bank test: killed in the middle of its work, server and PostgreSQL: nothing acknowledged is lost, and nothing is there twice."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.embedded import postgres

MORE_BYTES = 4_000


@contextmanager
def a_bank(folder: Path) -> Iterator[None]:
    """A bank whose cards hold money, in a folder that PostgreSQL's own user can reach."""
    folder.chmod(0o755)
    for above in folder.parents:
        if above.name.startswith("pytest"):
            above.chmod(0o755)
    with postgres.running(folder, durable=True) as server:
        assert bank("open", server, folder).wait(120) == 0
    yield


def bank(work: str, server: postgres.Postgres, folder: Path) -> subprocess.Popen[bytes]:
    """A bank at work on a server; what it finds is in `found.json`."""
    settings = {
        "FUHAI_VAR": str(folder / "var"),
        "FUHAI_DATABASE_URL": server.url(postgres.APPLICATION),
        "FUHAI_DATABASE_OWNER_URL": server.url(postgres.OWNER),
    }
    argv = [sys.executable, "-m", "tests.makers.bank", work, str(folder)]
    return subprocess.Popen(argv, env={**os.environ, **settings})


def work_and_be_killed(folder: Path, seconds: float, *, with_postgres: bool) -> None:
    """Let the bank work for a while, at least until a good number of acts is acknowledged, and kill it."""
    with postgres.running(folder, durable=True) as server:
        working = bank("work", server, folder)
        wait_for_more(folder / "acknowledged")
        time.sleep(seconds)
        if with_postgres:
            kill_postgres(server)
        working.kill()
        working.wait(30)


def wait_for_more(path: Path) -> None:
    """Wait until a good number more is acknowledged."""
    before = len(path.read_bytes()) if path.exists() else 0
    for _ in range(600):
        if path.exists() and len(path.read_bytes()) > before + MORE_BYTES:
            return
        time.sleep(0.1)
    raise TimeoutError


def kill_postgres(server: postgres.Postgres) -> None:
    """Kill the server as a power cut would."""
    pid = int((server.data / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)


def refuse_violations(folder: Path) -> None:
    """Ask again for all that was tried, and have nothing found."""
    with postgres.running(folder, durable=True) as server:
        assert bank("check", server, folder).wait(600) == 0
    found = json.loads((folder / "found.json").read_text())

    assert found["acknowledged"] > 100
    assert (found["lost"], found["doubled_fen"], found["violations"], found["holds"]) == ([], 0, [], True)


def test_a_short_while(tmp_path: Path) -> None:
    with a_bank(tmp_path):
        work_and_be_killed(tmp_path, 0.5, with_postgres=False)
        work_and_be_killed(tmp_path, 0.5, with_postgres=True)

        refuse_violations(tmp_path)


@pytest.mark.long
def test_a_minute(tmp_path: Path) -> None:
    with a_bank(tmp_path):
        for number in range(6):
            work_and_be_killed(tmp_path, 10, with_postgres=number % 2 == 1)

        refuse_violations(tmp_path)
