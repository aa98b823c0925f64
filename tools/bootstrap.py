"""Make `.venv` and install the pinned dependencies into it; when nothing has changed, do nothing and touch no network.

Run by the Makefile through `tools/environment`, with the machine's own Python and nothing but its standard library:
`bootstrap.py run` installs what the product needs, `bootstrap.py dev` also what tests and linters need,
`bootstrap.py reset` deletes the data folder `var`.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "fuhai.json"
PYTHON = VENV / "bin" / "python"
INSTALLER = "requirements-uv.txt"
SETS = {"run": ("requirements.txt",), "dev": ("requirements.txt", "requirements-dev.txt")}
COMMAND = """\
#!/bin/sh
exec "{python}" -P -m app.cli "$@"
"""


def main() -> int:
    """Do what the command line says; give the exit code."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else "run"
    if wanted == "reset":
        return reset()
    if importlib.util.find_spec("ensurepip") is None:
        return refuse(
            "Python's venv module is missing: install it (on Debian or Ubuntu: apt install python3-venv) and run make again."
        )
    with (ROOT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return prepare(SETS[wanted])


def prepare(files: tuple[str, ...]) -> int:
    """Bring `.venv` to what the files say."""
    stamp = read_stamp()
    if stamp.get("python") != sys.version or stamp.get("checkout") != str(ROOT):
        stamp = {"python": sys.version, "checkout": str(ROOT)}
        make_venv()
    wanted = {name: fingerprint(name) for name in files}
    if all(stamp.get(name) == print_ for name, print_ in wanted.items()):
        return 0
    say("Installing dependencies into .venv (once; this takes up to a minute) …")
    if not install(files):
        return refuse(
            "The dependencies couldn't be installed: see the lines above, check the network, and run make again."
        )
    STAMP.write_text(json.dumps({**stamp, **wanted}))
    return 0


def make_venv() -> None:
    """Make an empty `.venv` with the product importable in it and a `fuhai` command."""
    shutil.rmtree(VENV, ignore_errors=True)
    venv.create(VENV, with_pip=True, symlinks=True)
    packages = next(VENV.glob("lib/python3*/site-packages"))
    (packages / "fuhai.pth").write_text(f"{ROOT}\n")
    command = VENV / "bin" / "fuhai"
    command.write_text(COMMAND.format(python=PYTHON))
    command.chmod(0o755)


def install(files: tuple[str, ...]) -> bool:
    """Install the files with uv, or with pip where uv can't (pip knows mirrors that uv doesn't); every hash is checked."""
    requirements = [part for name in files for part in ("-r", str(ROOT / name))]
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    uv = [
        str(VENV / "bin" / "uv"),
        "pip",
        "install",
        "--quiet",
        "--system-certs",
        "--no-build",
        "--compile-bytecode",  # once here, instead of in each process of the first start
        "--require-hashes",
        "--python",
        str(PYTHON),
    ]
    if not works([*pip, "-r", str(ROOT / INSTALLER)]):
        return False
    return works([*uv, *requirements]) or works([*pip, "--only-binary", ":all:", *requirements])


def works(argv: list[str]) -> bool:
    """Run a command; tell whether it ended well."""
    return subprocess.run(argv, cwd=ROOT, check=False).returncode == 0


def read_stamp() -> dict[str, str]:
    """Give what was installed last, or nothing."""
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if PYTHON.exists() else {}


def fingerprint(name: str) -> str:
    """Give the hash of a requirements file together with the installer's."""
    return hashlib.sha256((ROOT / name).read_bytes() + (ROOT / INSTALLER).read_bytes()).hexdigest()


def reset() -> int:
    """Delete the data folder, unless Fuhai is running on it."""
    var = Path(os.environ.get("FUHAI_VAR") or ROOT / "var").resolve()
    lock = var / "run" / "lock"
    if lock.exists():
        with lock.open() as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return refuse(f"Fuhai is running on {var}: stop it with Ctrl-C first, then run make reset again.")
    if var.exists() and not (var / "run").is_dir():
        return refuse(f"{var} doesn't look like Fuhai's data folder, so nothing was deleted.")
    shutil.rmtree(var, ignore_errors=True)
    say(f"{var} is gone; make run starts over.")
    return 0


def say(sentence: str) -> None:
    """Write a sentence to the user."""
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def refuse(sentence: str) -> int:
    """Write a sentence that says what is wrong and what to do; give the exit code."""
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
