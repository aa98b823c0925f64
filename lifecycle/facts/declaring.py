"""What people declare of themselves or a ward: kept sealed, the weakest of all sources, and taken back as easily as it was said."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

import msgspec

from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Citizen, System, own_person
from app.kernel.database import Row, execute, fetch_all, transaction
from app.kernel.ids import new_id, shard_of
from app.keys.persons import open_for_person, seal_for_person
from app.residents.people import locked
from lifecycle.cases.drafts import refuse_without_custody
from lifecycle.facts.changed import tell_changed
from lifecycle.facts.declarable import declarable, is_declarable, plausible
from lifecycle.facts.errors import FactNotDeclared
from lifecycle.facts.gathering import facts_about
from lifecycle.rules.facts import Said

SOURCE: Final = "declared"
KEEPER: Final = System("facts")
_TABLE: Final = "declared_fact"
_UPSERT: Final = """
INSERT INTO declared_fact (id, shard, citizen_id, kind, declared_by, declared_at, value) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (shard, citizen_id, kind) DO UPDATE
SET declared_by = excluded.declared_by, declared_at = excluded.declared_at, value = excluded.value
"""


async def declare(citizen: Citizen, person_id: UUID | None, kind: str, value: Any) -> UUID:
    """Declare a fact of oneself or a ward; saying it again replaces it. Gives whom it is about.

    Refuses `FactNotDeclarable`, `FactImpossible`, `PersonNotYours`, `CustodyElsewhere`.
    """
    person = _person(citizen, person_id)
    declarable(kind)
    async with transaction(KEEPER):
        await locked(person)
        found = plausible(kind, value, await facts_about(person), clock.today())
        row_id = new_id(person)
        sealed = await seal_for_person(person, _TABLE, kind, person, msgspec.json.encode(found))
        await execute(_UPSERT, row_id, shard_of(row_id), person, kind, citizen.hand, clock.now(), sealed)
        await tell_changed(person)
    async with transaction(citizen):
        await note_ward_look(citizen, person)
    return person


async def take_back(citizen: Citizen, person_id: UUID | None, kind: str) -> None:
    """Take a declared fact back. Refuses `FactNotDeclarable`, `FactNotDeclared`, `PersonNotYours`, `CustodyElsewhere`."""
    person = _person(citizen, person_id)
    declarable(kind)
    async with transaction(KEEPER):
        gone = await execute(
            "DELETE FROM declared_fact WHERE shard = $1 AND citizen_id = $2 AND kind = $3",
            *(shard_of(person), person, kind),
        )
        if not gone:
            raise FactNotDeclared(kind=kind)
        await tell_changed(person)


async def of_declared(person_id: UUID) -> Iterable[Said[Any]]:
    """What was declared of a person; in a system transaction. What may no longer be declared, or is in another shape, says nothing."""
    rows = await fetch_all(
        "SELECT * FROM declared_fact WHERE shard = $1 AND citizen_id = $2 ORDER BY kind", shard_of(person_id), person_id
    )
    return [said for row in rows if (said := await _said(row)) is not None]


async def opened(row: Row) -> bytes:
    """A row's value as JSON, opened; its place is the person and the kind, since the row is replaced."""
    return await open_for_person(row["citizen_id"], _TABLE, row["kind"], row["citizen_id"], row["value"])


async def _said(row: Row) -> Said[Any] | None:
    if not is_declarable(row["kind"]):
        return None
    try:
        value = msgspec.json.decode(await opened(row), type=declarable(row["kind"]).type)
    except msgspec.ValidationError:
        return None
    return Said(row["kind"], value, SOURCE, clock.local(row["declared_at"]).date(), "declared")


def _person(citizen: Citizen, person_id: UUID | None) -> UUID:
    person = own_person(citizen, person_id)
    refuse_without_custody(citizen, person)
    return person
