"""Materials attached to a case, taken away, and shown: to whoever applies, and to the officer.

What is attached is a copy: whatever becomes of the file in the disk, the case keeps the bytes that were signed for.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Citizen, Officer, PowerLacksScope, Scope
from app.kernel.database import Row, transaction
from app.kernel.errors import Refusal
from app.kernel.jobs import enqueue
from app.keys.persons import PersonErased
from app.privacy.erasure import has_begun
from app.residents.people import locked
from cloud_disk.originals import Original, original
from cloud_disk.rules import FIRST_BYTES, type_of
from integrations.object_store.port import ObjectStore
from integrations.virus_scan.port import VirusScanner
from lifecycle.cases import casebook, decisions, desk, drafts, fields, material_rows
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.casebook import CaseFile
from lifecycle.cases.errors import StepNotAllowed
from lifecycle.cases.forms import form_of
from lifecycle.cases.material_errors import (
    LicenceNotInForce,
    MaterialBroken,
    MaterialInfected,
    MaterialNotFound,
    MaterialOfAnother,
    MaterialSourceUnclear,
    MaterialTooLarge,
    MaterialTypeWrong,
)
from lifecycle.cases.material_rows import DROP_OBJECT, ObjectToDrop, Paper
from lifecycle.cases.material_structs import MaterialAsked, MaterialSource
from lifecycle.cases.states import State
from lifecycle.cases.structs import CaseRef
from lifecycle.licences import documents, reading

_ORPHANED_AFTER: Final = timedelta(hours=1)
_PDF: Final = "application/pdf"
_CHANGEABLE: Final = frozenset({State.DRAFT, State.CORRECTION_REQUESTED})


class Place(msgspec.Struct, frozen=True):
    """A material's field in a case, at the version that was read."""

    case_id: UUID
    field: str
    version: int


class Given(msgspec.Struct, frozen=True):
    """A material as it is handed out."""

    name: str
    content_type: str
    content: bytes


async def attach(
    citizen: Citizen, place: Place, chosen: MaterialSource, store: ObjectStore, scanner: VirusScanner
) -> CaseRef:
    """Attach a copy of a file or licence to a draft, or to a case that must be corrected. Call it outside every transaction.

    Refuses what `drafts.change` refuses, `MaterialNotFound`, a file or licence that isn't theirs to use (`NodeNotFound`, `LicenceNotFound`,
    `MaterialOfAnother`, `PowerLacksScope`), isn't ready (`FileNotReady`, `LicenceBeingMade`, `LicenceNotInForce`) or isn't what is asked for
    (`MaterialTypeWrong`, `MaterialTooLarge`, `MaterialInfected`).
    """
    async with transaction(citizen):
        case = await _changeable(citizen, place)
        asked = _asked(case, place.field)
        found = await _found(citizen, case, chosen)
    paper = found if isinstance(found, Paper) else await _read(store, scanner, asked, (found, chosen))
    _refuse_other(asked, paper)
    key = f"cases/{case.citizen_id}/{secrets.token_urlsafe(24)}"
    await _order_sweep(case, key)
    await store.put(key, paper.content, paper.content_type)
    try:
        return await _keep(citizen, place, paper, key)
    except Refusal:
        await store.delete(key)
        raise


async def take_away(citizen: Citizen, place: Place) -> CaseRef:
    """Take a material away from a draft, or from a case that must be corrected; refuses `MaterialNotFound` where none is attached."""
    async with transaction(citizen):
        case = await _changeable(citizen, place, lock=True)
        answers, _ = await casebook.opened(case)
        _asked(case, place.field)
        if place.field not in answers:
            raise MaterialNotFound
        return await _write(case, {name: value for name, value in answers.items() if name != place.field})


async def given(citizen: Citizen, case_id: UUID, field: str, material_id: UUID | None, store: ObjectStore) -> Given:
    """A material's bytes, for whoever applies. A guardian's look is noted. Refuses `MaterialNotFound` and `MaterialBroken`."""
    async with transaction(citizen):
        case = await casebook.find_for(citizen, case_id)
        await note_ward_look(citizen, case.citizen_id)
        row = await material_rows.find(case, field, material_id)
        name = await material_rows.name_of(row)
    return await _given(store, row, name)


async def looked_at(officer: Officer, case_id: UUID, field: str, material_id: UUID | None, store: ObjectStore) -> Given:
    """A material's bytes, for an officer; that they looked is sealed, and the citizen sees it. Refuses as `desk.look_at` does."""
    async with transaction(officer):
        case = await decisions.find_for(officer, case_id)
        desk.refuse_unless_shown(officer, case)
        row = await material_rows.find(case, field, material_id)
        name = await material_rows.name_of(row)
        await seal_act(
            Act.MATERIAL_LOOKED_AT, officer, about=case.citizen_id, subject=case.id, basis=Basis("case", case.named)
        )
    return await _given(store, row, name)


async def _changeable(citizen: Citizen, place: Place, *, lock: bool = False) -> CaseFile:
    case = await casebook.find_for(citizen, place.case_id, lock=lock)
    drafts.refuse_other_hand(citizen, case)
    if case.state not in _CHANGEABLE:
        raise StepNotAllowed(state=case.state.value, step="change")
    casebook.refuse_changed(case, place.version)
    return case


def _asked(case: CaseFile, field: str) -> MaterialAsked:
    described = fields.fields_of(form_of(case.matter_code).form).get(field)
    if described is None or described.material is None:
        raise MaterialNotFound
    return described.material


async def _found(citizen: Citizen, case: CaseFile, chosen: MaterialSource) -> Original | Paper:
    if chosen.disk_node is not None and chosen.licence is None:
        return await _in_disk(citizen, case, chosen.disk_node)
    if chosen.licence is not None and chosen.disk_node is None:
        return await _licence(citizen, case, chosen.licence)
    raise MaterialSourceUnclear


async def _in_disk(citizen: Citizen, case: CaseFile, node_id: UUID) -> Original:
    """A file of whoever acts; a guardian's may be of the ward's disk too, a delegate's of nobody's but their own."""
    by_power = citizen.acting is not None and citizen.acting.basis == "power"
    others = () if by_power else tuple({citizen.id, case.citizen_id} - {citizen.hand})
    reader = msgspec.structs.replace(citizen, id=citizen.hand, agent_id=None, acting=None, wards=others)
    return await original(reader, node_id, reader.people)


async def _licence(citizen: Citizen, case: CaseFile, licence_id: UUID) -> Paper:
    if citizen.acting is not None and citizen.acting.basis == "power":
        raise PowerLacksScope(scope=Scope.LICENCES_READ.value)
    view = await reading.find(licence_id)
    if view.holder_id not in {citizen.id, case.citizen_id}:
        raise MaterialOfAnother
    if view.state != "valid":
        raise LicenceNotInForce(state=view.state)
    content = await documents.stored_pdf(view)
    return Paper(
        source="licence",
        source_id=view.id,
        name=f"{view.title.zh} {view.number}.pdf",
        content_type=_PDF,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )


async def _read(
    store: ObjectStore, scanner: VirusScanner, asked: MaterialAsked, chosen: tuple[Original, MaterialSource]
) -> Paper:
    """Read a file once, and see what it is: by its bytes, whatever it is called."""
    found, source = chosen
    if found.size_bytes > asked.most_bytes:
        raise MaterialTooLarge(most_bytes=asked.most_bytes)
    content = await _bytes(store, found.key)
    kind = type_of(content[:FIRST_BYTES], asked.types)
    if kind is None:
        raise MaterialTypeWrong(types=list(asked.types))
    harm = await scanner.scan(content)
    if harm is not None:
        raise MaterialInfected(found=harm)
    return Paper(
        source="disk",
        source_id=source.disk_node or UUID(int=0),
        name=found.name,
        content_type=kind,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _refuse_other(asked: MaterialAsked, paper: Paper) -> None:
    """Refuse a licence where no PDF is taken, and more bytes than may be."""
    if paper.content_type not in asked.types:
        raise MaterialTypeWrong(types=list(asked.types))
    if len(paper.content) > asked.most_bytes:
        raise MaterialTooLarge(most_bytes=asked.most_bytes)


async def _order_sweep(case: CaseFile, key: str) -> None:
    """Have the object dropped later if no row came to name it, since this process may end in between."""
    async with transaction(OFFICE):
        job = ObjectToDrop(case.citizen_id, key)
        await enqueue(DROP_OBJECT, job, run_at=clock.now() + _ORPHANED_AFTER, once=f"{DROP_OBJECT}-late:{key}")


async def _keep(citizen: Citizen, place: Place, paper: Paper, key: str) -> CaseRef:
    async with transaction(citizen):
        case = await casebook.find_for(citizen, place.case_id)
        await _refuse_erased(case.citizen_id)
        case = await _changeable(citizen, place, lock=True)
        answers, _ = await casebook.opened(case)
        ref = await material_rows.insert(case, place.field, paper, key)
        return await _write(case, {**answers, place.field: msgspec.to_builtins(ref)})


async def _write(case: CaseFile, answers: casebook.Answers) -> CaseRef:
    case = await casebook.write(case, answers=await casebook.sealed_column(case, "answers", answers))
    await material_rows.drop_unnamed(case, answers)
    return drafts.ref(case)


async def _refuse_erased(person_id: UUID) -> None:
    """Refuse (`PersonErased`) whom is being erased: an erasure begins with the person locked, and asks for materials afterwards."""
    async with transaction(OFFICE):
        await locked(person_id)
        if await has_begun(person_id):
            raise PersonErased


async def _bytes(store: ObjectStore, key: str) -> bytes:
    return b"".join([piece async for piece in store.read(key)])


async def _given(store: ObjectStore, row: Row, name: str) -> Given:
    content = await _bytes(store, row["object_key"])
    if hashlib.sha256(content).hexdigest() != row["sha256"]:
        raise MaterialBroken
    return Given(name, row["content_type"], content)
