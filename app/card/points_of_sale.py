"""Terminals at merchants': who may invite, see and close them."""

from typing import Final

import msgspec

from app.card.scan_errors import MerchantUnknown
from app.identity import terminal_invitations
from app.identity.terminal_enrolment_errors import TerminalUnknown
from app.identity.terminal_keys import DIRECTORY
from app.identity.terminal_structs import TerminalCode, TerminalInvitation, TerminalInviting, TerminalView
from app.identity.terminals import PointOfSale
from app.kernel import clock
from app.kernel.actors import Actor, NoRight, Officer, may
from app.kernel.database import fetch_value, transaction
from app.kernel.paging import Page, decode_cursor
from app.kernel.words import Words

KEEP: Final = "terminals.keep"
MATTER: Final = "terminals"
"""What grants of this action name as their matter."""
ACTIONS: Final = {KEEP: Words(zh="管理收款终端", en="Invite, see and close terminals")}
"""What officers can be granted here."""


async def invite(by: Actor, asked: TerminalInviting) -> TerminalInvitation:
    """Give a terminal at a known merchant a one-time code; refuses `NoRight` an officer, and `MerchantUnknown`."""
    _require(by)
    async with transaction(DIRECTORY):
        name = await fetch_value("SELECT name_zh FROM merchant WHERE code = $1", asked.merchant_code)
    if name is None:
        raise MerchantUnknown
    return await terminal_invitations.invite(
        by, PointOfSale(asked.terminal_code, asked.merchant_code, name, asked.offline)
    )


async def close(by: Actor, terminal_code: str) -> TerminalView:
    """Close a terminal, whose certificates end at once; again it changes nothing. Refuses `NoRight`, `TerminalUnknown`."""
    _require(by)
    try:
        code = msgspec.convert(terminal_code, TerminalCode)
    except msgspec.ValidationError as error:
        raise TerminalUnknown from error
    return await terminal_invitations.close(by, code)


async def terminals(by: Actor, cursor: str | None, limit: int) -> Page[TerminalView]:
    """The city's terminals by code, with those that are only invited so far; refuses `NoRight`, `CursorWrong`."""
    _require(by)
    return await terminal_invitations.known(decode_cursor(cursor, TerminalCode) if cursor else "", limit)


def _require(by: Actor) -> None:
    """An officer needs the right; whoever runs the machine has it."""
    if isinstance(by, Officer) and not may(by, KEEP, MATTER, None, clock.today()):
        raise NoRight(action=KEEP, matter=MATTER)
