"""Children that outlived their tree: written down at their start, stopped before the next one.

A process is known again by its number and the second of its start, so that a number which now belongs to somebody else
is left alone.
"""

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

_ENVIRONMENT: Final = {"PATH": os.defpath, "LC_ALL": "C"}
_STOP_SECONDS: Final = 15


def started_at(pid: int) -> str:
    """Give the time of the process's start as `ps` writes it; empty when there is no such process."""
    asked = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], env=_ENVIRONMENT, capture_output=True, text=True, check=False
    )
    return asked.stdout.strip()


def write_down(record: Path, pid: int, stop_signal: signal.Signals) -> None:
    """Add a child that has just been started to the record."""
    with record.open("a") as file:
        file.write(json.dumps([pid, int(stop_signal), started_at(pid)]) + "\n")


def stop_recorded(record: Path) -> int:
    """Stop those of the record that still run, newest first, and empty it; give their number."""
    if not record.exists():
        return 0
    stopped = 0
    for line in reversed(record.read_text().splitlines()):
        with suppress(ValueError, ProcessLookupError):
            pid, number, started = json.loads(line)
            if started and started_at(pid) == started:
                _stop(pid, signal.Signals(number))
                stopped += 1
    record.unlink()
    return stopped


def _stop(pid: int, stop_signal: signal.Signals) -> None:
    os.kill(pid, stop_signal)
    deadline = time.monotonic() + _STOP_SECONDS
    while time.monotonic() < deadline and _runs(pid):
        time.sleep(0.1)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _runs(pid: int) -> bool:
    asked = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], env=_ENVIRONMENT, capture_output=True, text=True, check=False
    )
    return asked.stdout.strip()[:1] not in {"", "Z"}
