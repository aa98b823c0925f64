"""What the portal itself knows of a resident: who they are, and whose child, parent or ward."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.kernel import clock
from app.kernel.database import fetch_all
from app.kernel.ids import shard_of
from app.residents.families import kin_of
from app.residents.people import resident
from app.residents.structs import Kin, Resident
from app.residents.survivors import Lost, lost_by
from lifecycle.rules.fact_kinds import (
    BIRTH_DATE,
    CHILDREN,
    DIED_ON,
    DIVISION,
    GUARDIANS,
    MARITAL_STATUS,
    REGISTERED,
    SEX,
    Child,
    Guardian,
)
from lifecycle.rules.facts import Confidence, FactKind, Said
from lifecycle.rules.family_kinds import BEREAVEMENTS, Bereavement

SOURCE: Final = "residents"


async def of_resident(person_id: UUID) -> Iterable[Said[Any]]:
    """What is known of a resident and their kin; in a system transaction."""
    person = await resident(person_id)
    kin = await kin_of(person_id)
    lost = await lost_by(person_id)
    return [*_of_person(person), *_of_kin(kin, await _born({one.id for one in kin})), *_of_lost(lost)]


def _of_person(person: Resident) -> Iterable[Said[Any]]:
    """Who somebody is. What the police confirmed is registered; the rest was told by a hospital or by the family's register."""
    sure: Confidence = "registered" if person.real_name_at is not None else "told"
    since = clock.local(person.real_name_at or person.known_since).date()

    def said(kind: FactKind[Any], value: object) -> Iterable[Said[Any]]:
        return () if value is None else (Said(kind.name, value, SOURCE, since, sure),)

    yield from said(BIRTH_DATE, person.birth_date)
    yield from said(SEX, person.sex)
    yield from said(DIED_ON, person.died_on)
    yield from said(DIVISION, person.division_code)
    yield from said(REGISTERED, person.id_number is not None)


def _of_kin(kin: Iterable[Kin], born: dict[UUID, date]) -> Iterable[Said[Any]]:
    today = clock.today()
    kin = list(kin)
    children = {one.id for one in kin if one.relation == "parent_of"}
    guardians = {one.id: one.until for one in kin if one.relation == "ward_of"}
    known = tuple(sorted(Child(born[child], child) for child in children if child in born))
    yield Said(CHILDREN.name, known, SOURCE, today, "told")
    found = tuple(Guardian(guardian, until) for guardian, until in sorted(guardians.items()))
    yield Said(GUARDIANS.name, found, SOURCE, today, "registered")
    married = [one for one in kin if one.relation == "spouse_of"]
    if married:
        yield Said(MARITAL_STATUS.name, "married", SOURCE, max(one.since for one in married), "registered")


def _of_lost(lost: Iterable[Lost]) -> Iterable[Said[Any]]:
    """Whom somebody survives; nothing is said where that is nobody. Of who has nothing to see to, no day of birth is told."""
    found = tuple(
        Bereavement(
            relative=one.id,
            relation=one.tie,
            birth_date=None if one.survives == "relative" else one.birth_date,
            died_on=one.died_on,
            survives=one.survives,
        )
        for one in lost
    )
    if found:
        yield Said(BEREAVEMENTS.name, found, SOURCE, max(one.died_on for one in found), "registered")


async def _born(people: set[UUID]) -> dict[UUID, date]:
    if not people:
        return {}
    rows = await fetch_all(
        "SELECT r.id, r.birth_date FROM unnest($1::int4[], $2::uuid[]) AS wanted (shard, id) "
        "JOIN resident r ON r.shard = wanted.shard AND r.id = wanted.id WHERE r.birth_date IS NOT NULL",
        *([shard_of(person) for person in people], list(people)),
    )
    return {row["id"]: row["birth_date"] for row in rows}
