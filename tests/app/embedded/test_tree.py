import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from app.embedded.errors import ChildDied, StopAsked
from app.embedded.tree import Order, ProcessTree, discard


def an_order(script: str, *, name: str = "child", stop_seconds: float = 5) -> Order:
    return Order(name=name, argv=(sys.executable, "-u", "-c", script), stop_seconds=stop_seconds)


SLEEP = "import time; time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(600)"


def runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def eventually(condition: Callable[[], bool], limit_seconds: float = 15) -> bool:
    deadline = time.monotonic() + limit_seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


class TestLog:
    def test_merges_what_the_children_say_under_their_names(self) -> None:
        heard: list[tuple[str, str]] = []

        with ProcessTree(lambda name, line: heard.append((name, line))) as tree:
            tree.spawn(an_order(f"print('hello'); {SLEEP}", name="one"))
            tree.spawn(an_order(f"import sys; print('trouble', file=sys.stderr); {SLEEP}", name="two"))
            assert eventually(lambda: len(heard) == 2)

        assert sorted(heard) == [("one", "hello"), ("two", "trouble")]

    def test_shows_only_what_is_worth_it_and_remembers_all(self) -> None:
        heard: list[str] = []
        order = Order(
            name="one",
            argv=(sys.executable, "-u", "-c", f"print('I chat'); print('E wrong'); {SLEEP}"),
            worth_showing=lambda line: line.startswith("E"),
        )

        with ProcessTree(lambda _name, line: heard.append(line)) as tree:
            child = tree.spawn(order)
            assert eventually(lambda: len(child.lines) == 2)

        assert heard == ["E wrong"]


class TestWatch:
    def test_says_which_child_was_killed(self) -> None:
        with ProcessTree(discard) as tree:
            tree.spawn(an_order(SLEEP, name="one"))
            victim = tree.spawn(an_order(SLEEP, name="two"))
            victim.process.kill()

            with pytest.raises(ChildDied, match=r"two was killed by SIGKILL.*`make run` again"):
                tree.watch()

    def test_gives_the_last_lines_of_a_child_that_failed(self) -> None:
        with ProcessTree(discard) as tree:
            tree.spawn(an_order("print('the reason'); raise SystemExit(3)", name="one"))

            with pytest.raises(ChildDied, match=r"one ended unexpectedly \(code 3\)") as died:
                tree.watch()

        assert died.value.lines == ("the reason",)

    def test_ends_when_asked_to(self) -> None:
        with ProcessTree(discard) as tree:
            tree.spawn(an_order(SLEEP))
            tree.ask_to_stop()

            with pytest.raises(StopAsked):
                tree.watch()


class TestWaitUntil:
    def test_gives_up_on_a_child_that_is_never_ready(self) -> None:
        with ProcessTree(discard) as tree:
            child = tree.spawn(an_order(SLEEP, name="slow"))

            with pytest.raises(ChildDied, match="slow wasn't ready"):
                tree.wait_until(child, lambda: False, 0.2)

    def test_does_not_wait_for_one_that_has_died(self) -> None:
        with ProcessTree(discard) as tree:
            child = tree.spawn(an_order("raise SystemExit(1)", name="dead"))

            with pytest.raises(ChildDied, match="dead ended"):
                tree.wait_until(child, lambda: False, 60)


class TestFinish:
    def test_runs_a_child_to_its_end(self, tmp_path: Path) -> None:
        with ProcessTree(discard) as tree:
            tree.finish(an_order(f"open({str(tmp_path / 'done')!r}, 'w')"), 30)

        assert (tmp_path / "done").exists()

    def test_refuses_one_that_fails(self) -> None:
        with ProcessTree(discard) as tree, pytest.raises(ChildDied, match="code 4"):
            tree.finish(an_order("raise SystemExit(4)"), 30)

    def test_refuses_one_that_takes_too_long(self) -> None:
        with ProcessTree(discard) as tree, pytest.raises(ChildDied, match="wasn't ready within"):
            tree.finish(an_order(SLEEP), 0.2)


class TestStop:
    def test_stops_the_newest_first(self) -> None:
        heard: list[str] = []
        script = "import os, signal, time\ndef stop(*_): print('bye', flush=True); os._exit(0)\nsignal.signal(signal.SIGTERM, stop)\nprint('here', flush=True)\ntime.sleep(600)"

        with ProcessTree(lambda name, line: heard.append(f"{name} {line}")) as tree:
            for name in ("one", "two", "three"):
                tree.spawn(an_order(script, name=name))
            assert eventually(lambda: len(heard) == 3)

        assert eventually(lambda: len(heard) == 6)
        assert heard[3:] == ["three bye", "two bye", "one bye"]

    def test_uses_force_in_the_end(self) -> None:
        with ProcessTree(discard) as tree:
            child = tree.spawn(an_order(STUBBORN, stop_seconds=0.2))
            assert eventually(lambda: bool(child.lines))

        assert child.process.returncode == -signal.SIGKILL

    def test_stops_grandchildren_too(self) -> None:
        script = (
            f"import subprocess, sys, time; print(subprocess.Popen([sys.executable, '-c', {SLEEP!r}]).pid); {SLEEP}"
        )

        with ProcessTree(discard) as tree:
            child = tree.spawn(an_order(script))
            assert eventually(lambda: bool(child.lines))
            grandchild = int(child.lines[0])
            assert runs(grandchild)

        assert eventually(lambda: not runs(grandchild))

    def test_leaves_no_record(self, tmp_path: Path) -> None:
        record = tmp_path / "children"

        with ProcessTree(discard, record=record) as tree:
            tree.spawn(an_order(SLEEP))
            assert record.exists()

        assert not record.exists()


class TestGuard:
    def test_stops_the_children_of_a_tree_that_was_killed(self) -> None:
        script = (
            "import sys, time\n"
            "from app.embedded.tree import Order, ProcessTree, discard\n"
            "tree = ProcessTree(discard)\n"
            f"child = tree.spawn(Order(name='one', argv=(sys.executable, '-c', {SLEEP!r})))\n"
            "print(child.process.pid, flush=True)\n"
            "time.sleep(600)\n"
        )
        parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert runs(child)

        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        parent.stdout.close()

        assert eventually(lambda: not runs(child))
