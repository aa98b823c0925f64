"""The embedded object store: one SeaweedFS process that speaks S3 on loopback.

It uses eight ports: `port` (S3), the three after it (its master, volume and filer parts) and the same four plus 10,000
(gRPC between those parts). Only S3 asks who calls: the other parts are kept on loopback, which is no wall against other
users of the same machine, so a shared machine or a real city points `store_endpoint` at an S3 service of its own.
S3 answers browsers of every origin (CORS), since signed addresses are what protects an object.
"""

import json
import os
import shutil
import signal
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.embedded import passwords, ports
from app.embedded.errors import CannotRun, ChildDied, FolderBroken, PortTaken
from app.embedded.tree import Child, Order, ProcessTree, discard
from app.kernel.words import Words

_PARTS: Final = 4
_MEMORY: Final = "384MiB"
"""What it may grow to. Idle it maps nearly 200: below that its garbage collector never rests, at a sixth of a core."""
_VOLUME_MEBIBYTES: Final = 1024
_READY_SECONDS: Final = 60
_STOP_SECONDS: Final = 0.5


@dataclass(frozen=True)
class Store:
    """Where a store lives: its data folder, its S3 port and the folder of its credentials."""

    folder: Path
    port: int
    secrets: Path

    @property
    def endpoint(self) -> str:
        """The S3 address, as `scheme://host:port`."""
        return f"http://{ports.LOOPBACK}:{self.port}"

    @property
    def access_key(self) -> str:
        """The access key; the first call makes it."""
        return passwords.keep(self.secrets, "store_access_key")

    @property
    def secret_key(self) -> str:
        """The secret key; the first call makes it."""
        return passwords.keep(self.secrets, "store_secret_key")

    @property
    def ports(self) -> tuple[int, ...]:
        """Every port that it listens on."""
        public = tuple(range(self.port, self.port + _PARTS))
        return public + tuple(port + ports.GRPC_OFFSET for port in public)


def launch(tree: ProcessTree, store: Store) -> Child:
    """Start the store on its data (made on the first start), without waiting until it is ready.

    Its own orderly end takes 15 seconds, in which it waits for streams between its own parts; it is killed sooner. What
    it acknowledged is with the operating system by then, as the test with a kill shows.
    """
    folder = store.folder.resolve()
    _make(folder)
    ports.require_free(store.ports, "FUHAI_STORE_PORT")
    sockets = _sockets(store)
    _remove(sockets)
    credentials = _write_credentials(store)
    return tree.spawn(
        Order(
            name="store",
            argv=(str(_program()), "-logtostderr=true", "server", *_options(store.port, folder, credentials)),
            stop_signal=signal.SIGTERM,
            stop_seconds=_STOP_SECONDS,
            environment=_environment(folder),
            leaves=sockets,
            worth_showing=lambda line: line[:1] in "EF",
        )
    )


def wait_ready(tree: ProcessTree, child: Child, store: Store) -> None:
    """Wait until S3 answers."""
    try:
        tree.wait_until(child, lambda: is_ready(store.port), _READY_SECONDS)
    except ChildDied as died:
        if child.process.poll() is None:
            raise
        raise _why_not(store, died.lines) from died


def is_ready(port: int) -> bool:
    """Tell whether a store on the loopback port serves S3."""
    return ports.says_ok(port, "/healthz")


@contextmanager
def running(folder: Path, port: int = 0) -> Iterator[Store]:
    """Run a store for tests on `<folder>/store`; port 0 chooses free ones."""
    store = Store(folder / "store", port or ports.free_block(_PARTS), folder / "secrets")
    with ProcessTree(discard) as tree:
        wait_ready(tree, launch(tree, store), store)
        yield store


def _options(port: int, folder: Path, credentials: Path) -> tuple[str, ...]:
    master, volume, filer = port + 1, port + 2, port + 3
    return (
        f"-dir={folder}",
        f"-ip={ports.LOOPBACK}",
        f"-ip.bind={ports.LOOPBACK}",
        f"-master.port={master}",
        "-master.electionTimeout=400ms",  # there is nobody else to elect; the default waits ten
        "-master.telemetry=false",
        f"-master.volumeSizeLimitMB={_VOLUME_MEBIBYTES}",
        f"-volume.port={volume}",
        "-volume.max=0",
        "-volume.preStopSeconds=0",
        "-filer",
        f"-filer.port={filer}",
        "-filer.disableHttp",
        f"-filer.localSocket={folder}/filer.sock",
        "-s3",
        f"-s3.port={port}",
        f"-s3.config={credentials}",
        "-s3.iam=false",
        f"-s3.localSocket={folder}/s3.sock",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
    )


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.defpath,
        "HOME": str(folder),
        "GOMEMLIMIT": _MEMORY,
        "WEED_MASTER_VOLUME_GROWTH_COPY_1": "1",
    }


def _program() -> Path:
    beside = Path(sysconfig.get_path("scripts")) / "weed"
    found = str(beside) if beside.exists() else shutil.which("weed")
    if found is None:
        raise CannotRun(
            Words(
                zh="未安装内置对象存储：请再次运行 make run，或用 FUHAI_STORE_ENDPOINT 指向已有的 S3 服务。",
                en="The embedded object store isn't installed: run `make run` again, or point FUHAI_STORE_ENDPOINT at an S3 service.",
            )
        )
    return Path(found)


def _sockets(store: Store) -> tuple[Path, ...]:
    """The Unix sockets that its parts talk by, in a place that it doesn't let us choose."""
    parts = zip(("s3", "master", "volume", "filer"), store.ports[_PARTS:], strict=True)
    return tuple(Path("/tmp") / f"seaweedfs-{part}-grpc-{port}.sock" for part, port in parts)  # noqa: S108 - see above


def _remove(sockets: tuple[Path, ...]) -> None:
    """Remove what a killed store left; another user's can only be gone round by other ports."""
    for path in sockets:
        try:
            path.unlink(missing_ok=True)
        except PermissionError:
            raise CannotRun(
                Words(
                    zh=f"{path} 由其他用户的对象存储遗留：请删除该文件，或用 FUHAI_STORE_PORT 另选端口。",
                    en=f"{path} was left by another user's object store: delete it, or choose other ports with FUHAI_STORE_PORT.",
                )
            ) from None


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / ".writable").touch()
    except OSError as error:
        raise _broken(folder, error.strerror or "it can't be written") from error


def _write_credentials(store: Store) -> Path:
    path = store.secrets / "store.json"
    keys = {"accessKey": store.access_key, "secretKey": store.secret_key}
    identity = {"name": "fuhai", "credentials": [keys], "actions": ["Admin", "Read", "List", "Tagging", "Write"]}
    path.touch(mode=0o600)
    path.write_text(json.dumps({"identities": [identity]}))
    return path.resolve()


def _why_not(store: Store, lines: tuple[str, ...]) -> CannotRun:
    if any("address already in use" in line for line in lines):
        return PortTaken(store.port, "FUHAI_STORE_PORT")
    reasons = tuple(line for line in lines if line[:1] in "EF") or lines
    return _broken(store.folder, reasons[-1] if reasons else "no reason given", lines)


def _broken(folder: Path, reason: str, lines: tuple[str, ...] = ()) -> FolderBroken:
    return FolderBroken(
        Words(
            zh=f"对象存储无法从 {folder} 启动（{reason}）：请恢复该文件夹，或运行 make reset 清空数据重新开始。",
            en=f"The object store can't start from {folder} ({reason}): restore that folder, or run `make reset` to start over without its data.",
        ),
        lines,
    )
