"""`fuhai terminals`, as an operator runs it: each command a process of its own."""

import pytest

from app.card.merchants import register_merchant
from app.identity import terminal_invitations
from app.identity.terminal_structs import TerminalEnrolling
from app.kernel.words import Words
from tests.app.test_cli import fuhai
from tests.makers.callers import the_authorities_of_the_product
from tests.makers.pki import a_csr

pytestmark = pytest.mark.usefixtures("app")


class TestTerminals:
    async def test_are_invited_listed_and_closed(self) -> None:
        the_authorities_of_the_product()
        await register_merchant("YT000042", Words(zh="海港书店", en="Harbour Books"))

        invited = fuhai("terminals", "invite", "t-cli-1", "YT000042", "--offline")
        code = invited.stdout.split()[2]
        enrolled = await terminal_invitations.enrol(TerminalEnrolling(code, a_csr()), "10.9.9.9")
        closed = fuhai("terminals", "close", "t-cli-1")
        listed = fuhai("terminals", "list")

        assert (invited.returncode, closed.returncode) == (0, 0), invited.stderr + closed.stderr
        assert (enrolled.terminal_code, enrolled.offline) == ("t-cli-1", True)
        assert "t-cli-1  closed  offline  YT000042 海港书店  no certificate" in listed.stdout

    def test_refuses_a_merchant_whom_nobody_knows(self) -> None:
        refused = fuhai("terminals", "invite", "t-cli-2", "YT999999")

        assert (refused.returncode, "没有该商户" in refused.stderr) == (1, True), refused.stderr
