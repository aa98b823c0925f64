import fcntl
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import bootstrap

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A checkout in a folder with a space in its name, where installing only notes what was asked for."""
    root = tmp_path / "a checkout"
    root.mkdir()
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-uv.txt"):
        (root / name).write_text(f"{name}==1\n")
    monkeypatch.setattr(bootstrap, "ROOT", root)
    monkeypatch.setattr(bootstrap, "VENV", root / ".venv")
    monkeypatch.setattr(bootstrap, "STAMP", root / ".venv" / "fuhai.json")
    monkeypatch.setattr(bootstrap, "PYTHON", root / ".venv" / "bin" / "python")
    monkeypatch.setattr(venv, "create", lambda where, **_: bare_venv(Path(where)))
    yield root
    shutil.rmtree(root)


def bare_venv(where: Path) -> None:
    (where / "bin").mkdir(parents=True)
    (where / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    (where / "bin" / "python").symlink_to(sys.executable)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What was installed, in order."""
    calls: list[tuple[str, ...]] = []

    def note(files: tuple[str, ...]) -> bool:
        calls.append(files)
        return True

    monkeypatch.setattr(bootstrap, "install", note)
    return calls


class TestPrepare:
    def test_installs_once(self, checkout: Path, installed: list[tuple[str, ...]]) -> None:
        assert bootstrap.prepare(bootstrap.SETS["run"]) == 0
        assert bootstrap.prepare(bootstrap.SETS["run"]) == 0

        assert installed == [("requirements.txt",)]

    def test_installs_again_when_a_pin_has_changed(self, checkout: Path, installed: list[tuple[str, ...]]) -> None:
        bootstrap.prepare(bootstrap.SETS["run"])
        (checkout / "requirements.txt").write_text("another==2\n")

        bootstrap.prepare(bootstrap.SETS["run"])

        assert len(installed) == 2

    def test_adds_what_tests_need_and_keeps_it(self, checkout: Path, installed: list[tuple[str, ...]]) -> None:
        for wanted in ("run", "dev", "run", "dev"):
            bootstrap.prepare(bootstrap.SETS[wanted])

        assert installed == [bootstrap.SETS["run"], bootstrap.SETS["dev"]]

    def test_makes_the_environment_anew_after_a_move(self, checkout: Path, installed: list[tuple[str, ...]]) -> None:
        bootstrap.prepare(bootstrap.SETS["run"])
        stamp = bootstrap.STAMP.read_text().replace(str(checkout), "/elsewhere")
        bootstrap.STAMP.write_text(stamp)

        bootstrap.prepare(bootstrap.SETS["run"])

        assert len(installed) == 2

    def test_tries_again_after_a_failure(
        self, checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(bootstrap, "works", lambda _argv: False)

        assert bootstrap.prepare(bootstrap.SETS["run"]) == 1
        assert "couldn't be installed" in capsys.readouterr().err
        assert not bootstrap.STAMP.exists()

    def test_makes_the_product_importable_and_a_command(self, checkout: Path, installed: list[tuple[str, ...]]) -> None:
        bootstrap.prepare(bootstrap.SETS["run"])

        assert next(checkout.glob(".venv/lib/*/site-packages/fuhai.pth")).read_text() == f"{checkout}\n"
        assert str(bootstrap.PYTHON) in (checkout / ".venv" / "bin" / "fuhai").read_text()


class TestMain:
    def test_says_in_one_sentence_that_venv_is_missing(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
        monkeypatch.setattr(sys, "argv", ["bootstrap.py", "run"])

        assert bootstrap.main() == 1
        assert "apt install python3-venv" in capsys.readouterr().err


class TestReset:
    @pytest.fixture
    def var(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        var = tmp_path / "var"
        (var / "run").mkdir(parents=True)
        (var / "run" / "lock").touch()
        monkeypatch.setenv("FUHAI_VAR", str(var))
        return var

    def test_deletes_the_data(self, var: Path) -> None:
        assert bootstrap.reset() == 0
        assert not var.exists()

    def test_refuses_while_it_runs(self, var: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with (var / "run" / "lock").open() as held:
            fcntl.flock(held, fcntl.LOCK_EX)

            assert bootstrap.reset() == 1

        assert "Ctrl-C first" in capsys.readouterr().err
        assert var.exists()

    def test_refuses_a_folder_that_is_not_ours(self, var: Path) -> None:
        shutil.rmtree(var / "run")
        (var / "thesis").touch()

        assert bootstrap.reset() == 1
        assert (var / "thesis").exists()


class TestEnvironment:
    def test_says_in_one_sentence_that_python_is_too_old(self, tmp_path: Path) -> None:
        for name in ("python3", "python3.11", "python3.12", "python3.13"):
            (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
            (tmp_path / name).chmod(0o755)
        script = (ROOT / "tools" / "environment").read_text().replace("/usr/bin/python3", "python3")
        (tmp_path / "environment").write_text(script)

        tried = subprocess.run(
            ["/bin/sh", str(tmp_path / "environment")],
            env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )

        assert tried.returncode == 1
        assert tried.stderr.startswith("Fuhai needs Python 3.11, 3.12 or 3.13")
        assert tried.stderr.count("\n") == 1
