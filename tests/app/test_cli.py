"""The `fuhai` command."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import rich_click as click
from click.testing import CliRunner
from litestar import Litestar

from app import __version__, cli
from app.embedded.errors import CannotRun
from app.kernel.settings import Settings, load
from app.kernel.words import Words
from tests.architecture.sources import ROOT
from tests.makers.officers import a_powerless_officer, a_system_administrator


def fuhai(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class TestHelp:
    def test_says_what_every_command_does(self) -> None:
        assert isinstance(cli.main, click.Group)
        told = CliRunner().invoke(cli.main, ["--help"]).output

        assert set(cli.main.commands) >= {"serve", "worker", "migrate", "city", "contract", "check"}
        assert all(name in told and command.help for name, command in cli.main.commands.items())

    def test_of_a_command_tells_its_options(self) -> None:
        told = CliRunner().invoke(cli.main, ["serve", "-h"])

        assert told.exit_code == 0
        assert "--everything" in told.output

    def test_says_its_version(self) -> None:
        assert CliRunner().invoke(cli.main, ["--version"]).output.strip() == f"fuhai, version {__version__}"

    def test_refuses_what_it_doesnt_know(self) -> None:
        for arguments in (["fly"], ["serve", "--fast"], ["city", "--people", "3"]):
            assert CliRunner().invoke(cli.main, arguments).exit_code == 2


class TestSettings:
    @pytest.mark.parametrize(
        ("name", "value", "told"),
        [("FUHAI_HTP_PORT", "8000", "FUHAI_HTP_PORT"), ("FUHAI_WORKERS", "many", "FUHAI_WORKERS")],
    )
    def test_that_cant_be_are_refused_plainly_and_by_name(self, name: str, value: str, told: str) -> None:
        run = fuhai("check", **{name: value})

        assert run.returncode == 1
        assert told in run.stderr
        assert "docs/settings.md" in run.stderr
        assert "Traceback" not in run.stderr


class TestContract:
    @pytest.fixture(autouse=True)
    def made_once(self, app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
        """The application is the tests' own: making it anew takes seconds."""
        monkeypatch.setattr("app.main.create_app", lambda: app)

    def test_is_written_and_then_current(self, tmp_path: Path) -> None:
        output = tmp_path / "new" / "fuhai.json"

        before = CliRunner().invoke(cli.main, ["contract", "--check", "--output", str(output)])
        written = CliRunner().invoke(cli.main, ["contract", "--output", str(output)])
        after = CliRunner().invoke(cli.main, ["contract", "--check", "--output", str(output)])

        assert (before.exit_code, written.exit_code, after.exit_code) == (1, 0, 0)
        assert "run `fuhai contract`" in before.output
        assert "福海" in output.read_text(encoding="utf-8")

    def test_that_was_changed_by_hand_isnt_current(self, tmp_path: Path) -> None:
        output = tmp_path / "fuhai.json"
        output.write_text("{}", encoding="utf-8")

        assert CliRunner().invoke(cli.main, ["contract", "--check", "--output", str(output)]).exit_code == 1


class TestCheck:
    def test_lists_what_it_looked_at_and_fails_if_anything_is_bad(self) -> None:
        run = fuhai("check")

        lines = [line for line in run.stdout.splitlines() if line.startswith(("ok ", "BAD"))]
        assert any("database: PostgreSQL" in line for line in lines), run.stderr
        assert run.returncode == int(any(line.startswith("BAD") for line in lines))

    def test_without_a_database_says_so_and_fails(self) -> None:
        run = fuhai("check", FUHAI_DATABASE_URL="postgresql://nobody:x@127.0.0.1:1/none")

        assert run.returncode != 0
        assert "ok   database" not in run.stdout


class TestEverything:
    def test_that_cant_run_says_why_in_both_languages(self) -> None:
        def refuse(_settings: Settings) -> None:
            raise CannotRun(Words(zh="端口被占用。", en="The port is taken."))

        with pytest.raises(SystemExit) as ended:
            cli._plainly(refuse)

        assert ended.value.code == 1

    def test_runs_with_the_settings_of_this_process(self) -> None:
        given: list[Settings] = []

        cli._plainly(given.append)

        assert given == [load()]


@pytest.mark.usefixtures("app")
class TestOfficers:
    async def test_prints_a_code_or_a_plain_refusal(self) -> None:
        officer = await a_powerless_officer()
        await a_system_administrator()
        three_of_them = ["--system", "S-1", "孙立", "--security", "S-2", "周敏", "--audit", "S-3", "吴静"]

        given = fuhai("officers", "code", officer.code)
        unknown = fuhai("officers", "code", "NOBODY-9")
        exist = fuhai("officers", "first", "--department", "BIGDATA", *three_of_them)
        wrong = fuhai("officers", "first", "--department", "BIGDATA", *[*three_of_them[:-2], "S.3", "吴静"])

        assert (given.returncode, given.stdout.split()[0]) == (0, officer.code)
        assert [one.returncode for one in (unknown, exist, wrong)] == [1, 1, 1]
        assert "There is no such officer." in unknown.stderr
        assert "There are administrators already" in exist.stderr
        assert "Traceback" not in unknown.stderr + exist.stderr + wrong.stderr
