"""The whole product in parts, each of which can be killed by itself and is started again, as a machine's supervisor would do it (Linux)."""

import os
import random
import signal
import sys
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from app.embedded import buckets, ports, postgres, store
from app.embedded.processes import serves
from app.embedded.tree import Child, Order, ProcessTree
from tests.makers.product import Product

PROCESSES: Final = Path("/proc/self/task")
"""Where Linux lists a process's children."""
_READY_SECONDS: Final = 120
_LOOKED_AFTER_EVERY: Final = 0.2
_PARTS: Final = ("city", "worker", "serve")
_VICTIMS: Final = ("worker", "worker", "serve", "one of serve")


class Mortal(Product):
    """One installation whose worker and server processes die and come back; database, store and city stay."""

    def __init__(self, folder: Path, **settings: str) -> None:
        super().__init__(folder, FUHAI_WORKERS="2", **settings)
        self._folder = folder
        self._open = ExitStack()
        self._running: dict[str, Child] = {}
        self._ending = threading.Event()
        self._one_at_a_time = threading.Lock()

    def start(self) -> None:
        """Start everything, and wait until it is ready."""
        self._folder.chmod(0o755)
        server = self._open.enter_context(postgres.running(self._folder))
        objects = self._open.enter_context(store.running(self._folder))
        buckets.ensure(objects.endpoint, (objects.access_key, objects.secret_key), "fuhai", "us-east-1")
        self.database = server.url(postgres.OWNER)
        self._environment |= {
            "FUHAI_DATABASE_URL": server.url(postgres.APPLICATION),
            "FUHAI_DATABASE_OWNER_URL": self.database,
            "FUHAI_STORE_ENDPOINT": objects.endpoint,
            "FUHAI_STORE_ACCESS_KEY": objects.access_key,
            "FUHAI_STORE_SECRET_KEY": objects.secret_key,
        }
        migrated = self.fuhai("migrate")
        assert migrated.returncode == 0, migrated.stderr
        self._output = self._open.enter_context(self.log.open("w"))
        self._processes = self._open.enter_context(ProcessTree(self._note))
        for part in _PARTS:
            self._begin(part)
        self._wait_ready()
        keeper = threading.Thread(target=self._look_after, daemon=True)
        keeper.start()
        self._open.callback(keeper.join)
        self._open.callback(self._ending.set)

    def stop(self) -> None:
        """Stop everything."""
        self._open.close()

    def kill_some(self, dice: random.Random, pause_seconds: float) -> str:
        """Kill the worker, the whole server or one process of it with SIGKILL, by chance; says which.

        It has lived for `pause_seconds` at least, a server since it was ready: one that never is harms nothing but its clients' patience.
        """
        victim = dice.choice(_VICTIMS)
        if victim != "worker":
            self._wait_ready()
        time.sleep(pause_seconds)
        with self._one_at_a_time:
            own = self._own_workers() if victim == "one of serve" else []
            if not own:
                return self._kill_group(victim.removeprefix("one of "))
            pid = dice.choice(own)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            return f"one of serve ({pid})"

    def wait_until_all_live(self) -> None:
        """Wait until the server is ready again and nothing is dead."""
        self._wait_ready()
        ends = time.monotonic() + _READY_SECONDS
        while any(child.process.poll() is not None for child in self._running.values()):
            assert time.monotonic() < ends, self.log.read_text()[-4000:]
            time.sleep(_LOOKED_AFTER_EVERY)

    def _kill_group(self, part: str) -> str:
        pid = self._running[part].process.pid
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        return f"{part} ({pid})"

    def _own_workers(self) -> list[int]:
        """The server's own worker processes."""
        server = self._running["serve"].process.pid
        try:
            return [int(one) for one in Path(f"/proc/{server}/task/{server}/children").read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            return []

    def _look_after(self) -> None:
        """Start what died; what the dead left behind of its own group goes first."""
        while not self._ending.wait(_LOOKED_AFTER_EVERY):
            with self._one_at_a_time:
                for part, child in list(self._running.items()):
                    if child.process.poll() is not None:
                        with suppress(ProcessLookupError):
                            os.killpg(child.process.pid, signal.SIGKILL)
                        self._processes._drop(child)
                        self._begin(part)

    def _begin(self, part: str) -> None:
        argv = (sys.executable, "-P", "-u", "-m", "app.cli", part)
        order = Order(name=part, argv=argv, environment=self._environment, stop_seconds=12)
        self._running[part] = self._processes.spawn(order)

    def _note(self, name: str, line: str) -> None:
        with suppress(ValueError):
            self._output.write(f"{name:>8} │ {line}\n")
            self._output.flush()

    def _serves(self) -> bool:
        return serves(int(self.origin.rpartition(":")[2]))

    def _wait_ready(self) -> None:
        ends = time.monotonic() + _READY_SECONDS
        while not (self._serves() and ports.answers(int(self.city.rpartition(":")[2]))):
            assert time.monotonic() < ends, self.log.read_text()[-4000:]
            time.sleep(_LOOKED_AFTER_EVERY)
