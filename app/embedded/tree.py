"""A tree of child processes: one merged log, waiting for readiness, stopping in reverse order."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from app.embedded import orphans
from app.embedded.account import Account
from app.embedded.errors import ChildDied, StopAsked
from app.embedded.guard import Guard
from app.kernel.words import Words

_POLL_SECONDS: Final = 0.05
_TAIL_LINES: Final = 12

Sink = Callable[[str, str], None]
"""Takes a child's name and one line of its output."""


def print_line(name: str, line: str) -> None:
    """Write one line of a child to this process's output, after the child's name."""
    sys.stdout.write(f"{name:>8} │ {line}\n")
    sys.stdout.flush()


def discard(_name: str, _line: str) -> None:
    """Drop the line (for tests)."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What to start, and how to stop it."""

    name: str
    argv: tuple[str, ...]
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10
    environment: Mapping[str, str] | None = None
    """The whole environment; `None` hands down ours."""
    account: Account = field(default_factory=Account)
    worth_showing: Callable[[str], bool] = lambda _line: True
    leaves: tuple[Path, ...] = ()
    """Files that it may leave behind and that are removed after it."""


class Child:
    """One running process of ours."""

    def __init__(self, order: Order, process: "subprocess.Popen[str]", sink: Sink) -> None:
        self.order = order
        self.process = process
        self._tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self._sink = sink
        self._pump = threading.Thread(target=self._read, name=f"log of {order.name}", daemon=True)
        self._pump.start()

    @property
    def lines(self) -> tuple[str, ...]:
        """Its last lines; complete once it has ended."""
        if self.process.poll() is not None:
            self.read_out()
        return tuple(self._tail)

    def _read(self) -> None:
        assert self.process.stdout is not None  # noqa: S101 - asked for when it was started
        with self.process.stdout as output:
            for raw in output:
                line = raw.rstrip("\n")
                self._tail.append(line)
                if self.order.worth_showing(line):
                    self._sink(self.order.name, line)

    def read_out(self) -> None:
        """Wait until its last line has been read."""
        self._pump.join(timeout=1)


class ProcessTree:
    """Children started one after the other and stopped in reverse; on leaving the context none is left.

    `record` keeps the children's numbers for the next start; `keep_open` goes to the guard.
    `ask_to_stop` may be called from a signal handler or another thread: whatever is being waited for raises `StopAsked`.
    """

    def __init__(self, sink: Sink = print_line, *, record: Path | None = None, keep_open: tuple[int, ...] = ()) -> None:
        self._sink = sink
        self._record = record
        self._asked = threading.Event()
        self._children: list[Child] = []
        self._guard = Guard(keep_open)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def ask_to_stop(self) -> None:
        """Let whatever waits raise `StopAsked`."""
        self._asked.set()

    def spawn(self, order: Order) -> Child:
        """Start a child in a session of its own, so that a terminal's Ctrl-C reaches only us."""
        process = subprocess.Popen(
            order.account.wrap(order.argv),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=order.environment,
            start_new_session=True,
            **order.account.popen(),
        )
        self._guard.watch(process.pid, order.stop_signal.name.removeprefix("SIG"))
        if self._record is not None:
            orphans.write_down(self._record, process.pid, order.stop_signal)
        child = Child(order, process, self._sink)
        self._children.append(child)
        return child

    def wait_until(self, child: Child, is_ready: Callable[[], bool], limit_seconds: float) -> None:
        """Wait until the child is ready; `ChildDied` when any child ends first or the time is over."""
        deadline = time.monotonic() + limit_seconds
        while not is_ready():
            self._check()
            if time.monotonic() > deadline:
                raise ChildDied(_too_slow(child.order.name, limit_seconds), child.lines)
            time.sleep(_POLL_SECONDS)

    def finish(self, order: Order, limit_seconds: float) -> None:
        """Run a child to its end; `ChildDied` unless it ends well in time."""
        child = self.spawn(order)
        deadline = time.monotonic() + limit_seconds
        while child.process.poll() is None:
            self._check(but=child)
            if time.monotonic() > deadline:
                raise ChildDied(_too_slow(order.name, limit_seconds), child.lines)
            time.sleep(_POLL_SECONDS)
        self._drop(child)
        child.read_out()
        if child.process.returncode != 0:
            raise ChildDied(_ended(child), child.lines)

    def watch(self) -> None:
        """Wait for ever: `ChildDied` when a child ends, `StopAsked` when asked to stop."""
        while True:
            self._check()
            self._asked.wait(4 * _POLL_SECONDS)

    def stop(self) -> None:
        """Stop all children, newest first, each in its own time and then by force."""
        while self._children:
            child = self._children[-1]
            stop_child(child)
            self._drop(child)
        self._guard.close()
        if self._record is not None:
            self._record.unlink(missing_ok=True)

    def _drop(self, child: Child) -> None:
        self._children.remove(child)
        self._guard.forget(child.process.pid)
        for path in child.order.leaves:
            path.unlink(missing_ok=True)

    def _check(self, but: Child | None = None) -> None:
        if self._asked.is_set():
            raise StopAsked
        for child in self._children:
            if child is not but and child.process.poll() is not None:
                raise ChildDied(_ended(child), child.lines)


def stop_child(child: Child) -> None:
    """Stop one child with its signal, and after its time by force, with everything that it started."""
    if child.process.poll() is None:
        child.process.send_signal(child.order.stop_signal)
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(child.order.stop_seconds)
    with suppress(ProcessLookupError, PermissionError):  # PermissionError: macOS, where only zombies are left
        os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait()
    child.read_out()


def _ended(child: Child) -> Words:
    name, code = child.order.name, child.process.returncode
    if code is not None and code < 0:
        return Words(
            zh=f"{name} 被信号 {signal.Signals(-code).name} 终止，其余进程已依次停止：请再次运行 make run，已保存的数据不会丢失。",
            en=f"{name} was killed by {signal.Signals(-code).name}, so everything was stopped: run `make run` again; what was saved is kept.",
        )
    return Words(
        zh=f"{name} 意外退出（代码 {code}），其余进程已依次停止：原因见上方日志，处理后请再次运行 make run。",
        en=f"{name} ended unexpectedly (code {code}), so everything was stopped: its last lines say why; then run `make run` again.",
    )


def _too_slow(name: str, limit_seconds: float) -> Words:
    return Words(
        zh=f"{name} 在 {limit_seconds:.0f} 秒内未就绪：请查看其日志后再次运行 make run。",
        en=f"{name} wasn't ready within {limit_seconds:.0f} seconds: see its last lines, then run `make run` again.",
    )
