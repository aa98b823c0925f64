"""The list of certificates that don't pay: who is stopped gets on it within seconds, and off it when their certificate ends by itself.

It names certificates, which last a day, and not cards; so it stays short, however many cards are lost over the years. A change is
kept as long as a batch may bring in a sale that it is about, so a terminal that stayed away gets all that it missed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import Terminal
from app.kernel.database import Row, execute, fetch_all, fetch_value, transaction
from app.kernel.events import Event
from app.kernel.ids import shard_of
from app.offline.issuer import OFFLINE
from app.offline.limits import kept_after_end, limit_on
from app.offline.structs import DenialChange, DenyList

MOST_CHANGES: Final = 1_000
_STOPPED: Final = """
SELECT o.account, o.not_after, c.state <> 'active' OR r.frozen_at IS NOT NULL OR r.died_on IS NOT NULL OR d.id IS NULL
  OR d.removed_at IS NOT NULL AS stopped
FROM offline_certificate o JOIN card c ON c.shard = o.shard AND c.id = o.card_id
JOIN resident r ON r.shard = o.shard AND r.id = o.citizen_id LEFT JOIN device d ON d.shard = o.shard AND d.id = o.device_id
WHERE o.shard = $1 AND o.citizen_id = $2 AND o.not_after > $3 ORDER BY o.id
"""
_LAST: Final = (
    "SELECT DISTINCT ON (account) account, change FROM offline_denial WHERE account = ANY ($1::text[]) "
    "ORDER BY account, version DESC"
)
_NEXT: Final = "UPDATE offline_denial_head SET version = version + 1 WHERE id = 1 RETURNING version"
_CHANGE: Final = "INSERT INTO offline_denial (version, account, change, at, expires_at) VALUES ($1, $2, $3, $4, $5)"
_CHANGES: Final = (
    "SELECT version, account, change, expires_at FROM offline_denial WHERE version > $1 AND version <= $2 AND expires_at > $3 "
    "ORDER BY version LIMIT $4"
)
_SERVED: Final = (
    "INSERT INTO offline_denial_served (principal, version, at) VALUES ($1, $2, $3) "
    "ON CONFLICT ON CONSTRAINT offline_denial_served_pkey DO NOTHING"
)
_SWEEPS: Final = (
    "DELETE FROM offline_denial WHERE expires_at < $1",
    "DELETE FROM offline_denial_served WHERE at < $1",
    "DELETE FROM offline_certificate WHERE not_after < $1",
)


class Denial(msgspec.Struct, frozen=True):
    """A change that the list saw."""

    version: int
    stopped: bool
    at: datetime


class Known(msgspec.Struct, frozen=True):
    """What a terminal could know: the list's changes by account, and since when it had which version."""

    denials: Mapping[str, Sequence[Denial]]
    served: Sequence[tuple[int, datetime]]

    def stopped(self, account: str, at: datetime) -> Denial | None:
        """The change by which an account was stopped at a moment, if it was."""
        last = next((one for one in reversed(self.denials.get(account, ())) if one.at <= at), None)
        return last if last is not None and last.stopped else None

    def had(self, denial: Denial, at: datetime) -> bool:
        """Whether the terminal had a change by a moment, or should have had it: it is to ask every so often."""
        hours = timedelta(hours=limit_on(at.date(), "list_hours"))
        return at > denial.at + hours or any(
            version >= denial.version and since <= at for version, since in self.served
        )


async def on_changed(event: Event) -> None:
    """Bring the list up to date with a person whose card, device or standing changed."""
    if event.citizen_id is not None:
        await review(event.citizen_id)


async def review(citizen_id: UUID) -> None:
    """Put a person's certificates on the list, or take them off it, as they stand now. Harmless when repeated."""
    async with transaction(OFFLINE):
        rows = await fetch_all(_STOPPED, shard_of(citizen_id), citizen_id, clock.now())
        if not rows:
            return
        # Whoever holds the head's row is alone: of two reviews at once the second sees what the first wrote.
        await fetch_value("SELECT version FROM offline_denial_head WHERE id = 1 FOR UPDATE")
        last = {row["account"]: row["change"] for row in await fetch_all(_LAST, [row["account"] for row in rows])}
        for row in rows:
            if row["stopped"] != (last.get(row["account"]) == "add"):
                await _change(row)


async def list_since(terminal: Terminal, since: int) -> DenyList:
    """The changes since a version, at most 1,000 of them; from the beginning for 0, and for a version that we don't know (any more)."""
    now = clock.now()
    async with transaction(OFFLINE):
        head: int = await fetch_value("SELECT version FROM offline_denial_head WHERE id = 1")
        oldest: int | None = await fetch_value("SELECT min(version) FROM offline_denial")
        full = since == 0 or since > head or (oldest is not None and since < oldest - 1)
        rows = await fetch_all(_CHANGES, 0 if full else since, head, now, MOST_CHANGES + 1)
        more = len(rows) > MOST_CHANGES
        version: int = rows[MOST_CHANGES - 1]["version"] if more else head
        await execute(_SERVED, terminal.principal, version, now)
    changes = tuple(DenialChange(row["account"], row["change"], row["expires_at"]) for row in rows[:MOST_CHANGES])
    return DenyList(version, full, more, changes)


async def list_version() -> int:
    """The list's newest version."""
    async with transaction(OFFLINE):
        version: int = await fetch_value("SELECT version FROM offline_denial_head WHERE id = 1")
    return version


async def known_to(principal: str, accounts: Sequence[str]) -> Known:
    """What a terminal could know of some accounts; in the transaction in progress."""
    denials: dict[str, list[Denial]] = defaultdict(list)
    for row in await fetch_all(
        "SELECT account, version, change, at FROM offline_denial WHERE account = ANY ($1::text[]) ORDER BY version",
        list(accounts),
    ):
        denials[row["account"]].append(Denial(row["version"], row["change"] == "add", row["at"]))
    served = await fetch_all("SELECT version, at FROM offline_denial_served WHERE principal = $1", principal)
    return Known(denials, [(row["version"], row["at"]) for row in served])


async def sweep() -> None:
    """Forget certificates, changes and versions that no batch can be about any more."""
    now = clock.now()
    async with transaction(OFFLINE):
        for sql in _SWEEPS:
            await execute(sql, now - kept_after_end(now.date()))


async def _change(row: Row) -> None:
    version = await fetch_value(_NEXT)
    change = "add" if row["stopped"] else "remove"
    await execute(_CHANGE, version, row["account"], change, clock.now(), row["not_after"])
