import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from app.embedded import ports
from tests.app.embedded.test_tree import eventually, runs

Start = Callable[..., "Tree"]


class Tree:
    """A running tree of processes, and what it has said."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("everything.py"))],
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                start_new_session=True,
            )

    def says(self, words: str, limit_seconds: float = 30) -> bool:
        return eventually(lambda: words in self.log.read_text(), limit_seconds)

    @property
    def text(self) -> str:
        return self.log.read_text()

    def pid_of(self, command: str) -> int:
        found = re.search(rf"{command} is process (\d+)", self.text)
        assert found, self.text
        return int(found[1])

    def is_ready(self) -> bool:
        """Whether all is ready, and each stand-in has said so."""
        said = ("all ready", *(f"{command} is process" for command in ("city", "worker", "serve")))
        return all(self.says(words) for words in said)

    def children(self) -> list[int]:
        return [self.pid_of(command) for command in ("city", "worker", "serve")]


@pytest.fixture
def outside() -> dict[str, str]:
    """Settings with fresh ports and no servers of ours."""
    return {
        "FUHAI_DATABASE_URL": "postgresql://elsewhere",
        "FUHAI_STORE_ENDPOINT": "http://elsewhere",
        "FUHAI_HTTP_PORT": str(ports.free_block()),
        "FUHAI_CITY_PORT": str(ports.free_block()),
    }


@pytest.fixture
def start(tmp_path: Path, outside: dict[str, str]) -> Iterator[Start]:
    started: list[Tree] = []

    def start_one(**more: str) -> Tree:
        environment = {**outside, "FUHAI_VAR": str(tmp_path / "var"), "PYTHONPATH": str(Path.cwd()), **more}
        tree = Tree(environment, tmp_path / f"log{len(started)}")
        started.append(tree)
        return tree

    yield start_one
    for tree in started:
        tree.process.terminate()
        tree.process.wait(30)


class TestRunEverything:
    def test_starts_migrates_and_announces_in_order(self, start: Start) -> None:
        tree = start()

        assert tree.is_ready()
        assert (
            tree.text.index("migrate is process") < tree.text.index("serve is process") < tree.text.index("all ready")
        )
        assert " migrate │ " in tree.text

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_stops_all_in_reverse_order_when_asked(self, start: Start, number: signal.Signals) -> None:
        tree = start()
        assert tree.is_ready()

        tree.process.send_signal(number)

        assert tree.process.wait(20) == 0
        assert tree.text.index("serve stops") < tree.text.index("city stops")
        assert not any(runs(pid) for pid in tree.children())

    @pytest.mark.parametrize("victim", ["city", "worker", "serve"])
    def test_says_who_was_killed_and_stops_the_rest(self, start: Start, victim: str) -> None:
        tree = start()
        assert tree.is_ready()

        os.kill(tree.pid_of(victim), signal.SIGKILL)

        assert tree.process.wait(20) == 1
        name = "server" if victim == "serve" else victim
        assert f"{name} was killed by SIGKILL" in tree.text
        assert not any(runs(pid) for pid in tree.children())

    def test_goes_no_further_when_migrating_fails(self, start: Start) -> None:
        tree = start(MIGRATE_EXIT="5")

        assert tree.process.wait(20) == 1
        assert "migrate ended unexpectedly (code 5)" in tree.text
        assert "serve is process" not in tree.text

    def test_refuses_to_run_twice_on_one_folder(self, start: Start) -> None:
        first = start()
        assert first.is_ready()

        second = start()

        assert second.process.wait(20) == 1
        assert f"already runs on {first.log.parent / 'var'} (process {first.process.pid})" in second.text

    def test_names_a_port_that_is_taken(self, start: Start, outside: dict[str, str], tmp_path: Path) -> None:
        assert start().is_ready()

        other = start(FUHAI_VAR=str(tmp_path / "elsewhere"))

        assert other.process.wait(20) == 1
        assert f"Port {outside['FUHAI_HTTP_PORT']} is taken" in other.text

    def test_can_be_stopped_before_it_is_ready(self, start: Start) -> None:
        tree = start()
        assert tree.says("migrate is process")

        tree.process.send_signal(signal.SIGINT)

        assert tree.process.wait(20) == 0


class TestAfterAKill:
    def test_starts_again_at_once_and_nothing_is_left_of_the_first(self, start: Start) -> None:
        first = start()
        assert first.is_ready()
        first.process.kill()
        first.process.wait()

        second = start()

        assert second.is_ready(), second.text
        assert not any(runs(pid) for pid in first.children())

    def test_starts_again_when_the_guard_was_killed_too(self, start: Start) -> None:
        first = start()
        assert first.is_ready()
        for pid in (*guards_of(first.process.pid), first.process.pid):
            os.kill(pid, signal.SIGKILL)
        first.process.wait()
        time.sleep(0.5)
        assert all(runs(pid) for pid in first.children())

        second = start()

        assert second.is_ready(), second.text
        assert not any(runs(pid) for pid in first.children())


class TestTheWholeOfIt:
    def test_runs_with_its_own_database_and_store(self, start: Start) -> None:
        embedded = {
            "FUHAI_DATABASE_URL": "",
            "FUHAI_STORE_ENDPOINT": "",
            "FUHAI_POSTGRES_PORT": str(ports.free_block()),
            "FUHAI_STORE_PORT": str(ports.free_block(4)),
        }
        first = start(**embedded)
        assert first.is_ready(), first.text
        first.process.kill()
        first.process.wait()

        second = start(**embedded)

        assert second.is_ready(), second.text


def guards_of(pid: int) -> list[int]:
    return [one.pid for one in psutil.Process(pid).children() if "fuhai-guard" in one.cmdline()]
