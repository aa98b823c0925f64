"""Rights of officers: granted by a security administrator, never to oneself, never overwritten, withdrawn with a reason.

Sensitive rights are proposed by one administrator and confirmed by another (四眼原则). Whatever is changed holds from the
officer's next request on.
"""

from datetime import date
from typing import Final
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.identity.officer_accounts import find_within_reach, holds_in_city
from app.identity.officer_actions import refuse_unknown
from app.identity.officer_errors import (
    AdministrationsExclude,
    GrantBeyondReach,
    GrantUnknown,
    GrantWithdrawn,
    OfficerDismissed,
)
from app.identity.officer_structs import GrantBody, GrantView, HeldRight, OfficerMe
from app.identity.officers import DIRECTORY
from app.kernel import clock
from app.kernel.actors import (
    ADMINISTER_AUDIT,
    ADMINISTER_SECURITY,
    ADMINISTER_SYSTEM,
    ADMINISTRATIONS,
    SENSITIVE,
    Grant,
    NoRight,
    Officer,
    divisions_of,
    require_office,
    within,
)
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.errors import FieldProblem
from app.kernel.ids import new_plain_id
from app.kernel.paging import Page, after_id, page
from app.kernel.problems import BodyWrong
from app.kernel.two_officers import require_other_person

REPLACED: Final = "replaced"
_HELD: Final = "SELECT * FROM officer_grant WHERE officer_id = $1 AND withdrawn_at IS NULL ORDER BY id"
_HELD_ELSEWHERE: Final = """
SELECT g.* FROM officer o JOIN officer x ON x.person_index = o.person_index AND x.id <> o.id
JOIN officer_grant g ON g.officer_id = x.id AND g.withdrawn_at IS NULL WHERE o.id = $1 ORDER BY g.id
"""


async def give(officer_id: UUID, right: Grant) -> None:
    """Grant an officer a right by set-up, in the city's name; one with other dates or kinds of data replaces the one before."""
    async with transaction(DIRECTORY):
        await execute("SELECT 1 FROM officer WHERE id = $1 FOR UPDATE", officer_id)
        held = await fetch_all(_HELD, officer_id)
        if any(_is_same(row, right) for row in held):
            return
        for row in held:
            if (row["action"], tuple(row["matters"]), tuple(row["divisions"])) == _scope(right):
                await write_withdrawal(row["id"], DIRECTORY.principal, REPLACED)
        others = [row for row in held if _scope_of(row) != _scope(right)]
        await _refuse_second_administration(officer_id, others, right.action)
        grant_id = await _write(officer_id, right, DIRECTORY.principal)
        await _confirm(grant_id, DIRECTORY.principal)


async def propose(officer: Officer, officer_id: UUID, asked: GrantBody) -> GrantView:
    """Grant an officer a right; a sensitive one is only proposed until a second administrator confirms it.

    Granting the same again changes nothing. Refuses `NoRight`, `SameOfficer` (oneself), `OfficerUnknown`,
    `OfficerDismissed`, `ActionUnknown`, `GrantBeyondReach`, `AdministrationsExclude`, and dates in the wrong order.
    """
    reach = require_office(officer, ADMINISTER_SECURITY, clock.today())
    require_other_person(officer_id, officer)
    refuse_unknown(asked.action)
    _refuse_dates(asked, clock.today())
    right = Grant(asked.action, asked.matters, asked.divisions, asked.valid_from, asked.valid_to, asked.data_classes)
    async with transaction(DIRECTORY):
        await _lock(officer, reach, officer_id)
        _refuse_beyond(reach, asked.divisions)
        held = await fetch_all(_HELD, officer_id)
        same = next((row for row in held if _is_same(row, right)), None)
        if same is not None:
            return _view(same)
        await _refuse_second_administration(officer_id, held, right.action)
        grant_id = await _write(officer_id, right, officer.principal)
        if right.action not in SENSITIVE:
            await _confirm(grant_id, officer.principal)
        await seal_act(Act.RIGHT_GRANTED, officer, about=officer_id, subject=grant_id)
        return _view(await _find(officer_id, grant_id))


async def confirm(officer: Officer, officer_id: UUID, grant_id: UUID) -> GrantView:
    """Confirm a right that another administrator proposed; confirming again changes nothing.

    A security or a system administrator confirms, never whoever proposed it or is to hold it. Refuses `NoRight`, `SameOfficer`,
    `OfficerUnknown`, `OfficerDismissed`, `GrantUnknown`, `GrantBeyondReach` and `GrantWithdrawn`.
    """
    reach = _require_one_of(officer, ADMINISTER_SECURITY, ADMINISTER_SYSTEM)
    require_other_person(officer_id, officer)
    async with transaction(DIRECTORY):
        await _lock(officer, reach, officer_id)
        row = await _find(officer_id, grant_id)
        _refuse_beyond(reach, tuple(row["divisions"]))
        require_other_person(row["granted_by"], officer)
        if row["withdrawn_at"] is not None:
            raise GrantWithdrawn
        if row["confirmed_at"] is None:
            await _confirm(grant_id, officer.principal)
            await seal_act(Act.RIGHT_CONFIRMED, officer, about=officer_id, subject=grant_id)
        return _view(await _find(officer_id, grant_id))


async def withdraw(officer: Officer, officer_id: UUID, grant_id: UUID, reason: str) -> GrantView:
    """Withdraw a right, from the officer's next request on; what was withdrawn stays as it is.

    Refuses `NoRight`, `OfficerUnknown`, `GrantUnknown` and `GrantBeyondReach`.
    """
    reach = require_office(officer, ADMINISTER_SECURITY, clock.today())
    async with transaction(DIRECTORY):
        await _lock(officer, reach, officer_id, dismissed_too=True)
        row = await _find(officer_id, grant_id)
        _refuse_beyond(reach, tuple(row["divisions"]))
        if row["withdrawn_at"] is None:
            await write_withdrawal(grant_id, officer.principal, reason)
            await seal_act(Act.RIGHT_WITHDRAWN, officer, about=officer_id, subject=grant_id)
        return _view(await _find(officer_id, grant_id))


async def grants_of(officer: Officer, officer_id: UUID, cursor: str | None, limit: int) -> Page[GrantView]:
    """Every right that an officer holds or held, newest first, for a security or audit administrator."""
    after, reach = after_id(cursor), _require_one_of(officer, ADMINISTER_SECURITY, ADMINISTER_AUDIT)
    async with transaction(DIRECTORY):
        await find_within_reach(officer, reach, officer_id)
        rows = await fetch_all(
            "SELECT * FROM officer_grant WHERE officer_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3",
            *(officer_id, after, limit + 1),
        )
    return page([_view(row) for row in rows], limit, rows[limit - 1]["id"] if len(rows) > limit else None)


def me(officer: Officer) -> OfficerMe:
    """The officer who is calling, with what they may do today."""
    rights = [
        HeldRight(one.action, list(one.matters), list(one.divisions), list(one.data_classes), one.valid_to)
        for one in officer.grants
    ]
    return OfficerMe(officer.id, officer.name, officer.department, rights)


async def write_withdrawal(grant_id: UUID, by: str, because: str) -> None:
    """Write that a right is withdrawn, in the (system) transaction in progress."""
    await execute(
        "UPDATE officer_grant SET withdrawn_by = $2, withdrawn_at = $3, withdrawn_because = $4 "
        "WHERE id = $1 AND withdrawn_at IS NULL",
        *(grant_id, by, clock.now(), because),
    )


def _require_one_of(officer: Officer, *actions: str) -> tuple[str, ...]:
    divisions = tuple(d for action in actions for d in divisions_of(officer, action, clock.today()))
    if not divisions:
        raise NoRight(action=actions[0])
    return divisions


async def _lock(officer: Officer, reach: tuple[str, ...], officer_id: UUID, *, dismissed_too: bool = False) -> None:
    row = await find_within_reach(officer, reach, officer_id, lock=True)
    if row["dismissed_at"] is not None and not dismissed_too:
        raise OfficerDismissed


def _refuse_beyond(reach: tuple[str, ...], divisions: tuple[str, ...]) -> None:
    """Refuse divisions that the administrator doesn't administer; the whole city is for whoever administers all of it."""
    if not all(holds_in_city(reach) if one == "*" else within(one, reach) for one in divisions):
        raise GrantBeyondReach(divisions=list(reach))


def _refuse_dates(asked: GrantBody, today: date) -> None:
    if asked.valid_to < asked.valid_from or asked.valid_to < today:
        raise BodyWrong(errors=(FieldProblem("/valid_to", "too_early", "it ends before it begins, or before today"),))


async def _refuse_second_administration(officer_id: UUID, held: list[Row], action: str) -> None:
    """Refuse a second administration to a person who holds one already, in this account or in another one of theirs."""
    if action not in ADMINISTRATIONS:
        return
    await execute(
        "SELECT pg_advisory_xact_lock(hashtextextended(encode(person_index, 'hex'), 4)) FROM officer WHERE id = $1",
        officer_id,
    )
    everywhere = [*held, *await fetch_all(_HELD_ELSEWHERE, officer_id)]
    administered = [row["action"] for row in everywhere if row["action"] in ADMINISTRATIONS]
    if administered:
        raise AdministrationsExclude(held=administered[0])


def _is_same(row: Row, right: Grant) -> bool:
    dates = (row["valid_from"], row["valid_to"]) == (right.valid_from, right.valid_to)
    return dates and _scope_of(row) == _scope(right) and set(row["data_classes"]) == set(right.data_classes)


def _scope(right: Grant) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    return right.action, right.matters, right.divisions


def _scope_of(row: Row) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    return row["action"], tuple(row["matters"]), tuple(row["divisions"])


async def _write(officer_id: UUID, right: Grant, by: str) -> UUID:
    grant_id = new_plain_id()
    await execute(
        "INSERT INTO officer_grant (id, officer_id, action, matters, divisions, valid_from, valid_to, data_classes, granted_by, "
        "granted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        *(grant_id, officer_id, right.action, list(right.matters), list(right.divisions)),
        *(right.valid_from, right.valid_to, list(right.data_classes), by, clock.now()),
    )
    return grant_id


async def _confirm(grant_id: UUID, by: str) -> None:
    await execute(
        "UPDATE officer_grant SET confirmed_by = $2, confirmed_at = $3 WHERE id = $1", grant_id, by, clock.now()
    )


async def _find(officer_id: UUID, grant_id: UUID) -> Row:
    row = await fetch_one("SELECT * FROM officer_grant WHERE id = $1 AND officer_id = $2", grant_id, officer_id)
    if row is None:
        raise GrantUnknown
    return row


def _view(row: Row) -> GrantView:
    withdrawn, confirmed = row["withdrawn_at"] is not None, row["confirmed_at"] is not None
    return GrantView(
        id=row["id"],
        officer_id=row["officer_id"],
        action=row["action"],
        matters=row["matters"],
        divisions=row["divisions"],
        data_classes=row["data_classes"],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        state="withdrawn" if withdrawn else "granted" if confirmed else "proposed",
        granted_by=row["granted_by"],
        granted_at=row["granted_at"],
        confirmed_by=row["confirmed_by"],
        confirmed_at=row["confirmed_at"],
        withdrawn_by=row["withdrawn_by"],
        withdrawn_at=row["withdrawn_at"],
        withdrawn_because=row["withdrawn_because"],
    )
