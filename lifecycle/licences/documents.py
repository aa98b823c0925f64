"""A licence's sealed document: made by a job, kept encrypted under the holder's key, given to the holder."""

import hashlib
from typing import Final
from uuid import UUID

import msgspec

from app.audit.ward_looks import note_ward_look
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import fetch_one, fetch_value, transaction
from app.kernel.events import tell
from app.kernel.ids import new_id, shard_of
from app.kernel.jobs import enqueue
from app.kernel.settings import load
from app.keys.persons import open_for_person, seal_for_person
from app.pki.documents import Fact, LicencePaper, signed_licence
from lifecycle.licences import reading
from lifecycle.licences.check_codes import shown, verify_address
from lifecycle.licences.errors import LicenceBeingMade
from lifecycle.licences.events import LicenceDocumentMade, LicenceIssued
from lifecycle.licences.stepping import ISSUER
from lifecycle.licences.structs import LicenceView

MAKE_DOCUMENT: Final = "licences.make_document"


class DocumentToMake(msgspec.Struct, frozen=True):
    """The licence whose document is to be made."""

    licence_id: UUID


async def order_document(event: LicenceIssued) -> None:
    """Have the document of a new licence made; a subscriber."""
    await enqueue(MAKE_DOCUMENT, DocumentToMake(event.subject_id), once=f"{MAKE_DOCUMENT}:{event.subject_id}")


async def make_document(job: DocumentToMake) -> None:
    """Make a licence's sealed PDF and keep it; harmless when repeated. A job: typesetting and sealing take their time.

    Nothing is made for a holder who was erased meanwhile.
    """
    async with transaction(ISSUER):
        view = await reading.known(job.licence_id)
    if view is not None and view.document == "being_made":
        await _keep(view, await signed_licence(_paper(view)))


def _paper(view: LicenceView) -> LicencePaper:
    return LicencePaper(
        title=view.title,
        number=view.number,
        office=view.department_name.zh,
        issued_on=f"{view.issued_at:%Y-%m-%d}",
        facts=tuple(Fact(line.label, line.value) for line in view.lines),
        verify_code=shown(view.number, view.check_code),
        verify_url=verify_address(load().public_origin, view.number, view.check_code),
    )


async def _keep(view: LicenceView, pdf: bytes) -> None:
    async with transaction(ISSUER):
        row_id = new_id(view.holder_id)
        sealed = await seal_for_person(view.holder_id, "licence_document", "pdf", row_id, pdf)
        kept = await fetch_value(
            "INSERT INTO licence_document (id, shard, citizen_id, licence_id, made_at, sha256, pdf) VALUES ($1, $2, $3, $4, $5, $6, $7) "
            "ON CONFLICT ON CONSTRAINT licence_document_once DO NOTHING RETURNING true",
            *(row_id, shard_of(row_id), view.holder_id, view.id, clock.now(), hashlib.sha256(pdf).hexdigest(), sealed),
        )
        if kept:
            await tell(LicenceDocumentMade(citizen_id=view.holder_id, subject_id=view.id))


async def pdf(citizen: Citizen, licence_id: UUID) -> tuple[LicenceView, bytes]:
    """A licence with its PDF; refuses `LicenceNotFound`, and `LicenceBeingMade` for the moment after it was issued."""
    async with transaction(citizen):
        view = await reading.find(licence_id)
        await note_ward_look(citizen, view.holder_id)
        return view, await stored_pdf(view)


async def stored_pdf(view: LicenceView) -> bytes:
    """The PDF of a licence, in the transaction in progress; refuses `LicenceBeingMade`."""
    row = await fetch_one(
        "SELECT id, pdf FROM licence_document WHERE shard = $1 AND licence_id = $2", shard_of(view.id), view.id
    )
    if row is None:
        raise LicenceBeingMade(retry_after_seconds=2)
    return await open_for_person(view.holder_id, "licence_document", "pdf", row["id"], row["pdf"])
