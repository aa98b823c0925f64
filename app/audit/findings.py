"""What was found in the log about officers' looks: written once each, and listed for who audits."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.actors import ADMINISTER_AUDIT, Officer, System, require_office
from app.kernel.database import Row, execute, fetch_all, transaction
from app.kernel.ids import new_plain_id
from app.kernel.paging import Page, after_id, page
from app.kernel.structs import View
from app.kernel.words import Words

AUDITOR: Final = System("audit")
FindingKind = Literal[
    "without_basis",
    "case_closed",
    "over_cap",
    "cap_reached",
    "oneself",
    "family",
    "colleague",
    "unusual_hour",
    "break_glass_unseen",
    "break_glass_refused",
    "enrolled_anew",
]
TITLES: Final[dict[FindingKind, Words]] = {
    "without_basis": Words(zh="无依据查询", en="A look without a basis"),
    "case_closed": Words(zh="办件已办结后仍查询", en="A look at a case that was closed at that time"),
    "over_cap": Words(zh="超过每日查询上限", en="A look beyond the day's cap"),
    "cap_reached": Words(zh="达到每日查询上限后仍尝试查询", en="Tried to look beyond the day's cap, and was refused"),
    "oneself": Words(zh="查询本人", en="A look at oneself"),
    "family": Words(zh="查询本人亲属", en="A look at one's own family"),
    "colleague": Words(zh="查询同部门同事", en="A look at a colleague"),
    "unusual_hour": Words(zh="非常规时间查询", en="A look at an unusual hour"),
    "break_glass_unseen": Words(zh="紧急查询逾期无人复核", en="A break-glass look that no second person saw in time"),
    "break_glass_refused": Words(
        zh="紧急查询被复核人否定", en="A break-glass look that the second person disapproved of"
    ),
    "enrolled_anew": Words(
        zh="持有敏感权限的工作人员重新开通证书", en="An officer with sensitive rights was enrolled anew"
    ),
}


class Finding(msgspec.Struct, frozen=True):
    """Something to ask an officer about: a look (an act, by its id), or what else `subject_id` names."""

    kind: FindingKind
    at: datetime
    officer_id: UUID
    subject_id: UUID


class FindingView(View, frozen=True):
    """A finding; where it is about a look, with whom that touched and on what basis. `person_id` says no more than an id."""

    id: UUID
    kind: FindingKind
    title: Words
    at: datetime
    officer_id: UUID
    subject_id: UUID
    act: str | None
    person_id: UUID | None
    basis_kind: str | None
    basis_id: str | None


_LIST: Final = """
SELECT f.*, a.act, a.citizen_id, a.basis_kind, a.basis_id FROM access_finding f
LEFT JOIN act a ON a.shard = ('x' || right(f.subject_id::text, 3))::bit(12)::int AND a.id = f.subject_id
WHERE ($1::text IS NULL OR f.kind = $1) AND ($2::uuid IS NULL OR f.id < $2) ORDER BY f.id DESC LIMIT $3
"""


async def report(found: Finding) -> None:
    """Write a finding, in a (system) transaction of its own or the one in progress; the same of one day again changes nothing."""
    async with transaction(AUDITOR):
        await execute(
            "INSERT INTO access_finding (id, kind, at, day, officer_id, subject_id) VALUES ($1, $2, $3, $4, $5, $6) "
            "ON CONFLICT ON CONSTRAINT access_finding_once DO NOTHING",
            *(new_plain_id(), found.kind, found.at, clock.local(found.at).date(), found.officer_id, found.subject_id),
        )


async def findings(officer: Officer, kind: FindingKind | None, cursor: str | None, limit: int) -> Page[FindingView]:
    """What was found, newest first; refuses (`NoRight`) everybody but audit administrators."""
    after = after_id(cursor)
    require_office(officer, ADMINISTER_AUDIT, clock.today())
    async with transaction(AUDITOR):
        rows = await fetch_all(_LIST, kind, after, limit + 1)
    return page([_view(row) for row in rows], limit, rows[limit - 1]["id"] if len(rows) > limit else None)


def _view(row: Row) -> FindingView:
    return FindingView(
        id=row["id"],
        kind=row["kind"],
        title=TITLES[row["kind"]],
        at=row["at"],
        officer_id=row["officer_id"],
        subject_id=row["subject_id"],
        act=row["act"],
        person_id=row["citizen_id"],
        basis_kind=row["basis_kind"],
        basis_id=row["basis_id"],
    )
