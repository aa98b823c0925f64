"""Outside programs that `make interop` asks for a second opinion; what is missing is said by name."""

import shutil
import subprocess
from pathlib import Path

import pytest


def needs(*programs: str) -> pytest.MarkDecorator:
    """Skip tests, by name, where a program that it runs isn't installed."""
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


def said(folder: Path, command: str) -> str:
    """What a command says, output and errors together, run in a folder."""
    done = subprocess.run(command.split(), cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout + done.stderr


def done(folder: Path, command: str) -> str:
    """What a command says that must succeed."""
    finished = subprocess.run(command.split(), cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    assert finished.returncode == 0, f"{command}\n{finished.stdout}{finished.stderr}"
    return finished.stdout + finished.stderr
