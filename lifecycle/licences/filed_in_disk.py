"""A licence's document goes into the cloud disk: the holder's own, or their guardians' while somebody acts for them."""

from contextlib import suppress
from typing import Final
from uuid import UUID

import msgspec

from app.kernel.database import transaction
from app.kernel.jobs import enqueue
from app.keys.persons import PersonErased
from app.residents.families import guardians_of
from app.residents.people import resident
from cloud_disk.keeping import Document, keep
from integrations.object_store.port import ObjectStore
from lifecycle.licences import documents, reading
from lifecycle.licences.events import LicenceDocumentMade
from lifecycle.licences.stepping import ISSUER

FILE_JOB: Final = "licences.file_in_disk"
_FOLDER: Final = "电子证照"


class LicenceToFile(msgspec.Struct, frozen=True):
    """The licence whose document goes into the disk."""

    licence_id: UUID


async def order(event: LicenceDocumentMade) -> None:
    """Have the document filed; a subscriber."""
    await enqueue(FILE_JOB, LicenceToFile(event.subject_id), once=f"{FILE_JOB}:{event.subject_id}")


async def file_in_disk(store: ObjectStore, job: LicenceToFile) -> None:
    """Put the document where it belongs, unless whose disk that is was erased; harmless when repeated. A job: the store is outside."""
    async with transaction(ISSUER):
        view = await reading.known(job.licence_id)
        if view is None:
            return
        content = await documents.stored_pdf(view)
        holder = await resident(view.holder_id)
        keepers = await guardians_of(view.holder_id) or (view.holder_id,)
    for keeper_id in keepers:
        with suppress(PersonErased):
            await keep(
                Document(
                    citizen_id=keeper_id,
                    folder=_FOLDER,
                    name=f"{view.title.zh} {holder.name or ''} {view.number}.pdf",
                    content=content,
                    content_type="application/pdf",
                    source_ref=f"licence:{view.id}",
                ),
                store,
            )
