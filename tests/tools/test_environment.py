"""Which of a machine's Pythons runs Fuhai."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

TELLS = "import sys; print(*sys.argv[1:])\n"
SYSTEMS_OWN = "/usr/bin/python3"


class Machine:
    """A machine with a Python of its system's and one on its path, and a `bootstrap.py` that only tells that it was run."""

    def __init__(self, folder: Path) -> None:
        self.taken = folder / "taken"
        self.own = folder / "own" / "python3"
        self.on_path = folder / "path" / "python3"
        self._script = folder / "environment"
        (folder / "bootstrap.py").write_text(TELLS)
        text = (ROOT / "tools" / "environment").read_text(encoding="utf-8")
        assert f" {SYSTEMS_OWN} " in text
        self._script.write_text(text.replace(SYSTEMS_OWN, str(self.own)))

    def install(self, python: Path, lacks: str = "nothing") -> None:
        """A Python that is like ours but for a module, and notes who it is where it was handed over to."""
        python.parent.mkdir()
        case = f'case "$*" in *{lacks}*) exit 1;; *bootstrap.py*) echo {python} >"{self.taken}";; esac'
        python.write_text(f'#!/bin/sh\n{case}\nexec "{sys.executable}" "$@"\n')
        python.chmod(0o755)

    def asks(self, python: str = "") -> "subprocess.CompletedProcess[str]":
        """Run the script, where `PYTHON` may name one."""
        environment = os.environ | {"PYTHON": python, "PATH": f"{self.on_path.parent}:/usr/bin:/bin"}
        command = ["/bin/sh", str(self._script), "run"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    def took(self) -> Path:
        """Which of them was handed over to."""
        return Path(self.taken.read_text(encoding="utf-8").strip())


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


class TestEnvironment:
    def test_takes_the_systems_own_before_the_paths(self, machine: Machine) -> None:
        machine.install(machine.own)
        machine.install(machine.on_path)

        assert machine.asks().stdout == "run\n"
        assert machine.took() == machine.own

    def test_passes_over_one_that_makes_no_environment_while_there_is_another(self, machine: Machine) -> None:
        machine.install(machine.own, lacks="ensurepip")
        machine.install(machine.on_path)

        assert machine.asks().returncode == 0
        assert machine.took() == machine.on_path

    def test_takes_the_one_that_is_named(self, machine: Machine) -> None:
        machine.install(machine.own)
        machine.install(machine.on_path)

        assert machine.asks(str(machine.on_path)).returncode == 0
        assert machine.took() == machine.on_path

    @pytest.mark.parametrize("python", ["/nowhere/python3", "/bin/false"])
    def test_refuses_one_that_is_named_and_wont_do(self, machine: Machine, python: str) -> None:
        machine.install(machine.own)

        asked = machine.asks(python)

        assert (asked.returncode, f"PYTHON={python}" in asked.stderr) == (1, True)
        assert not machine.taken.exists()
