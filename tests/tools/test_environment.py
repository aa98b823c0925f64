"""Which of a machine's Pythons runs Fuhai."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

TELLS = "import sys; print(sys.executable, *sys.argv[1:], sep='\\n')\n"


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """The script in a folder of its own, beside a `bootstrap.py` that only tells by which Python it runs."""
    (tmp_path / "bootstrap.py").write_text(TELLS)
    return Path(shutil.copy(ROOT / "tools" / "environment", tmp_path / "environment"))


def one_without_venv(folder: Path, taken: Path) -> Path:
    """One that is like ours, but makes no environments; it leaves a file where it was handed over to."""
    python = folder / "python-without-venv"
    python.write_text(
        f'#!/bin/sh\ncase "$*" in *ensurepip*) exit 1;; *bootstrap*) touch "{taken}";; esac\nexec "{sys.executable}" "$@"\n'
    )
    python.chmod(0o755)
    return python


def chosen(script: Path, python: str | Path) -> list[str]:
    """What is told where `PYTHON` names one."""
    run = subprocess.run(
        ["/bin/sh", str(script), "run"],
        env={**os.environ, "PYTHON": str(python)},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.splitlines()


class TestEnvironment:
    def test_hands_over_to_the_one_that_is_named(self, script: Path) -> None:
        assert chosen(script, sys.executable) == [sys.executable, "run"]

    @pytest.mark.parametrize("python", ["", "/nowhere/python3", "/bin/false"])
    def test_finds_another_where_that_is_none(self, script: Path, python: str) -> None:
        found, asked = chosen(script, python)

        assert (Path(found).name.startswith("python3"), asked) == (True, "run")

    def test_passes_over_one_that_makes_no_environment_while_there_is_another(
        self, script: Path, tmp_path: Path
    ) -> None:
        taken = tmp_path / "taken"

        chosen(script, one_without_venv(tmp_path, taken))

        assert not taken.exists()
