"""The master key's file and what is derived from it."""

import base64
import stat
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from app.kernel import settings
from app.keys import master
from app.keys.fields import blind_index, open_field, seal_field
from app.keys.master import (
    MasterKey,
    MasterKeyBroken,
    VersionNeeded,
    add_version,
    read_or_make,
    retire_version,
    write_privately,
)
from tests.makers.keys import a_master_key


class TestReadOrMake:
    def test_makes_a_key_that_only_the_owner_reads(self, tmp_path: Path) -> None:
        made = read_or_make(tmp_path / "secrets")

        path = tmp_path / "secrets" / "master.key"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert [len(key) for key in made.versions.values()] == [32]

    def test_finds_the_same_key_again(self, tmp_path: Path) -> None:
        assert read_or_make(tmp_path) == read_or_make(tmp_path)

    def test_two_at_once_agree(self, tmp_path: Path) -> None:
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(read_or_make, [tmp_path] * 32))

        assert all(key == made[0] for key in made)
        assert [path.name for path in tmp_path.iterdir()] == ["master.key"]

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "x",
            "1 AAAA\n",
            "1\n",
            "one " + "A" * 43 + "=\n",
            "1 " + "A" * 44 + "\n",
            "1 é\n",
            "lasting x AAAA\n",
            "lasting x\n",
        ],
    )
    def test_refuses_a_broken_file_and_says_which(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "master.key").write_text(text, encoding="utf-8")

        with pytest.raises(MasterKeyBroken, match=r"master\.key"):
            read_or_make(tmp_path)

    def test_a_broken_file_is_never_replaced(self, tmp_path: Path) -> None:
        (tmp_path / "master.key").write_text("broken")

        with pytest.raises(MasterKeyBroken):
            read_or_make(tmp_path)

        assert (tmp_path / "master.key").read_text() == "broken"


class TestAddVersion:
    def test_keeps_the_older_ones(self, tmp_path: Path) -> None:
        before = read_or_make(tmp_path)

        after = add_version(tmp_path)

        assert after.newest == before.newest + 1
        assert after.versions[before.newest] == before.versions[before.newest]
        assert read_or_make(tmp_path) == after
        assert stat.S_IMODE((tmp_path / "master.key").stat().st_mode) == 0o600

    def test_several_at_once_lose_none(self, tmp_path: Path) -> None:
        read_or_make(tmp_path)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(add_version, [tmp_path] * 16))

        assert set(read_or_make(tmp_path).versions) == set(range(1, 18))

    def test_is_seen_at_once_by_a_process_that_runs(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(master, "load", lambda: settings.Settings(var=tmp_path))
        running = master.master_key.__wrapped__()
        assert running.newest == 1

        after = add_version(tmp_path / "secrets")

        assert running.newest == 2
        assert running.newest_key("fields") == after.newest_key("fields")
        assert dict(running.versions) == dict(after.versions)


class TestRetireVersion:
    def test_destroys_the_version_and_keeps_the_blind_indexes(self, tmp_path: Path) -> None:
        before = read_or_make(tmp_path)
        add_version(tmp_path)

        after = retire_version(tmp_path, 1)

        assert set(after.versions) == {2}
        assert after.derived("fields", 1) is None
        assert blind_index("phone", "13905350000", master=after) == blind_index("phone", "13905350000", master=before)
        assert base64.b64encode(before.versions[1]).decode() not in (tmp_path / "master.key").read_text()

    def test_keeps_the_blind_indexes_whatever_is_retired_later(self, tmp_path: Path) -> None:
        before = read_or_make(tmp_path)
        for version in (1, 2, 3):
            add_version(tmp_path)
            retire_version(tmp_path, version)

        after = read_or_make(tmp_path)

        assert set(after.versions) == {4}
        assert after.lasting_key("blind-index") == before.lasting_key("blind-index")

    @pytest.mark.parametrize("version", [0, 2, 3])
    def test_refuses_the_newest_and_an_unknown_one(self, tmp_path: Path, version: int) -> None:
        read_or_make(tmp_path)
        before = add_version(tmp_path)

        with pytest.raises(VersionNeeded):
            retire_version(tmp_path, version)

        assert read_or_make(tmp_path) == before


class TestDerived:
    def test_purposes_and_versions_have_keys_of_their_own(self) -> None:
        master = a_master_key(1, 2)

        derived = {master.derived(purpose, version) for purpose in ("fields", "person-keys") for version in (1, 2)}

        assert len(derived - set(master.versions.values())) == 4

    def test_there_is_none_of_an_unknown_version(self) -> None:
        assert a_master_key(1).derived("fields", 2) is None

    def test_the_lasting_key_outlives_rotation(self, tmp_path: Path) -> None:
        before = read_or_make(tmp_path)

        after = add_version(tmp_path)

        assert after.lasting_key("blind-index") == before.lasting_key("blind-index")
        assert after.newest_key("fields") != before.newest_key("fields")


class TestWritePrivately:
    def test_never_overwrites(self, tmp_path: Path) -> None:
        assert write_privately(tmp_path / "a", "one")
        assert not write_privately(tmp_path / "a", "two")

        assert (tmp_path / "a").read_text() == "one"
        assert len(list(tmp_path.iterdir())) == 1


class RetiringFile:
    """A key file of which the first version is retired as soon as the versions were read once."""

    def __init__(self, folder: Path) -> None:
        self.before = read_or_make(folder)
        add_version(folder)
        self._folder = folder
        self._file = master._File(folder / master.FILE_NAME)

    def versions(self) -> Mapping[int, bytes]:
        found = self._file.content().versions
        if 1 in found:
            retire_version(self._folder, 1)
        return found

    def live(self) -> MasterKey:
        return MasterKey(master._Live(self.versions), master._Live(lambda: self._file.content().lasting))


class TestSealing:
    def test_goes_on_while_a_version_is_retired(self, tmp_path: Path) -> None:
        version, key = RetiringFile(tmp_path).live().sealing("fields")

        after = read_or_make(tmp_path)
        assert set(after.versions) == {2}
        assert (version, key) == after.sealing("fields")

    def test_finds_by_the_same_index_while_a_version_is_retired(self, tmp_path: Path) -> None:
        file = RetiringFile(tmp_path)

        assert file.live().lasting_key("blind-index") == file.before.lasting_key("blind-index")

    def test_names_the_version_whose_key_it_uses_though_a_rotation_comes_between(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = master.read_or_make(tmp_path)
        file = master._File(tmp_path / master.FILE_NAME)
        live = MasterKey(master._Live(lambda: file.content().versions), master._Live(lambda: file.content().lasting))
        derive = master._derive

        def derived(secret: bytes, purpose: str) -> bytes:
            if file.content().newest == first.newest:
                master.add_version(tmp_path)
            return derive(secret, purpose)

        monkeypatch.setattr(master, "_derive", derived)
        sealed = seal_field("resident", "phone", row := uuid4(), b"13900000000", master=live)

        assert live.newest == first.newest + 1
        assert open_field("resident", "phone", row, sealed, master=live) == b"13900000000"
