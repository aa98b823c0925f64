"""A break-glass request that is open, as a basis for its officer; and whether looks that name one had it."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from app.audit.basis import Basis, BasisKind, Ground
from app.audit.findings import FindingKind
from app.audit.review import Judged, Look
from app.identity.officers import DIRECTORY
from app.kernel import clock
from app.kernel.actors import Officer
from app.kernel.database import fetch_all, fetch_value, transaction

_OPEN: Final = """
SELECT id, data_classes FROM break_glass WHERE citizen_id = $1 AND officer_id = $2 AND opened_at <= $3 AND open_until > $3
ORDER BY id DESC LIMIT 20
"""
_HELD: Final = """
SELECT l.id FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::timestamptz[])
    AS l (id, basis_id, officer_id, person_id, at)
JOIN break_glass b ON b.id::text = l.basis_id AND b.officer_id = l.officer_id AND b.citizen_id = l.person_id
    AND b.opened_at <= l.at AND b.open_until >= l.at
"""


class BreakGlassBasis:
    """What an officer asked for themselves and is open now, wherever the person lives."""

    kind: BasisKind = "break_glass"

    async def grounds(self, officer: Officer, person_id: UUID) -> list[Ground]:
        """Their open requests about this person."""
        async with transaction(DIRECTORY):
            rows = await fetch_all(_OPEN, person_id, officer.id, clock.now())
        return [
            Ground(Basis("break_glass", str(row["id"])), None, None, frozenset(row["data_classes"])) for row in rows
        ]

    async def person_of(self, named: UUID) -> UUID | None:
        """Whom a request is about."""
        async with transaction(DIRECTORY):
            found: UUID | None = await fetch_value("SELECT citizen_id FROM break_glass WHERE id = $1", named)
        return found


class BreakGlassJudge:
    """Looks that name a break-glass request which wasn't theirs, of this person, or open at that moment."""

    async def judge(self, looks: Sequence[Look]) -> Judged:
        """The looks that had no basis."""
        named = [look for look in looks if look.basis_kind == "break_glass"]
        rows = await fetch_all(
            _HELD,
            *([look.id for look in named], [look.basis_id for look in named], [look.officer_id for look in named]),
            *([look.person_id for look in named], [look.at for look in named]),
        )
        held, kind = {row["id"] for row in rows}, _WITHOUT
        return [(look, kind) for look in named if look.id not in held]


_WITHOUT: Final[FindingKind] = "without_basis"
