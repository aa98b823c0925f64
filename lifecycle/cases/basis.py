"""An open case as a basis for looking at the person whom it concerns; and looks at cases that were closed, or never were."""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from app.audit.basis import Basis, BasisKind, Ground
from app.audit.findings import FindingKind
from app.audit.review import Judged, Look
from app.kernel import clock
from app.kernel.actors import Officer, may
from app.kernel.database import Row, fetch_all, fetch_value
from app.kernel.ids import shard_of
from lifecycle.cases.casebook import CaseFile, read_row
from lifecycle.cases.decisions import RIGHT
from lifecycle.cases.forms import form_of
from lifecycle.cases.states import ON_DESK, State

OPEN_FOR_OFFICERS: Final = ON_DESK | {State.APPROVED}
"""States in which a case gives its officer a basis; an approved one still waits for its department's register."""
_OPEN: Final = """
SELECT * FROM matter_case WHERE shard = $1 AND citizen_id = $2 AND department = $3 AND state = ANY ($4::text[])
ORDER BY id DESC LIMIT 50
"""
_STATE_THEN: Final = """
SELECT l.id, c.id AS case_id, (SELECT e.state FROM case_event e WHERE e.shard = c.shard AND e.case_id = c.id AND e.at <= l.at
    ORDER BY e.id DESC LIMIT 1) AS state
FROM unnest($1::uuid[], $2::int4[], $3::text[], $4::uuid[], $5::timestamptz[]) AS l (id, shard, number, person_id, at)
LEFT JOIN matter_case c ON c.shard = l.shard AND c.number = l.number AND c.citizen_id = l.person_id
"""


class CaseBasis:
    """Submitted cases of the officer's department that they claimed, or that wait on the desk where they may handle them."""

    kind: BasisKind = "case"

    async def grounds(self, officer: Officer, person_id: UUID) -> list[Ground]:
        """The officer's open cases that concern this person, newest first."""
        states = sorted(OPEN_FOR_OFFICERS)
        rows = await fetch_all(_OPEN, shard_of(person_id), person_id, officer.department, states)
        return [_ground(case) for case in map(read_row, rows) if _in_hands_of(officer, case)]

    async def person_of(self, named: UUID) -> UUID | None:
        """Whom a case concerns."""
        found: UUID | None = await fetch_value(
            "SELECT citizen_id FROM matter_case WHERE shard = $1 AND id = $2", shard_of(named), named
        )
        return found


class CaseJudge:
    """Looks that name a case which was closed at that time, or which isn't about that person."""

    async def judge(self, looks: Sequence[Look]) -> Judged:
        """The looks that stand out."""
        by_id = {look.id: look for look in looks if look.basis_kind == "case"}
        named = list(by_id.values())
        rows = await fetch_all(
            _STATE_THEN,
            *([look.id for look in named], [shard_of(look.person_id) for look in named]),
            *([look.basis_id for look in named], [look.person_id for look in named], [look.at for look in named]),
        )
        return [(by_id[row["id"]], kind) for row in rows for kind in _flaw(row)]


def _in_hands_of(officer: Officer, case: CaseFile) -> bool:
    theirs = case.officer_id in {None, officer.id}
    return theirs and may(officer, RIGHT, case.matter_code, case.division, clock.today())


def _ground(case: CaseFile) -> Ground:
    return Ground(Basis("case", case.named), case.matter_code, case.division, form_of(case.matter_code).data_classes)


def _flaw(row: Row) -> Iterator[FindingKind]:
    if row["case_id"] is None:
        yield "without_basis"
    elif row["state"] not in OPEN_FOR_OFFICERS:
        yield "case_closed"
