"""What officers of the issuing department do with a licence after its issue: suspend, resume, and end it for good.

Ending takes two officers: one proposes, another one confirms or refuses within some days. Each is one transaction; who is concerned
themselves takes no part. Officers have no rights of their own on these tables, so it is done as the issuer, in their name.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import msgspec

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.kernel import clock
from app.kernel.actors import Officer, granted, require_right
from app.kernel.database import Row, fetch_all, fetch_one, transaction
from app.kernel.paging import Page, after_id, page
from app.kernel.text import masked_name
from app.kernel.two_officers import require_not_ones_own, require_other_person
from app.kernel.words import Words
from app.keys.persons import open_for_person
from app.residents.people import resident
from lifecycle.licences import check_codes, reading
from lifecycle.licences.ending_structs import (
    Deciding,
    LicenceFile,
    ProposalItem,
    ProposalView,
    Proposing,
    Stepping,
    StepTaken,
)
from lifecycle.licences.errors import EndProposedAlready, LicenceNotFound, NoEndProposed
from lifecycle.licences.grounds import GROUNDS
from lifecycle.licences.kinds import TITLES
from lifecycle.licences.limits import limit_today
from lifecycle.licences.states import PROPOSED, Step, proposal
from lifecycle.licences.stepping import ISSUER, Why, take

RIGHT: Final = "licences.revoke"
ACTIONS: Final = {RIGHT: Words(zh="暂停、注销和撤销电子证照", en="Suspend, revoke and annul licences")}
"""What officers can be granted in this room."""
_PROPOSALS: Final = """
SELECT e.*, l.number, l.type_code FROM licence_event e JOIN licence l ON l.shard = e.shard AND l.id = e.licence_id
WHERE e.department = $1 AND e.at > $2 AND e.step IN ('propose_revoke', 'propose_annul') AND ($3::uuid IS NULL OR e.id < $3)
AND NOT EXISTS (SELECT 1 FROM licence_event n WHERE n.shard = e.shard AND n.licence_id = e.licence_id AND n.id > e.id
    AND n.step NOT IN ('suspend', 'resume'))
AND EXISTS (SELECT 1 FROM unnest($4::text[], $5::text[]) AS granted (matter, division)
    WHERE granted.matter IN ('*', l.matter_code) AND (granted.division = '*' OR starts_with(l.division, granted.division)))
ORDER BY e.id DESC LIMIT $6
"""


class _Taken(msgspec.Struct, frozen=True):
    """A step that was taken, by whom, and its row."""

    step: Step
    row: Row


async def look(officer: Officer, number: str) -> LicenceFile:
    """How a licence of the officer's department stands, and what was done with it; that somebody looked is sealed.

    Refuses `LicenceNotFound` and `NoRight`.
    """
    async with transaction(ISSUER):
        row = await _find(officer, number)
        await seal_act(
            Act.LICENCE_LOOKED_AT, officer, about=row["citizen_id"], subject=row["id"], basis=Basis("licence", number)
        )
        return await _file(row)


async def move(officer: Officer, number: str, step: Step, asked: Stepping) -> LicenceFile:
    """Suspend a licence, or let it hold again; its holder is told why.

    Refuses `LicenceNotFound`, `NoRight`, `SameOfficer` one's own, `GroundDoesNotFit`, and `LicenceStateDiffers`.
    """
    async with transaction(ISSUER):
        row = await _lock(officer, number)
        await take(row, step, officer, Why(asked.ground, asked.reason))
        return await _file(await _find(officer, number))


async def propose(officer: Officer, number: str, asked: Proposing) -> LicenceFile:
    """Propose that a licence is revoked (注销) or annulled (撤销). Refuses as `move` does, and `EndProposedAlready`."""
    async with transaction(ISSUER):
        row = await _lock(officer, number)
        if _open(await _history(row)) is not None:
            raise EndProposedAlready
        kind = Step.PROPOSE_ANNUL if asked.how == "annul" else Step.PROPOSE_REVOKE
        await take(row, kind, officer, Why(asked.ground, asked.reason))
        return await _file(await _find(officer, number))


async def decide(officer: Officer, number: str, asked: Deciding) -> LicenceFile:
    """Confirm that a licence ends, or refuse it. Whoever proposed it can take it back, and never confirm it.

    Refuses `LicenceNotFound`, `NoRight`, `NoEndProposed`, and `SameOfficer`.
    """
    async with transaction(ISSUER):
        row = await _lock(officer, number)
        proposed = _open(await _history(row))
        if proposed is None:
            raise NoEndProposed
        if asked.confirm:
            require_other_person(proposed.row["actor"], officer)
        reason = await _reason(proposed.row) if asked.confirm else asked.reason
        kind = PROPOSED[proposed.step] if asked.confirm else Step.REFUSE
        await take(row, kind, officer, Why(proposed.row["ground"], reason))
        return await _file(await _find(officer, number))


async def proposals(officer: Officer, cursor: str | None, limit: int) -> Page[ProposalItem]:
    """What awaits a second officer where the officer has the right, newest first; nobody is named."""
    async with transaction(ISSUER):
        rows = await fetch_all(
            _PROPOSALS,
            *(officer.department, _since(), after_id(cursor), *granted(officer, RIGHT, clock.today()), limit + 1),
        )
    items = [
        ProposalItem(row["number"], row["type_code"], TITLES[row["type_code"]], _proposal(_Taken(row["step"], row)))
        for row in rows
    ]
    return page(items, limit, rows[limit - 1]["id"] if len(rows) > limit else None)


async def _find(officer: Officer, number: str, *, lock: bool = False) -> Row:
    shard = check_codes.shard_in(number)
    if shard is None:
        raise LicenceNotFound
    row = await fetch_one(
        f"SELECT * FROM licence WHERE shard = $1 AND number = $2 AND department = $3{' FOR UPDATE' if lock else ''}",
        *(shard, number, officer.department),
    )
    if row is None or await reading.known(row["id"]) is None:
        raise LicenceNotFound
    require_right(officer, RIGHT, row["matter_code"], row["division"], clock.today())
    return row


async def _lock(officer: Officer, number: str) -> Row:
    row = await _find(officer, number, lock=True)
    require_not_ones_own(officer, row["citizen_id"])
    return row


async def _history(row: Row) -> list[_Taken]:
    rows = await fetch_all(
        "SELECT * FROM licence_event WHERE shard = $1 AND licence_id = $2 ORDER BY id", row["shard"], row["id"]
    )
    return [_Taken(Step(one["step"]), one) for one in rows]


def _open(taken: Sequence[_Taken]) -> _Taken | None:
    """The proposal that still awaits a second officer; one that waited too long is void."""
    place = proposal(taken)
    return None if place is None or taken[place].row["at"] <= _since() else taken[place]


def _since() -> object:
    return clock.now() - timedelta(days=limit_today("proposal_days"))


async def _file(row: Row) -> LicenceFile:
    taken = await _history(row)
    proposed = _open(taken)
    holder = await resident(row["citizen_id"])
    view = await reading.find(row["id"])
    return LicenceFile(
        id=view.id,
        number=view.number,
        type_code=view.type_code,
        title=view.title,
        holder_name=masked_name(holder.name) if holder.name else None,
        issued_at=view.issued_at,
        valid_to=view.valid_to,
        state=view.state,
        steps=[await _step_taken(one) for one in taken],
        proposal=None if proposed is None else _proposal(proposed),
    )


async def _step_taken(taken: _Taken) -> StepTaken:
    row = taken.row
    ground = GROUNDS[row["ground"]].words
    return StepTaken(row["at"], taken.step, row["state"], row["ground"], ground, await _reason(row))


def _proposal(taken: _Taken) -> ProposalView:
    row = taken.row
    how = PROPOSED[Step(taken.step)]
    return ProposalView(how.value, row["ground"], GROUNDS[row["ground"]].words, row["at"])


async def _reason(row: Row) -> str | None:
    if row["reason"] is None:
        return None
    sealed = await open_for_person(row["citizen_id"], "licence_event", "reason", row["id"], row["reason"])
    return msgspec.json.decode(sealed, type=str)
