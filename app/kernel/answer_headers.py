"""Headers that every answer carries, whoever wrote it: endpoints, refusals, addresses that nobody has.

An endpoint that says otherwise keeps its own; only what anybody may read says that it may be kept.
"""

from typing import Final

from litestar.types import Message, Scope

ALWAYS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Server": "fuhai",
    "X-Content-Type-Options": "nosniff",
}
_WRITTEN: Final = tuple((name.lower().encode(), value.encode()) for name, value in ALWAYS.items())


async def complete(message: Message, _scope: Scope) -> None:
    """Add what an answer lacks, before it is sent."""
    if message["type"] != "http.response.start":
        return
    written = message["headers"] = list(message.get("headers", ()))
    names = {name.lower() for name, _ in written}
    written.extend(header for header in _WRITTEN if header[0] not in names)
