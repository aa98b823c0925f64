"""The rows of materials: inserted, signed, found, dropped. Everything here runs in the caller's transaction.

A row is never changed: another file is another row. What was signed is evidence and stays; what never was goes once the form doesn't name it.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.database import Row, execute, fetch_all, fetch_one, transaction
from app.kernel.ids import new_id, shard_of
from app.kernel.jobs import enqueue
from app.keys.persons import open_for_person, seal_for_person
from lifecycle.cases import casebook
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.casebook import CaseFile
from lifecycle.cases.fields import fields_of
from lifecycle.cases.forms import form_of
from lifecycle.cases.material_errors import MaterialNotFound
from lifecycle.cases.material_structs import MaterialRef, Source

DROP_OBJECT: Final = "cases.drop_object"
TABLE: Final = "case_material"
_INSERT: Final = """
INSERT INTO case_material (id, shard, citizen_id, case_id, field, source, source_id, object_key, name, content_type, size_bytes, sha256,
attached_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""
_DROP: Final = """
DELETE FROM case_material WHERE shard = $1 AND case_id = $2 AND signed_at IS NULL AND NOT (id = ANY ($3::uuid[])) RETURNING object_key
"""


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """What is attached: where it was taken from, and what it is."""

    source: Source
    source_id: UUID
    name: str
    content_type: str
    content: bytes
    sha256: str


class ObjectToDrop(msgspec.Struct, frozen=True):
    """An object that is to go unless a material's row names it."""

    citizen_id: UUID
    key: str


async def insert(case: CaseFile, field: str, paper: Paper, key: str) -> MaterialRef:
    """Note a material whose bytes lie under a key, and give what stands for it in the form."""
    row_id = new_id(case.citizen_id)
    await execute(
        _INSERT,
        *(row_id, shard_of(row_id), case.citizen_id, case.id, field, paper.source, paper.source_id, key),
        await seal_for_person(case.citizen_id, TABLE, "name", row_id, paper.name.encode()),
        *(paper.content_type, len(paper.content), paper.sha256, clock.now()),
    )
    return MaterialRef(row_id, paper.source, paper.name, paper.content_type, len(paper.content), paper.sha256)


async def keep_signed(case: CaseFile, values: Mapping[str, Any]) -> None:
    """Note that the materials in a form were signed just now; from here on they are evidence."""
    named = _named(case, values)
    if named:
        await execute(
            "UPDATE case_material SET signed_at = $4 WHERE shard = $1 AND case_id = $2 AND id = ANY ($3::uuid[]) AND signed_at IS NULL",
            *(case.shard, case.id, named, clock.now()),
        )


async def drop_unnamed(case: CaseFile, values: Mapping[str, Any]) -> None:
    """Drop the materials that were never signed and that a form doesn't name any more; their bytes go by a job."""
    if _fields(case):
        await _drop(case, _named(case, values))


async def drop_unsigned(case: CaseFile) -> None:
    """Drop every material of a case that was never signed, whether or not its matter still has a form."""
    await _drop(case, [])


async def _drop(case: CaseFile, but: list[UUID]) -> None:
    async with transaction(OFFICE):
        for row in await fetch_all(_DROP, case.shard, case.id, but):
            job = ObjectToDrop(case.citizen_id, row["object_key"])
            await enqueue(DROP_OBJECT, job, once=f"{DROP_OBJECT}:{job.key}")


async def find(case: CaseFile, field: str, material_id: UUID | None) -> Row:
    """A material of a field: the one that the form names now, or an earlier one by its id. Refuses `MaterialNotFound`."""
    if field not in _fields(case):
        raise MaterialNotFound
    if material_id is None:
        answers, _ = await casebook.opened(case)
        named = _named(case, {field: answers.get(field)})
        material_id = named[0] if named else None
    row = await fetch_one(
        "SELECT * FROM case_material WHERE shard = $1 AND case_id = $2 AND field = $3 AND id = $4",
        *(case.shard, case.id, field, material_id),
    )
    if row is None:
        raise MaterialNotFound
    return row


async def name_of(row: Row) -> str:
    """The name of a material's file, opened."""
    return (await open_for_person(row["citizen_id"], TABLE, "name", row["id"], row["name"])).decode()


def _fields(case: CaseFile) -> list[str]:
    described = fields_of(form_of(case.matter_code).form).values()
    return [one.name for one in described if one.material is not None]


def _named(case: CaseFile, values: Mapping[str, Any]) -> list[UUID]:
    named = [values[name] for name in _fields(case) if values.get(name) is not None]
    return [msgspec.convert(one, MaterialRef).id for one in named]
