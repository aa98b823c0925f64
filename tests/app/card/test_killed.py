"""Killed in the middle of payments, server and PostgreSQL: nothing acknowledged is lost, and nothing is there twice."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.embedded import postgres

ROUNDS = 3
MORE_BYTES = 4_000


def bank(work: str, server: postgres.Postgres, folder: Path) -> subprocess.Popen[bytes]:
    """A bank at work on a server; what it finds is in `found.json`."""
    settings = {
        "FUHAI_VAR": str(folder / "var"),
        "FUHAI_DATABASE_URL": server.url(postgres.APPLICATION),
        "FUHAI_DATABASE_OWNER_URL": server.url(postgres.OWNER),
    }
    argv = [sys.executable, "-m", "tests.makers.bank", work, str(folder)]
    return subprocess.Popen(argv, env={**os.environ, **settings})


def wait_for_more(path: Path) -> None:
    """Wait until a good number of payments more is acknowledged."""
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


@pytest.mark.long
def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    for folder in tmp_path.parents:
        if folder.name.startswith("pytest"):
            folder.chmod(0o755)
    with postgres.running(tmp_path, durable=True) as server:
        assert bank("open", server, tmp_path).wait(120) == 0

    for number in range(ROUNDS):
        with postgres.running(tmp_path, durable=True) as server:
            paying = bank("pay", server, tmp_path)
            wait_for_more(tmp_path / "acknowledged")
            if number % 2:
                kill_postgres(server)
            paying.kill()
            paying.wait(30)

    with postgres.running(tmp_path, durable=True) as server:
        assert bank("check", server, tmp_path).wait(300) == 0
    found = json.loads((tmp_path / "found.json").read_text())

    assert found["acknowledged"] > 100
    assert (found["lost"], found["doubled"], found["holds"]) == ([], 0, True)
