"""Headers that every answer carries, whoever wrote it: endpoints, refusals, addresses that nobody has.

An endpoint that says otherwise keeps its own; only what anybody may read says that it may be kept.
"""

from typing import Final

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

ALWAYS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Server": "fuhai",
    "X-Content-Type-Options": "nosniff",
}


async def complete(message: Message, _scope: Scope) -> None:
    """Add what an answer lacks, before it is sent."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)
