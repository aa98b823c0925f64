"""Looks at oneself, at one's family, and at colleagues: found by the blind index of the officer's own identity number."""

from collections.abc import Sequence
from typing import Final

from app.audit.findings import FindingKind
from app.audit.review import Judged, Look
from app.kernel.database import fetch_all
from app.kernel.ids import shard_of

_THEMSELVES: Final = """
SELECT o.id AS officer_id, i.citizen_id AS person_id FROM officer o
JOIN identifier i ON i.kind = 'id_number' AND i.blind_index = o.person_index WHERE o.id = ANY ($1::uuid[])
"""
_KIN: Final = """
SELECT p.officer_id, k.other_id AS person_id FROM unnest($1::uuid[], $2::int4[], $3::uuid[]) AS p (officer_id, shard, person_id)
JOIN kinship k ON k.shard = p.shard AND k.citizen_id = p.person_id WHERE k.other_id = ANY ($4::uuid[])
"""
_COLLEAGUES: Final = """
SELECT l.id FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS l (id, officer_id, person_id)
JOIN identifier i ON i.citizen_id = l.person_id AND i.kind = 'id_number'
JOIN officer looking ON looking.id = l.officer_id
JOIN officer looked_at ON looked_at.person_index = i.blind_index AND looked_at.department = looking.department
    AND looked_at.id <> looking.id
"""


class AcquaintanceJudge:
    """Knows whom an officer is, is related to, and works with; of an appointment without an identity number it knows nothing."""

    async def judge(self, looks: Sequence[Look]) -> Judged:
        """The looks at people whom the officer knows otherwise than from the counter."""
        people = [look.person_id for look in looks]
        rows = await fetch_all(_THEMSELVES, list({look.officer_id for look in looks}))
        themselves = {(row["officer_id"], row["person_id"]) for row in rows}
        officers, own = [row["officer_id"] for row in rows], [row["person_id"] for row in rows]
        kin = await fetch_all(_KIN, officers, [shard_of(one) for one in own], own, people)
        family = {(row["officer_id"], row["person_id"]) for row in kin}
        beside = await fetch_all(_COLLEAGUES, [look.id for look in looks], [look.officer_id for look in looks], people)
        colleagues = {row["id"] for row in beside}
        return [
            *_found(looks, themselves, "oneself"),
            *_found(looks, family, "family"),
            *((look, _COLLEAGUE) for look in looks if look.id in colleagues),
        ]


_COLLEAGUE: Final[FindingKind] = "colleague"


def _found(looks: Sequence[Look], pairs: set[tuple[object, object]], kind: FindingKind) -> Judged:
    return [(look, kind) for look in looks if (look.officer_id, look.person_id) in pairs]
