"""The whole product as `make run` starts it: its own processes, ports and folder."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from click.testing import CliRunner, Result

from app.embedded import ports
from demo.city import City
from demo.day import demo
from demo.report import Report
from demo.scene import Scene
from demo.web import Server

_READY: Final = "Fuhai is ready."
_READY_SECONDS: Final = 120
_STOP_SECONDS: Final = 40


class Product:
    """One installation; it can be started, stopped, killed and started again over the same data.

    `settings` are FUHAI_* variables that this installation sets differently.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        self.var = folder / "var"
        self.log = folder / "log"
        self.origin = f"http://127.0.0.1:{ports.free_block()}"
        self.city = f"http://127.0.0.1:{ports.free_block()}"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("FUHAI_")},
            "PYTHONPATH": str(Path.cwd()),
            "FUHAI_VAR": str(self.var),
            "FUHAI_PUBLIC_ORIGIN": self.origin,
            "FUHAI_HTTP_PORT": self.origin.rpartition(":")[2],
            "FUHAI_CITY_PORT": self.city.rpartition(":")[2],
            "FUHAI_CITY_PEOPLE": "40",
            "FUHAI_POSTGRES_PORT": str(ports.free_block()),
            "FUHAI_STORE_PORT": str(ports.free_block(4)),
            **settings,
        }

    def start(self) -> None:
        """Start everything, and wait until it says that it is ready."""
        with self.log.open("w") as output:
            self._tree = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "serve", "--everything"],
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self._environment,
                start_new_session=True,
            )
        ends = time.monotonic() + _READY_SECONDS
        while _READY not in self.log.read_text():
            still_hoping = self._tree.poll() is None and time.monotonic() < ends
            assert still_hoping, self.log.read_text()[-4000:]
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop everything, as Ctrl-C does."""
        self._tree.send_signal(signal.SIGINT)
        self._tree.wait(_STOP_SECONDS)

    def kill(self) -> None:
        """Kill every process at once with SIGKILL, PostgreSQL and store included, as when the power fails."""
        record = (self.var / "run" / "children").read_text().splitlines()
        self._tree.kill()
        for pid in (json.loads(line)[0] for line in record):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
        self._tree.wait(_STOP_SECONDS)

    def demo(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `fuhai demo` against it, as a process of its own."""
        return self.fuhai("demo", *self._where, *arguments)

    def fuhai(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the product over its data, as a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "app.cli", *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def lend_a_hand(self, *arguments: str) -> Result:
        """Run one of the demo's small commands in this process."""
        return CliRunner().invoke(demo, [*self._where, *arguments])

    def processes(self) -> list[int]:
        """Every process of the tree (Linux)."""
        tree = [self._tree.pid]
        for pid in tree:
            with suppress(FileNotFoundError, ProcessLookupError):
                tree += [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return tree

    @property
    def _where(self) -> tuple[str, ...]:
        return ("--base", self.origin, "--city", self.city, "--var", str(self.var))

    @property
    def scene(self) -> Scene:
        """Where the demo's steps can be taken one by one, in silence."""
        return Scene(Server(self.origin), City(self.city), Report(lambda _line: None), self.var)


@contextmanager
def a_running_product(folder: Path, **settings: str) -> Iterator[Product]:
    """The product, running; stopped at the end, however it ends."""
    product = Product(folder, **settings)
    product.start()
    try:
        yield product
    finally:
        product.stop()
