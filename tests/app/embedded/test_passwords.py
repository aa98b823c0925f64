import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.embedded import passwords


class TestKeep:
    def test_makes_a_long_password_once(self, tmp_path: Path) -> None:
        first = passwords.keep(tmp_path / "secrets", "one")

        assert len(first) == 32
        assert passwords.keep(tmp_path / "secrets", "one") == first

    def test_makes_another_for_another_name(self, tmp_path: Path) -> None:
        assert passwords.keep(tmp_path, "one") != passwords.keep(tmp_path, "two")

    def test_lets_nobody_else_read_it(self, tmp_path: Path) -> None:
        passwords.keep(tmp_path / "secrets", "one")

        assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "secrets" / "one").stat().st_mode) == 0o600

    def test_gives_the_same_to_all_who_ask_at_once(self, tmp_path: Path) -> None:
        with ThreadPoolExecutor(8) as pool:
            answers = set(pool.map(lambda _: passwords.keep(tmp_path, "one"), range(64)))

        assert len(answers) == 1

    def test_leaves_no_draft_behind(self, tmp_path: Path) -> None:
        passwords.keep(tmp_path, "one")

        assert [path.name for path in tmp_path.iterdir()] == ["one"]
