"""Makers of materials: files and licences that are attached to a case, and the scanner that looks through them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from app.embedded.ports import free_block
from app.kernel.actors import Citizen, Officer
from app.kernel.database import execute, fetch_all, fetch_value, transaction
from app.kernel.ids import shard_of
from cloud_disk import uploads
from cloud_disk.uploads import CheckFile
from integrations.city.faults import Faults
from integrations.city.virus_scanner import EICAR, listening
from integrations.virus_scan.clamd import ClamAv
from lifecycle.cases import casebook, decisions, drafts, materials, prefilling, submission
from lifecycle.cases.carrying_out import OFFICE
from lifecycle.cases.material_structs import MaterialSource
from lifecycle.cases.materials import Place
from lifecycle.cases.structs import CaseRef, CorrectionAsked, FieldRemark, FormChange, NewCase, Submission
from lifecycle.licences import documents
from lifecycle.licences.issuing import ISSUER, issue
from lifecycle.licences.kinds import CERT_HUKOU
from lifecycle.licences.structs import Grant
from tests.makers.cases import a_code, the_case
from tests.makers.files import a_store, an_upload, posted
from tests.makers.matters import PAPER_MATTER
from tests.makers.outside import Phones

PDF = b"%PDF-1.7\n"
PROGRAM = b"MZ\x90\x00"


@asynccontextmanager
async def a_scanner() -> AsyncIterator[ClamAv]:
    """A scanner that runs for real on a free port, as the city's does."""
    port = free_block()
    async with listening("127.0.0.1", port, Faults(1)):
        yield ClamAv("127.0.0.1", port)


def a_pdf(size: int = 2_000) -> bytes:
    """Bytes that begin as a PDF does, and that nobody else has."""
    return PDF + uuid4().bytes * (size // 16)


def an_infected_pdf() -> bytes:
    """A PDF with the test file that every scanner reports."""
    return PDF + EICAR


async def a_node(
    citizen: Citizen, content: bytes, name: str = "证明.pdf", content_type: str = "application/pdf"
) -> UUID:
    """A checked file in the citizen's disk."""
    upload = await an_upload(citizen, content, name, content_type=content_type)
    assert (await posted(upload, content)).is_success
    await uploads.complete(citizen, upload.node.id, a_store())
    await uploads.check(a_store(), CheckFile(upload.node.id))
    return upload.node.id


async def a_licence_of(holder_id: UUID) -> UUID:
    """A valid licence with its document, of somebody."""
    grant = Grant(
        type_code=CERT_HUKOU, holder_id=holder_id, department="GAJ", lines=(), case_id=uuid4(), case_number="YT-TEST"
    )
    async with transaction(ISSUER):
        licence_id = await issue(grant)
    await documents.make_document(documents.DocumentToMake(licence_id))
    return licence_id


async def state_of_licence(licence_id: UUID, state: str) -> None:
    """Have a licence be in another state."""
    async with transaction(ISSUER):
        await execute(
            "UPDATE licence SET state = $3 WHERE shard = $1 AND id = $2", shard_of(licence_id), licence_id, state
        )


async def a_paper_draft(citizen: Citizen, subject_id: UUID | None = None) -> CaseRef:
    """A draft whose form asks for materials, with everything else filled in."""
    opened = await drafts.open_case(citizen, NewCase(PAPER_MATTER, subject_id))
    await prefilling.refresh(citizen, opened.id, 3)
    version = (await the_case(opened.id)).version
    return await drafts.change(citizen, opened.id, version, FormChange({"purpose": "过户"}))


async def attached(citizen: Citizen, case: CaseRef, node_id: UUID, scanner: ClamAv, field: str = "proof") -> CaseRef:
    """The case with a file of the disk attached."""
    place = Place(case.id, field, case.version)
    return await materials.attach(citizen, place, MaterialSource(disk_node=node_id), a_store(), scanner)


async def with_licence(citizen: Citizen, case: CaseRef, licence_id: UUID, field: str = "household") -> CaseRef:
    """The case with a licence attached; nothing has to be looked through for that."""
    place = Place(case.id, field, case.version)
    nobody = ClamAv("127.0.0.1", 1)
    return await materials.attach(citizen, place, MaterialSource(licence=licence_id), a_store(), nobody)


async def a_whole_draft(citizen: Citizen, scanner: ClamAv, content: bytes | None = None) -> CaseRef:
    """A draft with both materials that it needs."""
    draft = await a_paper_draft(citizen)
    draft = await attached(citizen, draft, await a_node(citizen, content or a_pdf()), scanner)
    return await with_licence(citizen, draft, await a_licence_of(citizen.id))


async def handed_in(citizen: Citizen, case: CaseRef) -> CaseRef:
    """The case, confirmed by a code and submitted."""
    code = await a_code(Phones(), citizen, case.id)
    return await submission.submit(citizen, case.id, Submission(confirmation_code=code))


async def sent_back(officer: Officer, case: CaseRef, field: str = "proof") -> CaseRef:
    """The case with another paper asked for."""
    await decisions.claim(officer, case.id)
    asked = CorrectionAsked("请重新提供", (FieldRemark(field, "看不清"),))
    return await decisions.request_correction(officer, case.id, asked)


async def answers_of(case_id: UUID) -> dict[str, dict[str, object]]:
    """What a case's form holds of its citizen's."""
    async with transaction(OFFICE):
        answers, _ = await casebook.opened(await casebook.find(case_id))
    return answers


async def keys_of(case_id: UUID) -> list[str]:
    """Where the materials of a case lie in the store, oldest first."""
    async with transaction(OFFICE):
        rows = await fetch_all(
            "SELECT object_key FROM case_material WHERE shard = $1 AND case_id = $2 ORDER BY id",
            shard_of(case_id),
            case_id,
        )
    return [row["object_key"] for row in rows]


async def ordered_to_drop(key: str) -> int:
    """How many jobs wait to drop an object."""
    async with transaction(OFFICE):
        waiting: int = await fetch_value(
            "SELECT count(*) FROM pgqueuer WHERE entrypoint = 'cases.drop_object' AND position($1 IN convert_from(payload, 'utf8')) > 0",
            key,
        )
    return waiting
