"""Children that outlived their tree: written down at their start, stopped before the next one.

A process is known again by its number and when it started, so that a number which now belongs to somebody else is left alone.
"""

import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil

_STOP_SECONDS: Final = 15
_CLOCK_SECONDS: Final = 5
"""By how much a start may seem to move when the machine's clock is set right meanwhile."""


def started_at(pid: int) -> float | None:
    """Give when a process started, in seconds since 1970; nothing when there is no such process."""
    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return None


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
        with suppress(ValueError, TypeError, ProcessLookupError):
            pid, number, started = json.loads(line)
            now = started_at(pid)
            if now is not None and abs(now - started) < _CLOCK_SECONDS:
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
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
