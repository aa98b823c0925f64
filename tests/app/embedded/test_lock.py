import subprocess
import sys
from pathlib import Path

import pytest

from app.embedded import lock
from app.embedded.errors import AlreadyRunning, FolderBroken


class TestHeld:
    def test_makes_the_folder(self, tmp_path: Path) -> None:
        with lock.held(tmp_path / "var"):
            assert (tmp_path / "var").is_dir()

    def test_refuses_a_second_and_names_the_first(self, tmp_path: Path) -> None:
        script = f"import time\nfrom pathlib import Path\nfrom app.embedded import lock\nwith lock.held(Path({str(tmp_path)!r})):\n print('held', flush=True)\n time.sleep(600)"
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as first:
            assert first.stdout is not None
            assert first.stdout.readline() == "held\n"

            with pytest.raises(AlreadyRunning, match=f"process {first.pid}"), lock.held(tmp_path):
                pass

            first.kill()

    def test_can_be_held_again(self, tmp_path: Path) -> None:
        for _ in range(2):
            with lock.held(tmp_path):
                pass

    def test_waits_for_what_a_killed_holder_left(self, tmp_path: Path) -> None:
        script = f"import os, subprocess\nfrom pathlib import Path\nfrom app.embedded import lock\nwith lock.held(Path({str(tmp_path)!r})) as file:\n subprocess.Popen(['sleep', '1'], pass_fds=(file,), stdout=subprocess.DEVNULL)\n os.kill(os.getpid(), 9)"
        subprocess.run([sys.executable, "-c", script], check=False)

        with lock.held(tmp_path):
            pass

    def test_refuses_a_folder_that_cannot_be_one(self, tmp_path: Path) -> None:
        (tmp_path / "var").write_text("a file")

        with pytest.raises(FolderBroken, match="FUHAI_VAR"), lock.held(tmp_path / "var"):
            pass
