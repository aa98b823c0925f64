"""`fuhai merchants`, as an operator runs it: each command a process of its own."""

import secrets
from pathlib import Path

import pytest

from app.card import emvco
from tests.app.test_cli import fuhai

pytestmark = pytest.mark.usefixtures("app")
NAMES = ("振华量贩", "Zhenhua Supermarket")


class TestMerchants:
    def test_get_a_code_which_can_be_withdrawn(self, tmp_path: Path) -> None:
        merchant, picture = f"YT{secrets.token_hex(3).upper()}", tmp_path / "code.svg"

        added = fuhai("merchants", "add", merchant, *NAMES)
        issued = fuhai(
            "merchants", "code", merchant, "--category", "5411", "--amount", "198.42", "--output", str(picture)
        )
        stopped = fuhai("merchants", "stop-code", issued.stdout.strip())

        assert (added.returncode, issued.returncode, stopped.returncode) == (0, 0, 0), issued.stderr + stopped.stderr
        assert emvco.read(issued.stdout.strip()).amount_fen == 19_842
        assert picture.read_text().startswith("<?xml")

    def test_are_refused_in_one_line(self) -> None:
        merchant = f"YT{secrets.token_hex(3).upper()}"
        fuhai("merchants", "add", merchant, *NAMES)

        for arguments, told in (
            (("add", "YT 1", *NAMES), "regex"),
            (("code", "NOBODY", "--category", "5411"), "没有该商户"),
            (("code", merchant, "--category", "5411", "--amount", "1e3"), "flaw: amount"),
            (("code", merchant, "--category", "grocer"), "flaw: value"),
            (("stop-code", "https://qr.95516.com/1"), "市民卡"),
        ):
            ran = fuhai("merchants", *arguments)
            assert (ran.returncode, told in ran.stderr) == (1, True), ran.stderr
