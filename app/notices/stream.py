"""The inbox as server-sent events: each notice once, from where the client left off.

A stream ends after a few minutes by itself, so that a right that was withdrawn doesn't outlive it; clients reconnect with
`Last-Event-ID` and miss nothing.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec
from litestar.response import ServerSentEventMessage

from app.kernel import clock
from app.kernel.actors import Citizen
from app.notices import inbox
from app.notices.live import Hub

_HEARTBEAT_SECONDS: Final = 15.0
_LONGEST: Final = timedelta(minutes=4)
_BATCH: Final = 50


async def messages(citizen: Citizen, hub: Hub, seen: UUID | None) -> AsyncIterator[ServerSentEventMessage]:
    """Notices as they arrive after `seen` (or after now), with a comment as heartbeat in between."""
    ends = clock.now() + _LONGEST
    with hub.listening(citizen.id) as opened:
        seen = seen or await inbox.newest_id(citizen)
        yield ServerSentEventMessage(comment="open", data=None, retry=1000)
        while not hub.closing.is_set() and not opened.ended and clock.now() < ends:
            opened.woken.clear()
            found = await inbox.newer(citizen, seen, _BATCH)
            for notice in found:
                seen = notice.id
                yield ServerSentEventMessage(
                    event="notice", id=str(notice.id), data=msgspec.json.encode(notice).decode()
                )
            if len(found) == _BATCH:
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(opened.woken.wait(), _HEARTBEAT_SECONDS)
            if not opened.woken.is_set():
                yield ServerSentEventMessage(comment="still here", data=None)
