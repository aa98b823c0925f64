"""Kinship and guardianship. Each side's row lives in its own shard; both are written together."""

from datetime import date
from itertools import groupby
from typing import Final
from uuid import UUID

from app.kernel import clock
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.kernel.ids import new_id, shard_of
from app.residents.ages import ADULT_AT, birthday, has_reached
from app.residents.people import RESIDENTS, locked, resident
from app.residents.structs import Kin, Relation, Resident

OTHER_SIDE: Final[dict[Relation, Relation]] = {
    "guardian_of": "ward_of",
    "ward_of": "guardian_of",
    "parent_of": "child_of",
    "child_of": "parent_of",
    "spouse_of": "spouse_of",
}
_DECIDING: Final = ["civil_affairs", "death"]
"""Who decides: sources that begin so aren't overruled by what a register or a certificate says."""


def comes_of_age(born_on: date) -> date:
    """The 18th birthday, from which on nobody is a ward (民法典 art. 17); born on 29 February, it is 1 March."""
    return birthday(born_on, ADULT_AT)


async def is_minor(resident_id: UUID) -> bool:
    """Whether a resident lives and is under 18."""
    async with transaction(RESIDENTS):
        person = await resident(resident_id)
    born_on = person.birth_date
    return person.died_on is None and born_on is not None and clock.today() < comes_of_age(born_on)


async def has_full_capacity(resident_id: UUID) -> bool:
    """Whether somebody proved who they are, lives, is of age, and has no guardian (民法典 arts. 17, 18, 21)."""
    async with transaction(RESIDENTS):
        person = await resident(resident_id)
        return (
            person.real_name_at is not None
            and person.died_on is None
            and person.birth_date is not None
            and has_reached(ADULT_AT, person.birth_date, clock.today())
            and not await guardians_of(resident_id)
        )


async def relate(one: UUID, relation: Relation, other: UUID, *, source: str, until: date | None = None) -> None:
    """Write that `one` is `relation` to `other`, on both sides; harmless when repeated, and the newest `until` holds.

    What was decided (by civil affairs, or by a death) isn't undone by what a register or a certificate says.
    """
    async with transaction(RESIDENTS):
        for citizen_id, said, other_id in ((one, relation, other), (other, OTHER_SIDE[relation], one)):
            row_id = new_id(citizen_id)
            await execute(
                "INSERT INTO kinship (id, shard, citizen_id, other_id, relation, source, since, until) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (shard, citizen_id, other_id, relation) "
                "DO UPDATE SET until = excluded.until, source = excluded.source "
                "WHERE $9 OR split_part(kinship.source, ':', 1) <> ALL ($10::text[])",
                *(row_id, shard_of(row_id), citizen_id, other_id, said, source, clock.today(), until),
                *(_is_decided(source), _DECIDING),
            )


def _is_decided(source: str) -> bool:
    return source.partition(":")[0] in _DECIDING


async def note_decision(one: UUID, relation: Relation, other: UUID, on: date) -> None:
    """Write, on both sides, from which day a decision about a tie holds, so that an older one that comes late changes nothing."""
    async with transaction(RESIDENTS):
        for citizen_id, said, other_id in ((one, relation, other), (other, OTHER_SIDE[relation], one)):
            await execute(
                "UPDATE kinship SET decided_on = $5 WHERE shard = $1 AND citizen_id = $2 AND other_id = $3 AND relation = $4",
                *(shard_of(citizen_id), citizen_id, other_id, said, on),
            )


async def end(one: UUID, relation: Relation, other: UUID, *, source: str, on: date) -> bool:
    """Write that `one` is no longer `relation` to `other` from a day on, on both sides; says whether it held until then."""
    async with transaction(RESIDENTS):
        ended = 0
        for citizen_id, said, other_id in ((one, relation, other), (other, OTHER_SIDE[relation], one)):
            ended += await execute(
                "UPDATE kinship SET until = $5, decided_on = $5, source = $6 WHERE shard = $1 AND citizen_id = $2 AND other_id = $3 "
                "AND relation = $4 AND (until IS NULL OR until > $5)",
                *(shard_of(citizen_id), citizen_id, other_id, said, on, source),
            )
    return ended > 0


async def give_custody(guardian_id: UUID, ward_id: UUID, *, source: str, custody: bool | None, on: date) -> None:
    """Write whether a ward lives with a guardian from a day on, or that nothing is decided about it, on both sides."""
    async with transaction(RESIDENTS):
        for citizen_id, said, other_id in ((guardian_id, "guardian_of", ward_id), (ward_id, "ward_of", guardian_id)):
            await execute(
                "UPDATE kinship SET custody = $5, custody_on = $6, source = $7 WHERE shard = $1 AND citizen_id = $2 "
                "AND other_id = $3 AND relation = $4",
                *(shard_of(citizen_id), citizen_id, other_id, said, custody, on, source),
            )


async def relate_child(parent_id: UUID, child_id: UUID, born_on: date, *, source: str) -> None:
    """Write that somebody is a child's parent and, while they live and until it comes of age, its guardian (民法典 art. 27)."""
    async with transaction(RESIDENTS):
        parent = await locked(parent_id)
        await relate(parent_id, "parent_of", child_id, source=source)
        if parent.died_on is None and clock.today() < comes_of_age(born_on):
            await relate(parent_id, "guardian_of", child_id, source=source, until=comes_of_age(born_on))


async def newest_decision(ward_id: UUID, guardian_id: UUID) -> date | None:
    """From which day the newest decision holds that is known of a guardianship, also of one that ended, or of an adoption."""
    async with transaction(RESIDENTS):
        found: date | None = await fetch_value(
            "SELECT max(decided_on) FROM kinship WHERE shard = $1 AND citizen_id = $2 "
            "AND (relation = 'child_of' OR relation = 'ward_of' AND other_id = $3)",
            *(shard_of(ward_id), ward_id, guardian_id),
        )
    return found


async def newest_custody(ward_id: UUID) -> date | None:
    """From which day the newest decision about a ward's custody holds."""
    async with transaction(RESIDENTS):
        found: date | None = await fetch_value(
            "SELECT max(custody_on) FROM kinship WHERE shard = $1 AND citizen_id = $2 AND relation = 'ward_of'",
            *(shard_of(ward_id), ward_id),
        )
    return found


async def kin_of(resident_id: UUID, on: date | None = None) -> list[Kin]:
    """Everybody to whom a resident is related today, or was on a day."""
    async with transaction(RESIDENTS):
        rows = await fetch_all(
            "SELECT other_id AS id, relation, source, since, until, custody, decided_on, custody_on FROM kinship "
            "WHERE shard = $1 AND citizen_id = $2 AND (until IS NULL OR until > $3) ORDER BY other_id, relation",
            *(shard_of(resident_id), resident_id, on or clock.today()),
        )
    return [Kin(**dict(row)) for row in rows]


async def wards_of(resident_id: UUID) -> tuple[UUID, ...]:
    """The people for whom a resident is guardian today."""
    return tuple(kin.id for kin in await kin_of(resident_id) if kin.relation == "guardian_of")


async def acting_guardians_of(resident_id: UUID) -> tuple[UUID, ...]:
    """The guardians who apply for a ward today: all, or those with whom it lives where that was decided."""
    kin = await kin_of(resident_id)
    return tuple(one.id for one in kin if one.relation == "ward_of" and one.custody is not False)


async def let_the_rest_act(ward_id: UUID, *, source: str, on: date) -> bool:
    """Where, from a day on, whoever had custody is gone, the guardians who are left act again; says whether that was so."""
    left = await guardians_of(ward_id)
    if not left or await acting_guardians_of(ward_id):
        return False
    for guardian_id in left:
        await give_custody(guardian_id, ward_id, source=source, custody=None, on=on)
    return True


async def was_guardian(resident_id: UUID, person_id: UUID) -> bool:
    """Whether a resident was somebody's guardian and isn't any more."""
    async with transaction(RESIDENTS):
        return bool(
            await fetch_value(
                "SELECT true FROM kinship WHERE shard = $1 AND citizen_id = $2 AND other_id = $3 "
                "AND relation = 'guardian_of' AND until <= $4",
                *(shard_of(resident_id), resident_id, person_id, clock.today()),
            )
        )


async def guardians_of(resident_id: UUID) -> tuple[UUID, ...]:
    """The guardians of a resident today; nobody's, once they are of age."""
    return tuple(kin.id for kin in await kin_of(resident_id) if kin.relation == "ward_of")


async def relatives_of(resident_id: UUID) -> list[tuple[Resident, list[Kin]]]:
    """The family of a resident: each person with every tie to them."""
    async with transaction(RESIDENTS):
        by_person = groupby(await kin_of(resident_id), key=lambda kin: kin.id)
        return [(await resident(person_id), list(ties)) for person_id, ties in by_person]
