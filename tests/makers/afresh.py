"""Asking over a new connection each time, so that every worker of a running product answers; and which of them did (Linux)."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import httpx

from demo.web import Server
from tests.makers.product import Product
from tests.makers.web import NO_AUTHORITIES

IN_A_ROW: Final = 40
WITHIN_SECONDS: Final = 60
WORKERS: Final = 2
SOCKETS: Final = Path("/proc/net/tcp")
_PAUSE_SECONDS: Final = 0.2
_CONNECTED: Final = "connection.connect_tcp.complete"

Ask = Callable[[], httpx.Response]


class Afresh(Server):
    """The portal, asked over a new connection for each request."""

    def __init__(self, product: Product) -> None:
        super().__init__(product.origin)
        self._port = int(product.origin.rpartition(":")[2])
        listening = {inode for local, _, inode in _connections() if local == self._port}
        self._servers = [one for one in product.processes() if listening & _sockets(one)]
        self._took: Counter[int] = Counter()

    def exchange(self, request: httpx.Request) -> httpx.Response:
        """Send a request over a connection of its own, and note which process took the connection."""
        request.extensions["trace"] = self._note
        with httpx.Client(timeout=20, trust_env=False, verify=NO_AUTHORITIES) as client:
            return client.send(request)

    @contextmanager
    def by_every_worker(self) -> Iterator[None]:
        """Ask something, and see that as many processes as there are workers took the connections."""
        self._took.clear()
        yield
        assert len(self._took) == WORKERS, self._took

    def _note(self, what: str, about: dict[str, Any]) -> None:
        if what == _CONNECTED:
            port: int = about["return_value"].get_extra_info("client_addr")[1]
            ends = time.monotonic() + 5
            while (taker := self._taker(port)) is None:
                assert time.monotonic() < ends, "nobody took the connection"
            self._took[taker] += 1

    def _taker(self, port: int) -> int | None:
        """Which process of the product holds the other end of a connection of ours, once it has been taken."""
        for local, remote, inode in _connections():
            if (local, remote) == (self._port, port):
                return next((one for one in self._servers if inode in _sockets(one)), None)
        return None


def let_in(portal: Afresh, ask: Ask, times: int = IN_A_ROW // 2) -> None:
    """Every worker lets the caller in, so whatever a worker might remember, it remembers."""
    with portal.by_every_worker():
        answers = [ask() for _ in range(times)]
    assert all(answer.is_success for answer in answers), [answer.text for answer in answers if not answer.is_success]


def seconds_until_refused(portal: Afresh, code: str, ask: Ask) -> float:
    """How long a caller was still let in until every worker refused them, time after time. Call it right after the revocation."""

    def is_refused() -> bool:
        answer = ask()
        assert answer.is_success or answer.json()["code"] == code, answer.text
        return not answer.is_success

    return seconds_until(portal, is_refused)


def seconds_until(portal: Afresh, holds: Callable[[], bool]) -> float:
    """How long it took until something held whichever worker was asked, as many times in a row as `IN_A_ROW` says."""
    since = last_not_so = time.monotonic()
    in_a_row = 0
    with portal.by_every_worker():
        while in_a_row < IN_A_ROW:
            in_a_row += 1
            if not holds():
                in_a_row, last_not_so = 0, time.monotonic()
                assert last_not_so - since < WITHIN_SECONDS
                time.sleep(_PAUSE_SECONDS)
    return last_not_so - since


def _connections() -> Iterator[tuple[int, int, str]]:
    """This machine's connections: both ports, and the number of the local end's socket."""
    for line in SOCKETS.read_text().splitlines()[1:]:
        _, local, remote, *rest = line.split()
        yield int(local.rpartition(":")[2], 16), int(remote.rpartition(":")[2], 16), rest[6]


def _sockets(process: int) -> set[str]:
    """The numbers of the sockets that a process holds open."""
    found = set()
    with suppress(FileNotFoundError, PermissionError):
        for file in Path(f"/proc/{process}/fd").iterdir():
            with suppress(FileNotFoundError):
                kind, _, number = str(file.readlink()).partition(":")
                if kind == "socket":
                    found.add(number.strip("[]"))
    return found
