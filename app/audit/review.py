"""The detector: reads officers' looks from the log, as they come, and finds those that somebody should ask about.

It judges what the log says, not what the code that looked should have done, so that a look past every rule is found too. Rooms
that know more (cases, families) register judges. Reviewing the same again finds nothing twice.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

import msgspec

from app.audit.acts import Act
from app.audit.findings import AUDITOR, Finding, FindingKind, report
from app.audit.review_limits import LimitKey, limit_on
from app.kernel import clock
from app.kernel.database import Row, execute, fetch_all, fetch_value, transaction

LOOKS: Final = frozenset({Act.CASE_LOOKED_AT, Act.PERSON_LOOKED_AT})
"""Acts that are looks at a person's data."""
_CAPS: Final[dict[Act, LimitKey]] = {Act.PERSON_LOOKED_AT: "looks_a_day", Act.CASE_LOOKED_AT: "case_looks_a_day"}
_BATCH: Final = 1_000
_LATE: Final = timedelta(minutes=5)
"""An act is written when its transaction ends: for so long one may still appear behind what was reviewed."""
_NEXT: Final = """
SELECT id, at, act, actor, citizen_id, subject_id, basis_kind, basis_id FROM act
WHERE actor_kind = 'officer' AND (at, id) > ($1, $2) AND at <= $3 ORDER BY at, id LIMIT $4
"""
_BEYOND: Final = """
SELECT id FROM act WHERE actor = $1 AND act = $2 AND actor_kind = 'officer' AND at >= $3 AND at < $4
ORDER BY at, id OFFSET $5
"""


class Look(msgspec.Struct, frozen=True):
    """One look of an officer's at a person's data, as the log says it."""

    id: UUID
    at: datetime
    act: Act
    officer_id: UUID
    person_id: UUID
    subject_id: UUID | None
    basis_kind: str | None
    basis_id: str | None


Judged = Iterable[tuple[Look, FindingKind]]


class Judge(Protocol):
    """Says which of some looks somebody should ask about, and why; runs in a system transaction."""

    async def judge(self, looks: Sequence[Look]) -> Judged:
        """The looks that stand out."""


class PlainJudge:
    """What the log alone says: no basis at all, an unusual hour, too many in a day."""

    async def judge(self, looks: Sequence[Look]) -> Judged:
        """The looks that stand out."""
        plain: list[tuple[Look, FindingKind]] = [(one, "without_basis") for one in looks if one.basis_kind is None]
        late: list[tuple[Look, FindingKind]] = [(one, "unusual_hour") for one in looks if _is_unusual(one.at)]
        many: list[tuple[Look, FindingKind]] = [(one, "over_cap") for one in await _beyond_caps(looks)]
        return [*plain, *late, *many]


_judges: Final[dict[str, Judge]] = {"plain": PlainJudge()}


def register_judge(name: str, judge: Judge) -> None:
    """Have looks judged by a room that knows more; called from wiring."""
    _judges[name] = judge


async def review() -> int:
    """Review what the log says since the last time, and a little before; says how many looks that were. A job of the timetable."""
    async with transaction(AUDITOR):
        since: datetime = await fetch_value("SELECT reviewed_until FROM review_mark WHERE id = 1")
    until, place, seen = clock.now(), (since - _LATE, UUID(int=0)), 0
    while True:
        rows = await _review_batch(place, until)
        seen += sum(row["act"] in LOOKS for row in rows)
        if len(rows) < _BATCH:
            return seen
        place = rows[-1]["at"], rows[-1]["id"]


async def _review_batch(place: tuple[datetime, UUID], until: datetime) -> list[Row]:
    """Judge the acts after a place and move the mark, in one transaction."""
    async with transaction(AUDITOR):
        rows = await fetch_all(_NEXT, *place, until, _BATCH)
        looks = [_look(row) for row in rows if row["act"] in LOOKS]
        for judge in _judges.values():
            for look, kind in await judge.judge(looks):
                await report(Finding(kind, look.at, look.officer_id, look.id))
        reached = rows[-1]["at"] if len(rows) == _BATCH else until
        await execute("UPDATE review_mark SET reviewed_until = greatest(reviewed_until, $1) WHERE id = 1", reached)
    return rows


def _is_unusual(at: datetime) -> bool:
    hour, day = clock.local(at).hour, clock.local(at).date()
    return not limit_on(day, "usual_from_hour") <= hour < limit_on(day, "usual_to_hour")


async def _beyond_caps(looks: Sequence[Look]) -> list[Look]:
    days = {
        (look.officer_id, look.act, clock.local(look.at).replace(hour=0, minute=0, second=0, microsecond=0))
        for look in looks
    }
    beyond = {one for officer_id, act, begins in days for one in await _beyond(officer_id, act, begins)}
    return [look for look in looks if look.id in beyond]


async def _beyond(officer_id: UUID, act: Act, begins: datetime) -> list[UUID]:
    rows = await fetch_all(
        _BEYOND,
        *(f"officer:{officer_id}", act.value, begins, begins + timedelta(days=1)),
        limit_on(begins.date(), _CAPS[act]),
    )
    return [row["id"] for row in rows]


def _look(row: Row) -> Look:
    return Look(
        id=row["id"],
        at=row["at"],
        act=Act(row["act"]),
        officer_id=UUID(row["actor"].removeprefix("officer:")),
        person_id=row["citizen_id"],
        subject_id=row["subject_id"],
        basis_kind=row["basis_kind"],
        basis_id=row["basis_id"],
    )
