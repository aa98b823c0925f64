"""Whether a citizen would still be let in, judged again inside a transaction that writes what outlives their session.

A request is judged when it comes. One that waits for a lock meanwhile may go on after its session was ended: whoever recovered the
account would find a power, a device or an order that was written afterwards. The identity room judges; any room may ask.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from app.kernel.actors import Citizen

Judge = Callable[[Citizen], Awaitable[None]]
_judges: Final[list[Judge]] = []


def use_judge(judge: Judge) -> None:
    """Set who judges; called from wiring."""
    _judges[:] = [judge]


async def refuse_if_out(citizen: Citizen) -> None:
    """Refuse a citizen whose session was ended meanwhile. Lock what the ending locks (the resident's row) before."""
    for judge in _judges:
        await judge(citizen)
