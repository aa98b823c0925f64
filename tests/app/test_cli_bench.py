"""`fuhai bench`: what is listed, run and refused."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import cli_bench
from app.cli_bench import bench, benchmarks
from tests.architecture.sources import ROOT

_ECHO = '''"""Says what it was asked.

Nothing more.
"""

import sys

if __name__ == "__main__":
    print("asked", *sys.argv[1:])
    raise SystemExit(3)
'''


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one benchmark, and a file that benchmarks share."""
    (tmp_path / "bench").mkdir()
    (tmp_path / "bench" / "an_echo.py").write_text(_ECHO, encoding="utf-8")
    (tmp_path / "bench" / "shared.py").write_text('"""Not a benchmark."""\n', encoding="utf-8")
    monkeypatch.setattr(cli_bench, "PROJECT", tmp_path)
    return tmp_path


class TestList:
    def test_names_the_project_s_benchmarks_and_what_each_measures(self) -> None:
        known = benchmarks(ROOT)

        assert {"access-token", "ledger", "pki", "request-signatures", "row-security", "sealed-log"} <= set(known)
        assert "turns" not in known
        assert all(says.endswith(".") for says in known.values())

    @pytest.mark.usefixtures("project")
    def test_is_what_is_told_without_a_name(self) -> None:
        told = CliRunner().invoke(bench, [])

        assert told.exit_code == 0
        assert told.output.split() == ["an-echo", "Says", "what", "it", "was", "asked."]

    def test_says_plainly_where_there_are_none(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cli_bench, "PROJECT", tmp_path)

        told = [CliRunner().invoke(bench, arguments) for arguments in ([], ["an-echo"])]

        assert [one.exit_code for one in told] == [1, 1]
        assert all("isn't there" in one.output and "Traceback" not in one.output for one in told)


class TestRun:
    @pytest.mark.usefixtures("project")
    @pytest.mark.parametrize(("options", "asked"), [([], "asked\n"), (["--quick"], "asked --quick\n")])
    def test_is_the_benchmark_s_own_with_its_exit(
        self, options: list[str], asked: str, capfd: pytest.CaptureFixture[str]
    ) -> None:
        ran = CliRunner().invoke(bench, ["an-echo", *options])

        assert ran.exit_code == 3
        assert capfd.readouterr().out == asked

    @pytest.mark.usefixtures("project")
    @pytest.mark.parametrize("name", ["nothing", "an_echo", "shared", "an-echo.py", "../an-echo", ""])
    def test_of_what_there_isnt_is_refused_with_what_there_is(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delattr(subprocess, "run")

        refused = CliRunner().invoke(bench, [name])

        assert refused.exit_code == 2
        assert "an-echo" in refused.output
