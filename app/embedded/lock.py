"""The lock on a data folder: one tree of processes at a time lives on it."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from app.embedded.errors import AlreadyRunning, FolderBroken
from app.kernel.words import Words

_PATIENCE_SECONDS: Final = 20
"""How long the children of a killed tree may take to stop."""


@contextmanager
def held(var: Path) -> Iterator[int]:
    """Hold the folder (made where it is missing) and give the lock's open file; `AlreadyRunning` where another does.

    The lock ends with the last process that has the file open. A tree that was killed leaves it to its guard, which is
    waited for.
    """
    path = var / "run" / "lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+")
    except OSError as error:
        raise _unusable(var, error.strerror or str(error)) from error
    with file:
        _take(file, var)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield file.fileno()


def _take(file: TextIO, var: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            owner = file.read().strip()
            if _runs(owner) or time.monotonic() > deadline:
                raise _held_by(var, owner) from None
            time.sleep(0.1)
        else:
            return


def _runs(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _held_by(var: Path, pid: str) -> AlreadyRunning:
    return AlreadyRunning(
        Words(
            zh=f"福海已在 {var} 上运行（进程 {pid}）：请先在那里按 Ctrl-C 停止，或用 FUHAI_VAR 另选数据文件夹和端口。",
            en=f"Fuhai already runs on {var} (process {pid}): stop it there with Ctrl-C, or choose another folder with FUHAI_VAR and other ports.",
        )
    )


def _unusable(var: Path, reason: str) -> FolderBroken:
    return FolderBroken(
        Words(
            zh=f"无法使用数据文件夹 {var}（{reason}）：请修正其权限，或用 FUHAI_VAR 另选文件夹。",
            en=f"The data folder {var} can't be used ({reason}): mend its permissions, or choose another with FUHAI_VAR.",
        )
    )
