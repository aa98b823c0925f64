"""Telling of a new licence: the holder's record. Subscribers; a repeat changes nothing."""

from typing import Final

from app.kernel.phrases import Phrase
from app.kernel.words import Words
from app.records.filing import Happening, file_record
from app.records.kinds import RecordKind
from lifecycle.licences import reading
from lifecycle.licences.events import LicenceIssued

PHRASES: Final = {
    "licence.issued": Phrase(
        Words(zh="签发电子证照：{title}", en="Licence issued: {title}"),
        Words(zh="{office}签发，编号{number}。", en="Issued by {office}, number {number}."),
    ),
}


async def file_issued(event: LicenceIssued) -> None:
    """File a new licence in its holder's record, unless they were erased meanwhile."""
    view = await reading.known(event.subject_id)
    if view is None:
        return
    await file_record(
        Happening(
            citizen_id=view.holder_id,
            happened_at=view.issued_at,
            kind=RecordKind.LICENCE,
            phrase="licence.issued",
            facts={"title": view.title, "office": view.department_name, "number": view.number},
            source=view.department,
            source_ref=f"licence:{view.id}",
            about_id=view.id,
        )
    )
