"""The master key's file and what is derived from it."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.keys.master import MasterKeyBroken, add_version, read_or_make, write_privately
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
        "text", ["", "x", "1 AAAA\n", "1\n", "one " + "A" * 43 + "=\n", "1 " + "A" * 44 + "\n", "1 é\n"]
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
