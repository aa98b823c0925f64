"""The rows of delegations: found, locked, written, shown. Everything here runs in the caller's (system) transaction."""

from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from app.identity.delegation_structs import DelegationOffer, DelegationView
from app.identity.powers import Standing, State, Window, standing
from app.kernel import clock
from app.kernel.actors import Scope
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value
from app.kernel.ids import new_id, shard_of
from app.keys.persons import open_for_person, seal_for_person
from app.residents.people import resident

Ender = Literal["giver", "delegate", "time", "guardian", "death", "freeze", "recovery"]
LIVE: Final = (Standing.OFFERED, Standing.ACCEPTED)
_MOST_SHOWN: Final = 100
_INSERT: Final = """
INSERT INTO delegation (id, shard, citizen_id, delegate_id, state, scopes, matters, valid_from, valid_to, told, offered_at, answer_by)
VALUES ($1, $2, $3, $4, 'offered', $5, $6, $7, $8, $9, $10, $11)
"""
_OPEN: Final = [State.OFFERED.value, State.ACCEPTED.value]


class Told(msgspec.Struct, frozen=True):
    """What a giver wrote: whom they meant, and a note."""

    delegate_name: str
    note: str

    def __repr__(self) -> str:
        """Show nothing, because what is printed ends in a log."""
        return "Told(…)"


class Delegation(msgspec.Struct, frozen=True, kw_only=True):
    """One delegation as its row holds it."""

    id: UUID
    shard: int
    citizen_id: UUID
    delegate_id: UUID | None
    state: State
    scopes: tuple[Scope, ...]
    matters: tuple[str, ...] | None
    valid_from: date
    valid_to: date
    told: bytes
    offered_at: datetime
    answer_by: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    ended_by: Ender | None

    @property
    def window(self) -> Window:
        """Its days."""
        return Window(self.valid_from, self.valid_to)

    @property
    def stands(self) -> Standing:
        """How it stands now."""
        return standing(self.state, self.window, self.answer_by, clock.now())


def read_row(row: Row) -> Delegation:
    """A row as a delegation."""
    return msgspec.convert(dict(row), Delegation)


async def find(delegation_id: UUID, *, lock: bool = False) -> Delegation | None:
    """A delegation by its id, which names its giver's shard."""
    row = await fetch_one(
        f"SELECT * FROM delegation WHERE shard = $1 AND id = $2{' FOR UPDATE' if lock else ''}",
        *(shard_of(delegation_id), delegation_id),
    )
    return None if row is None else read_row(row)


async def given_by(giver_id: UUID) -> list[Delegation]:
    """The delegations of a giver, newest first."""
    rows = await fetch_all(
        f"SELECT * FROM delegation WHERE shard = $1 AND citizen_id = $2 ORDER BY id DESC LIMIT {_MOST_SHOWN}",
        *(shard_of(giver_id), giver_id),
    )
    return [read_row(row) for row in rows]


async def received_by(delegate_id: UUID) -> list[Delegation]:
    """The delegations offered to somebody, newest first; each is read where it lies, with its giver."""
    return (await _received(delegate_id))[:_MOST_SHOWN]


async def live_of(person_id: UUID) -> list[Delegation]:
    """Every live delegation that somebody gave or received."""
    given = await fetch_all(
        "SELECT * FROM delegation WHERE shard = $1 AND citizen_id = $2 AND state = ANY ($3::text[])",
        *(shard_of(person_id), person_id, _OPEN),
    )
    both = [read_row(row) for row in given] + await _received(person_id)
    return [one for one in both if one.stands in LIVE]


async def holds_power(giver_id: UUID, delegate_id: UUID) -> bool:
    """Whether somebody holds a power from a giver today."""
    return bool(
        await fetch_value(
            "SELECT true FROM delegation WHERE shard = $1 AND citizen_id = $2 AND delegate_id = $3 AND state = 'accepted' "
            "AND valid_from <= $4 AND $4 <= valid_to LIMIT 1",
            *(shard_of(giver_id), giver_id, delegate_id, clock.today()),
        )
    )


async def past_their_last_day() -> list[UUID]:
    """Accepted delegations whose last day is over, oldest first, in portions."""
    rows = await fetch_all(
        "SELECT id FROM delegation WHERE state = 'accepted' AND valid_to < $1 ORDER BY valid_to, id LIMIT 500",
        clock.today(),
    )
    return [row["id"] for row in rows]


async def _received(delegate_id: UUID) -> list[Delegation]:
    pointers = await fetch_all(
        "SELECT delegation_id FROM delegation_received WHERE shard = $1 AND citizen_id = $2",
        *(shard_of(delegate_id), delegate_id),
    )
    ids = [row["delegation_id"] for row in pointers]
    rows = await fetch_all(
        "SELECT * FROM delegation WHERE shard = ANY ($1::int4[]) AND id = ANY ($2::uuid[]) ORDER BY id DESC",
        *(sorted({shard_of(one) for one in ids}), ids),
    )
    return [read_row(row) for row in rows]


async def insert(giver_id: UUID, delegate_id: UUID | None, offer: DelegationOffer, answer_by: datetime) -> Delegation:
    """Write an offer, and say so in the delegate's shard where they are known."""
    delegation_id = new_id(giver_id)
    told = msgspec.json.encode(Told(offer.delegate_name, offer.note))
    sealed = await seal_for_person(giver_id, "delegation", "told", delegation_id, told)
    await execute(
        _INSERT,
        *(delegation_id, shard_of(delegation_id), giver_id, delegate_id, sorted({*offer.scopes}), offer.matters),
        *(offer.valid_from, offer.valid_to, sealed, clock.now(), answer_by),
    )
    if delegate_id is not None:
        row_id = new_id(delegate_id)
        await execute(
            "INSERT INTO delegation_received (id, shard, citizen_id, delegation_id) VALUES ($1, $2, $3, $4)",
            *(row_id, shard_of(row_id), delegate_id, delegation_id),
        )
    written = await find(delegation_id)
    if written is None:
        message = "a delegation that was just written isn't there"
        raise LookupError(message)
    return written


async def write_answer(one: Delegation, state: State) -> Delegation:
    """Write the delegate's answer."""
    after = msgspec.structs.replace(one, state=state, answered_at=clock.now())
    await execute(
        "UPDATE delegation SET state = $3, answered_at = $4 WHERE shard = $1 AND id = $2",
        *(one.shard, one.id, state.value, after.answered_at),
    )
    return after


async def write_end(one: Delegation, ended_by: Ender) -> Delegation:
    """Write that it is over, and by whom."""
    after = msgspec.structs.replace(one, state=State.ENDED, ended_at=clock.now(), ended_by=ended_by)
    await execute(
        "UPDATE delegation SET state = 'ended', ended_at = $3, ended_by = $4 WHERE shard = $1 AND id = $2",
        *(one.shard, one.id, after.ended_at, ended_by),
    )
    return after


async def told_of(one: Delegation) -> Told:
    """What the giver wrote, opened."""
    plain = await open_for_person(one.citizen_id, "delegation", "told", one.id, one.told)
    return msgspec.json.decode(plain, type=Told)


async def view_for(viewer_id: UUID, one: Delegation) -> DelegationView:
    """A delegation as its giver or its delegate sees it."""
    told, is_given = await told_of(one), viewer_id == one.citizen_id
    was_accepted = one.state in {State.ACCEPTED, State.ENDED} and one.answered_at is not None
    other_id = one.citizen_id if not is_given else one.delegate_id if was_accepted else None
    return DelegationView(
        id=one.id,
        role="given" if is_given else "received",
        state=one.stands,
        person_id=other_id,
        person_name=told.delegate_name if is_given else (await resident(one.citizen_id)).name,
        scopes=list(one.scopes),
        matters=None if one.matters is None else list(one.matters),
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        note=told.note,
        offered_at=one.offered_at,
        answer_by=one.answer_by,
        answered_at=one.answered_at,
        ended_at=one.ended_at,
        ended_by=one.ended_by,
    )
