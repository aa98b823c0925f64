"""What a push matter asks of a person besides their age: a stage registers a check, which may ask a department."""

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from app.kernel.actors import Citizen
from lifecycle.subscriptions.pushes import Push

Check = Callable[[Citizen, UUID], Awaitable[None]]
"""Refuses, outside every transaction, whom the matter isn't for."""
_checks: Final[dict[str, Check]] = {}


def register_check(matter: str, check: Check) -> None:
    """Have a matter ask for something when it is switched on; called from wiring."""
    _checks[matter] = check


async def refuse_unless_met(citizen: Citizen, push: Push, person: UUID) -> None:
    """Refuse, with the check's own refusal, whom the matter isn't for."""
    check = _checks.get(push.matter.code)
    if check is not None:
        await check(citizen, person)
