"""Everything on one machine: the tree of processes behind `make run`.

Order: lock → ports → PostgreSQL and store side by side → migrations → city, worker and server → `/health/ready` → the
announcement. Ctrl-C, SIGTERM and a closed terminal stop all of it in reverse order. When a process dies, nothing is
restarted behind the user's back: `ChildDied` says which one and why, the rest is stopped in order, and the next start
recovers (PostgreSQL replays its log, orphans of a killed run are stopped first).
"""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from app.embedded import lock, orphans, ports, postgres, store
from app.embedded.errors import StopAsked
from app.embedded.postgres import Postgres
from app.embedded.store import Store
from app.embedded.tree import Child, Order, ProcessTree, Sink, print_line
from app.kernel.settings import SCANNER_OFFSET, Settings

_FUHAI: Final = (sys.executable, "-P", "-u", "-m", "app.cli")
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_MIGRATE_SECONDS: Final = 300
_READY_SECONDS: Final = 120
_SERVER_STOP_SECONDS: Final = 12


def run_everything(settings: Settings, announce: Callable[[], None], sink: Sink = print_line) -> None:
    """Run everything in the foreground until asked to stop; `announce` is called once all is ready.

    Raises `CannotRun` with one plain sentence when something can't start or dies.
    """
    with lock.held(settings.var) as held, _tree(settings, sink, held) as tree:
        try:
            _start(tree, settings)
            announce()
            tree.watch()
        except StopAsked:
            return


def embedded_postgres(settings: Settings) -> Postgres | None:
    """The embedded PostgreSQL of these settings; none when they point at another."""
    if settings.database_url:
        return None
    return Postgres(settings.var / "postgres", settings.postgres_port, settings.secrets)


def embedded_store(settings: Settings) -> Store | None:
    """The embedded store of these settings; none when they point at another."""
    if settings.store_endpoint:
        return None
    return Store(settings.var / "store", settings.store_port, settings.secrets)


def _start(tree: ProcessTree, settings: Settings) -> None:
    ports.require_free((settings.http_port,), "FUHAI_HTTP_PORT")
    if settings.city:
        ports.require_free((settings.city_port, settings.city_port + SCANNER_OFFSET), "FUHAI_CITY_PORT")
    _start_servers(tree, settings)
    tree.finish(_ours("migrate"), _MIGRATE_SECONDS)
    _start_ours(tree, settings)


def _start_servers(tree: ProcessTree, settings: Settings) -> None:
    database, objects = embedded_postgres(settings), embedded_store(settings)
    starting: list[Callable[[], None]] = []
    if database is not None:
        child = postgres.launch(tree, database)
        starting.append(lambda: postgres.wait_ready(tree, child, database))
    if objects is not None:
        other = store.launch(tree, objects)
        starting.append(lambda: _open_store(tree, other, objects, settings))
    for wait in starting:
        wait()


def _open_store(tree: ProcessTree, child: Child, objects: Store, settings: Settings) -> None:
    from app.embedded import buckets  # noqa: PLC0415 - minio is as large as the rest of this process

    store.wait_ready(tree, child, objects)
    buckets.ensure(
        objects.endpoint, (objects.access_key, objects.secret_key), settings.store_bucket, settings.store_region
    )


def _start_ours(tree: ProcessTree, settings: Settings) -> None:
    city = tree.spawn(_ours("city")) if settings.city else None
    tree.spawn(_ours("worker"))
    server = tree.spawn(_ours("serve", "server", _SERVER_STOP_SECONDS))
    if city is not None:
        tree.wait_until(city, lambda: ports.answers(settings.city_port), _READY_SECONDS)
    tree.wait_until(server, lambda: serves(settings.http_port), _READY_SECONDS)


def serves(port: int) -> bool:
    """Tell whether the server on the loopback port says that it is ready."""
    return ports.says_ok(port, "/health/ready")


def _ours(command: str, name: str = "", stop_seconds: float = 10) -> Order:
    return Order(name=name or command, argv=(*_FUHAI, command), stop_seconds=stop_seconds)


@contextmanager
def _tree(settings: Settings, sink: Sink, held: int) -> Iterator[ProcessTree]:
    """A tree that the signals which end a program ask to stop, also while it is stopping already."""
    record = settings.var / "run" / "children"
    orphans.stop_recorded(record)
    tree = ProcessTree(sink, record=record, keep_open=(held,))

    def ask(_number: int, _frame: FrameType | None) -> None:
        tree.ask_to_stop()

    before = {number: signal.signal(number, ask) for number in _SIGNALS}
    try:
        with tree:
            yield tree
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
