import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.embedded import orphans


@pytest.fixture
def sleeper() -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(["sleep", "600"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


class TestStopRecorded:
    def test_stops_what_was_written_down(self, tmp_path: Path, sleeper: "subprocess.Popen[bytes]") -> None:
        orphans.write_down(tmp_path / "children", sleeper.pid, signal.SIGTERM)

        assert orphans.stop_recorded(tmp_path / "children") == 1
        assert sleeper.wait(5) == -signal.SIGTERM

    def test_leaves_a_number_alone_that_belongs_to_another_now(
        self, tmp_path: Path, sleeper: "subprocess.Popen[bytes]"
    ) -> None:
        record = tmp_path / "children"
        record.write_text(json.dumps([sleeper.pid, 15, 0.0]) + "\n")

        assert orphans.stop_recorded(record) == 0
        assert sleeper.poll() is None

    def test_leaves_what_an_earlier_version_wrote_down_otherwise(
        self, tmp_path: Path, sleeper: "subprocess.Popen[bytes]"
    ) -> None:
        record = tmp_path / "children"
        record.write_text(json.dumps([sleeper.pid, 15, "Thu Jan  1 00:00:00 1970"]) + "\n")

        assert orphans.stop_recorded(record) == 0
        assert not record.exists()

    def test_empties_the_record(self, tmp_path: Path) -> None:
        record = tmp_path / "children"
        record.write_text("half a li")

        assert orphans.stop_recorded(record) == 0
        assert not record.exists()

    def test_is_content_without_a_record(self, tmp_path: Path) -> None:
        assert orphans.stop_recorded(tmp_path / "children") == 0


class TestStartedAt:
    def test_knows_a_process_from_none(self, sleeper: "subprocess.Popen[bytes]") -> None:
        assert orphans.started_at(os.getpid())
        sleeper.kill()
        sleeper.wait()
        assert orphans.started_at(sleeper.pid) is None
