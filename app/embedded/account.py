"""Which account a server runs as.

PostgreSQL refuses to run as root. A root run (a container, a CI machine) therefore gives the server to the account that
owns the checkout, or to `nobody` where root owns it; only the server's own data folder changes hands. Where that account
can't enter the folders above (a home or a temporary folder of mode 0700), `setpriv` lends the server the one capability
of passing through them, instead of opening anybody's folders to everybody.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.embedded.errors import CannotRun
from app.kernel.words import Words

_CAPABILITIES: Final = ("dac_read_search", "dac_override")
"""The least that passes through closed folders, then what containers usually leave to root."""


@dataclass(frozen=True)
class Account:
    """An account to run a program as; by default our own."""

    uid: int | None = None
    gid: int | None = None
    capability: str = ""

    def wrap(self, argv: tuple[str, ...]) -> list[str]:
        """Put in front of the command what lends it the capability."""
        if not self.capability:
            return list(argv)
        lend = [f"--{kind}-caps=+{self.capability}" for kind in ("inh", "ambient")]
        lend.append("--securebits=+no_setuid_fixup")  # or access(2), which initdb asks, wouldn't see the capability
        return ["setpriv", f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups", *lend, "--", *argv]

    def popen(self) -> dict[str, Any]:
        """Give the keywords of `subprocess` that switch to the account."""
        if self.uid is None or self.capability:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, folder: Path) -> None:
        """Hand a folder and everything in it to the account."""
        if self.uid is None or self.gid is None:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def for_server(folder: Path, program: Path) -> Account:
    """Choose the account for a program that refuses root and keeps its data in the folder (which exists)."""
    if os.geteuid() != 0:
        return Account()
    plain = _owner_or_nobody(folder.parent)
    loans = ("", *_CAPABILITIES) if shutil.which("setpriv") else ("",)
    for capability in loans:
        account = Account(plain.uid, plain.gid, capability)
        if _can_run(account, folder, program):
            return account
    raise CannotRun(
        Words(
            zh=f"以 root 运行时，数据库账号无法进入 {folder}：请改用普通用户运行，或把项目移到其他用户可进入的文件夹。",
            en=f"Running as root, the database's account can't enter {folder}: run as an ordinary user, or move the checkout to a folder that others can enter.",
        )
    )


def _owner_or_nobody(folder: Path) -> Account:
    for uid in (folder.stat().st_uid, pwd.getpwnam("nobody").pw_uid):
        try:
            known = pwd.getpwuid(uid)
        except KeyError:
            continue
        if known.pw_uid != 0:
            break
    return Account(known.pw_uid, known.pw_gid)


def _can_run(account: Account, folder: Path, program: Path) -> bool:
    """Try it: enter the folder and start the program, as that account."""
    argv = ("/bin/sh", "-c", 'cd "$1" && exec "$2" --version', "try", str(folder), str(program))
    try:
        tried = subprocess.run(account.wrap(argv), capture_output=True, check=False, **account.popen())
    except OSError:
        return False
    return tried.returncode == 0
