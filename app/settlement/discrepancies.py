"""What officers do with discrepancies: claim, propose how to resolve, and a second one approves or returns it (四眼原则).

Each department, which is the card's operator, sees and deals with its own. They show ids of rows and nobody's name. What moves money is posted as what it is, in the
transaction that resolves the discrepancy.
"""

from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.kernel import clock
from app.kernel.actors import Officer, require_office
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.ids import new_plain_id
from app.kernel.paging import Page, after_id, page
from app.kernel.two_officers import require_other_person
from app.kernel.words import Words
from app.settlement import resolving
from app.settlement.discrepancy_structs import (
    DiscrepancyFile,
    DiscrepancyItem,
    HeldPayment,
    Proposal,
    Remark,
    State,
    StepTaken,
)
from app.settlement.errors import (
    ClaimedByAnother,
    DiscrepancyNotFound,
    DiscrepancyStateDiffers,
    ResolutionDoesNotFit,
)
from app.settlement.holds import held_by
from app.settlement.kinds import kind_of
from app.settlement.system import SYSTEM

LOOK: Final = "settlement.look"
RESOLVE: Final = "settlement.resolve"
ACTIONS: Final = {
    LOOK: Words(zh="查看结算与对账差错", en="See settlements and discrepancies"),
    RESOLVE: Words(zh="处理和复核对账差错", en="Resolve discrepancies, and approve what another one proposes"),
}
"""What officers can be granted in this room."""
_HOLDS: Final = """
coalesce((SELECT sum(h.amount_fen) FROM settlement_hold h WHERE h.discrepancy_id = d.id AND h.released_at IS NULL), 0)::int8 AS holds_fen
"""
_LIST: Final = f"""
SELECT d.*, {_HOLDS} FROM discrepancy d WHERE d.department = $1 AND ($2::date IS NULL OR d.day = $2) AND ($3::text IS NULL OR d.state = $3)
  AND ($4::text IS NULL OR d.kind = $4) AND ($5::text IS NULL OR d.merchant_code = $5) AND ($6::uuid IS NULL OR d.id < $6)
ORDER BY d.id DESC LIMIT $7
"""
_STEPS: Final = "SELECT * FROM discrepancy_step WHERE discrepancy_id = $1 ORDER BY id"
_NOTE_STEP: Final = """
INSERT INTO discrepancy_step (id, discrepancy_id, at, step, officer_id, resolution, note) VALUES ($1, $2, $3, $4, $5, $6, $7)
"""


class Wanted(msgspec.Struct, frozen=True):
    """Which discrepancies are listed."""

    day: date | None = None
    state: State | None = None
    kind: str | None = None
    merchant: str | None = None


async def listed(officer: Officer, wanted: Wanted, cursor: str | None, limit: int) -> Page[DiscrepancyItem]:
    """The discrepancies of the officer's department, newest first; refuses `NoRight`."""
    after = after_id(cursor)
    require_office(officer, LOOK, clock.today())
    async with transaction(SYSTEM):
        rows = await fetch_all(
            _LIST, *(officer.department, wanted.day, wanted.state, wanted.kind, wanted.merchant, after, limit + 1)
        )
    items = [_item(row) for row in rows]
    return page(items, limit, items[limit - 1].id if len(items) > limit else None)


async def read(officer: Officer, discrepancy_id: UUID) -> DiscrepancyFile:
    """One discrepancy with its evidence; refuses `DiscrepancyNotFound` another department's, and `NoRight`."""
    require_office(officer, LOOK, clock.today())
    async with transaction(SYSTEM):
        return await _file(await _find(officer, discrepancy_id))


async def claim(officer: Officer, discrepancy_id: UUID) -> DiscrepancyFile:
    """Take a discrepancy to deal with; claiming one's own again changes nothing. Refuses `ClaimedByAnother` and another state than open."""
    async with transaction(SYSTEM):
        row = await _locked(officer, discrepancy_id)
        if row["state"] == "claimed" and row["claimed_by"] == officer.id:
            return await _file(row)
        if row["state"] == "claimed":
            raise ClaimedByAnother
        _refuse_unless(row, "open")
        await _write(row, "state = 'claimed', claimed_by = $2", officer.id)
        await _note(officer, row, "claim")
        await seal_act(Act.DISCREPANCY_CLAIMED, officer, about=officer.id, subject=discrepancy_id)
        return await _file(await _find(officer, discrepancy_id))


async def propose(officer: Officer, discrepancy_id: UUID, asked: Proposal) -> DiscrepancyFile:
    """Say how a discrepancy that one has claimed is to be resolved; nothing moves until another officer approves.

    Refuses `ClaimedByAnother`, another state than claimed, and `ResolutionDoesNotFit`.
    """
    async with transaction(SYSTEM):
        row = await _locked(officer, discrepancy_id)
        _refuse_unless(row, "claimed")
        if row["claimed_by"] != officer.id:
            raise ClaimedByAnother
        fitting = kind_of(row["kind"]).resolutions
        if asked.resolution not in fitting:
            raise ResolutionDoesNotFit(fitting=list(fitting))
        changes = "state = 'proposed', resolution = $2, note = $3, proposed_by = $4"
        await _write(row, changes, asked.resolution, asked.note, officer.id)
        await _note(officer, row, "propose", asked.resolution, asked.note)
        await seal_act(Act.DISCREPANCY_PROPOSED, officer, about=officer.id, subject=discrepancy_id)
        return await _file(await _find(officer, discrepancy_id))


async def approve(officer: Officer, discrepancy_id: UUID) -> DiscrepancyFile:
    """Resolve a discrepancy as another officer proposed: what it asks for is posted, and what was held is let go.

    Refuses `SameOfficer` whoever proposed it, another state than proposed, and `ResolutionImpossible`.
    """
    async with transaction(SYSTEM):
        row = await _locked(officer, discrepancy_id)
        _refuse_unless(row, "proposed")
        require_other_person(row["proposed_by"], officer)
        await resolving.carry_out(officer, row)
        await _write(row, "state = 'resolved', resolved_by = $2, resolved_at = $3", officer.id, clock.now())
        await _note(officer, row, "approve", row["resolution"])
        await seal_act(Act.DISCREPANCY_RESOLVED, officer, about=officer.id, subject=discrepancy_id)
        return await _file(await _find(officer, discrepancy_id))


async def give_back(officer: Officer, discrepancy_id: UUID, asked: Remark) -> DiscrepancyFile:
    """Return a proposal to whoever made it, with the reason; refuses `SameOfficer` them, and another state than proposed."""
    async with transaction(SYSTEM):
        row = await _locked(officer, discrepancy_id)
        _refuse_unless(row, "proposed")
        require_other_person(row["proposed_by"], officer)
        await _write(row, "state = 'claimed', resolution = NULL, note = NULL, proposed_by = NULL")
        await _note(officer, row, "return", row["resolution"], asked.note)
        await seal_act(Act.DISCREPANCY_RETURNED, officer, about=officer.id, subject=discrepancy_id)
        return await _file(await _find(officer, discrepancy_id))


async def _find(officer: Officer, discrepancy_id: UUID, lock: str = "") -> Row:
    row = await fetch_one(
        f"SELECT d.*, {_HOLDS} FROM discrepancy d WHERE d.id = $1 AND d.department = $2 {lock}",
        *(discrepancy_id, officer.department),
    )
    if row is None:
        raise DiscrepancyNotFound
    return row


async def _locked(officer: Officer, discrepancy_id: UUID) -> Row:
    require_office(officer, RESOLVE, clock.today())
    return await _find(officer, discrepancy_id, "FOR UPDATE OF d")


def _refuse_unless(row: Row, state: State) -> None:
    if row["state"] != state:
        raise DiscrepancyStateDiffers(state=row["state"])


async def _write(row: Row, changes: str, *values: object) -> None:
    await execute(f"UPDATE discrepancy SET {changes} WHERE id = $1", row["id"], *values)


async def _note(officer: Officer, row: Row, step: str, resolution: str | None = None, note: str | None = None) -> None:
    await execute(_NOTE_STEP, new_plain_id(), row["id"], clock.now(), step, officer.id, resolution, note)


def _item(row: Row) -> DiscrepancyItem:
    return DiscrepancyItem(
        id=row["id"],
        kind=row["kind"],
        title=kind_of(row["kind"]).title,
        day=row["day"],
        merchant_code=row["merchant_code"],
        terminal=row["principal"],
        amount_fen=row["amount_fen"],
        state=row["state"],
        department=row["department"],
        found_at=row["found_at"],
        claimed_by=row["claimed_by"],
        holds_fen=row["holds_fen"],
    )


async def _file(row: Row) -> DiscrepancyFile:
    held, steps = await held_by(row["id"]), await fetch_all(_STEPS, row["id"])
    return DiscrepancyFile(
        item=_item(row),
        last_found_at=row["last_found_at"],
        evidence=msgspec.json.decode(row["evidence"]),
        resolutions=list(kind_of(row["kind"]).resolutions),
        resolution=row["resolution"],
        note=row["note"],
        proposed_by=row["proposed_by"],
        resolved_by=row["resolved_by"],
        held=[HeldPayment(one["transfer_id"], one["amount_fen"], one["released_at"]) for one in held],
        steps=[StepTaken(*(one[name] for name in StepTaken.__struct_fields__)) for one in steps],
    )
