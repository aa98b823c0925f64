"""The inbox as server-sent events: each notice once, from where the client left off.

A stream ends with the session that opened it, and after a few minutes by itself; clients reconnect with
`Last-Event-ID` and miss nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
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
from app.notices.structs import NoticeView

StillIn = Callable[[], Awaitable[bool]]
_HEARTBEAT_SECONDS: Final = 15.0
_LONGEST: Final = timedelta(minutes=4)
_BATCH: Final = 50
_MOST_LATELY: Final = 1_000
_LATE_MS: Final = 30_000


async def messages(
    citizen: Citizen, hub: Hub, seen: UUID | None, still_in: StillIn
) -> AsyncIterator[ServerSentEventMessage]:
    """Notices as they arrive after `seen` (or after now), with a comment as heartbeat in between.

    An event `life` says that the agenda changed, so that a client reads its life page again; it has no id and isn't told again.

    Whether the citizen is still in is asked whenever the stream wakes, so it ends with its session.
    """
    ends = clock.now() + _LONGEST
    with hub.listening(citizen.id) as opened:
        shown = await _Shown.until(citizen, seen or await inbox.newest_id(citizen) or UUID(int=0))
        yield ServerSentEventMessage(comment="open", data=None, retry=1000)
        while not hub.closing.is_set() and not opened.ended and clock.now() < ends and await still_in():
            opened.woken.clear()
            found = await shown.newer(citizen)
            for notice in found:
                yield ServerSentEventMessage(
                    event="notice", id=str(notice.id), data=msgspec.json.encode(notice).decode()
                )
            if opened.changed:
                opened.changed = False
                yield ServerSentEventMessage(event="life", data='{"changed":["agenda"]}')
            if len(found) == _BATCH:
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(opened.woken.wait(), _HEARTBEAT_SECONDS)
            if not opened.woken.is_set():
                yield ServerSentEventMessage(comment="still here", data=None)


class _Shown:
    """What a stream has shown. A notice may be committed after one with a later id, so the last half minute is looked at again."""

    def __init__(self, newest: UUID, lately: set[UUID]) -> None:
        self._newest = newest
        self._lately = lately

    @classmethod
    async def until(cls, citizen: Citizen, seen: UUID) -> "_Shown":
        """All that there is up to a notice."""
        lately = await inbox.newer(citizen, _a_while_before(seen), _MOST_LATELY)
        return cls(seen, {notice.id for notice in lately if notice.id <= seen})

    async def newer(self, citizen: Citizen) -> list[NoticeView]:
        """What wasn't shown yet, oldest first; it is from now on."""
        since = _a_while_before(self._newest)
        self._lately = {known for known in self._lately if known > since}
        there = await inbox.newer(citizen, since, _BATCH + len(self._lately))
        found = [notice for notice in there if notice.id not in self._lately]
        self._lately.update(notice.id for notice in found)
        self._newest = max([self._newest, *(notice.id for notice in found)])
        return found


def _a_while_before(notice_id: UUID) -> UUID:
    """The least id of the millisecond that lies `_LATE_MS` before a notice's (UUIDv7: its first 48 bits)."""
    return UUID(int=max((notice_id.int >> 80) - _LATE_MS, 0) << 80)
