"""What a terminal wrote down is there when it comes back, whole lines only, and one process at a time has it."""

from pathlib import Path

import pytest

from demo.report import Hindered
from terminal_simulator.folder import Folder


def test_comes_back_with_what_was_written(tmp_path: Path) -> None:
    with Folder(tmp_path / "till") as folder:
        folder.write("signed_on", last_sequence=7)
        key = folder.key("one")

    with Folder(tmp_path / "till") as again:
        assert again.entries == [{"did": "signed_on", "last_sequence": 7}]
        assert again.key("one").jwk == key.jwk
        assert again.key("two").jwk != key.jwk
    assert (tmp_path / "till").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "till" / "one.pem").stat().st_mode & 0o777 == 0o600


def test_forgets_a_line_that_was_cut_off(tmp_path: Path) -> None:
    with Folder(tmp_path) as folder:
        folder.write("signed_on", last_sequence=7)
    with (tmp_path / "journal.jsonl").open("ab") as journal:
        journal.write(b'{"did":"asked","sequ')

    with Folder(tmp_path) as again:
        again.write("signed_on", last_sequence=8)
    with Folder(tmp_path) as once_more:
        assert [entry["last_sequence"] for entry in once_more.entries] == [7, 8]


def test_is_played_by_one_process(tmp_path: Path) -> None:
    with Folder(tmp_path), pytest.raises(Hindered), Folder(tmp_path):
        pass
