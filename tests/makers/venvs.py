"""Python packages that only `make interop` needs, each in an environment of its own, pinned by their hashes."""

import subprocess
import venv
from pathlib import Path

import pytest


def an_environment(folder: Path, pinned: Path) -> Path:
    """Install what a file pins into a folder, and give its programs; skips, by the file's name, where no registry is reached."""
    venv.create(folder, with_pip=True)
    pip = [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    installed = subprocess.run([*pip, "-r", str(pinned)], capture_output=True, text=True, check=False, timeout=300)
    if installed.returncode != 0:
        assert "DO NOT MATCH THE HASHES" not in installed.stderr, installed.stderr
        pytest.skip(f"not installed: {pinned.stem} (no registry is reached)")
    return folder / "bin"
