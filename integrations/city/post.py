"""The city's outgoing post: events to the portal and payment callbacks, kept in the store until they arrive.

Each attempt is signed anew, since a signature holds for a minute. A restart of either side loses nothing.
"""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime
from typing import Final, Literal, get_args

import httpx
import msgspec

from app.kernel import clock
from integrations.city.world import City
from integrations.outgoing import public_trust

EventKind = Literal["child_born", "person_died", "custody_changed", "guardianship_changed", "record_changed"]
CallbackKind = Literal["wechat_pay", "wechat_pay_refund"]
Kind = EventKind | CallbackKind | Literal["late_answer"]
EVENT_PAUSES: Final = (1, 1, 2, 3, 5)
"""Seconds between attempts to tell the portal; the last one is repeated until it listens."""
ANSWER_PAUSES: Final = (1, 1, 2, 3, 5, 10, 30, 60, 300, 600, 1800, 3600)
"""Seconds between attempts to deliver an answer that was promised; then it is given up."""
CALLBACK_PAUSES: Final = (15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600)
"""Seconds between attempts of a payment callback, as WeChat Pay documents them; then it gives up."""
_LONGEST_WAIT: Final = 30.0
_BATCH: Final = 20


class Item(msgspec.Struct, frozen=True):
    """Something to be told: its id stays the same at each attempt."""

    id: str
    kind: Kind
    subject: str
    payload: bytes


class Parcel(msgspec.Struct, frozen=True):
    """One attempt, signed for this moment."""

    url: str
    headers: dict[str, str]
    body: bytes


Packer = Callable[[City, Item, datetime], Parcel]


def send(city: City, item: Item, due_in: float = 0) -> None:
    """Queue something to be told at once, or in some seconds; it is kept until it arrives or is given up."""
    city.store.write(
        "INSERT INTO delivery VALUES (?, ?, ?, ?, 0, ?, 'waiting')",
        item.id,
        item.kind,
        item.subject,
        item.payload,
        clock.now().timestamp() + due_in,
    )
    city.post_waits.set()


def next_pause(kind: Kind, attempts: int, callback_scale: float) -> float | None:
    """Seconds to wait after so many failed attempts; None when it is given up."""
    if kind == "late_answer":
        return ANSWER_PAUSES[attempts - 1] if attempts <= len(ANSWER_PAUSES) else None
    if kind not in get_args(CallbackKind):
        return EVENT_PAUSES[min(attempts, len(EVENT_PAUSES)) - 1]
    return CALLBACK_PAUSES[attempts - 1] * callback_scale if attempts <= len(CALLBACK_PAUSES) else None


class PostOffice:
    """Carries the queued post, one item after another."""

    def __init__(self, city: City, http: httpx.AsyncClient, packers: dict[Kind, Packer]) -> None:
        """Carry what `city` has queued, through `http`; `packers` sign each kind."""
        self._city = city
        self._http = http
        self._packers = packers

    async def run(self) -> None:
        """Carry post until cancelled; events that waited while the city was down are tried at once."""
        self._city.store.write(
            "UPDATE delivery SET due_at = ? WHERE state = 'waiting' AND kind NOT IN ('wechat_pay', 'wechat_pay_refund', 'late_answer')",
            clock.now().timestamp(),
        )
        while True:
            self._city.post_waits.clear()
            await self.carry_due()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._city.post_waits.wait(), self._seconds_to_next())

    async def carry_due(self) -> None:
        """Try everything that is due, once."""
        rows = self._city.store.all(
            "SELECT id, kind, subject, payload, attempts FROM delivery WHERE state = 'waiting' AND due_at <= ? "
            "ORDER BY due_at LIMIT ?",
            clock.now().timestamp(),
            _BATCH,
        )
        for row in rows:
            item = Item(row["id"], row["kind"], row["subject"], bytes(row["payload"]))
            self._note(item, row["attempts"] + 1, arrived=await self._arrives(item))

    async def _arrives(self, item: Item) -> bool:
        parcel = self._packers[item.kind](self._city, item, clock.now())
        try:
            response = await self._http.post(parcel.url, headers=parcel.headers, content=parcel.body)
        except (httpx.HTTPError, httpx.InvalidURL):
            return False
        return response.is_success

    def _note(self, item: Item, attempts: int, *, arrived: bool) -> None:
        pause = next_pause(item.kind, attempts, self._city.options.callback_scale)
        state = "arrived" if arrived else "given_up" if pause is None else "waiting"
        self._city.store.write(
            "UPDATE delivery SET attempts = ?, due_at = ?, state = ? WHERE id = ?",
            attempts,
            clock.now().timestamp() + (pause or 0),
            state,
            item.id,
        )

    def _seconds_to_next(self) -> float:
        row = self._city.store.one("SELECT min(due_at) AS due_at FROM delivery WHERE state = 'waiting'")
        if row is None or row["due_at"] is None:
            return _LONGEST_WAIT
        due_in = float(row["due_at"]) - clock.now().timestamp()
        return min(max(due_in, 0.0), _LONGEST_WAIT)


def new_http() -> httpx.AsyncClient:
    """A client that knows no proxies and follows no redirects; five seconds per attempt."""
    return httpx.AsyncClient(verify=public_trust(), trust_env=False, follow_redirects=False, timeout=5.0)
