"""`/v1/me/timeline/{id}/…`: hiding, attaching, and asking for a correction."""

from typing import Final
from uuid import UUID

from litestar import Controller, delete, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from app.kernel.actors import Citizen
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.idempotency import IdempotencyKeyReused, IdempotencyKeyWrong, Once, StillRunning
from app.kernel.problems import BodyUnreadable, BodyWrong, problems
from app.privacy.errors import CorrectionAskedAlready, DecidesThemselves
from app.records import attaching, correcting, hiding
from app.records.errors import AttachmentsTooMany, FileNotAttachable, MemoryIsYours, RecordNotFound
from app.records.structs import AskingCorrection, NewAttachment, TimelineEntry

_REPEATING: Final = (IdempotencyKeyWrong, IdempotencyKeyReused, StillRunning)
_BODY: Final = (BodyUnreadable, BodyWrong)
_TOUCHING: Final = (RecordNotFound, DecidesThemselves)
_FILES: Final = (FileNotAttachable, AttachmentsTooMany)


class RecordController(Controller):
    """What a person does with an entry of their own timeline, or a guardian with one of a child below 14."""

    path = "/v1/me/timeline"
    tags = ("Life",)
    opt = {LEVEL: BY_NAME, DATA: ("family", "health", "identity")}  # noqa: RUF012 - litestar's own shape

    @post("/{entry_id:uuid}/hide", operation_id="hideRecord", status_code=200, responses=problems(*_TOUCHING))
    async def hide(self, citizen: NamedDependency[Citizen], entry_id: FromPath[UUID]) -> TimelineEntry:
        """Hide an entry from lists; it stays as it was filed. Again changes nothing."""
        return await hiding.set_hidden(citizen, entry_id, hidden=True)

    @post("/{entry_id:uuid}/show", operation_id="showRecord", status_code=200, responses=problems(*_TOUCHING))
    async def show(self, citizen: NamedDependency[Citizen], entry_id: FromPath[UUID]) -> TimelineEntry:
        """Show a hidden entry again; again changes nothing."""
        return await hiding.set_hidden(citizen, entry_id, hidden=False)

    @post(
        "/{entry_id:uuid}/corrections",
        operation_id="askRecordCorrection",
        status_code=202,
        responses=problems(*_TOUCHING, MemoryIsYours, CorrectionAskedAlready, *_BODY, *_REPEATING),
    )
    async def correct(
        self,
        citizen: NamedDependency[Citizen],
        entry_id: FromPath[UUID],
        data: JSONBody[AskingCorrection],
        once: NamedDependency[Once],
    ) -> TimelineEntry:
        """Ask whoever said it to correct an entry; you are told of the answer, by `correction.due_on` at the latest."""
        return await once(citizen, TimelineEntry, lambda: correcting.ask(citizen, entry_id, data.text))

    @post(
        "/{entry_id:uuid}/attachments",
        operation_id="attachToRecord",
        status_code=200,
        responses=problems(*_TOUCHING, *_FILES, *_BODY),
    )
    async def attach(
        self, citizen: NamedDependency[Citizen], entry_id: FromPath[UUID], data: JSONBody[NewAttachment]
    ) -> TimelineEntry:
        """Put a file of your cloud disk beside an entry; again changes nothing."""
        return await attaching.attach(citizen, entry_id, data.node_id)

    @delete(
        "/{entry_id:uuid}/attachments/{node_id:uuid}",
        operation_id="detachFromRecord",
        status_code=200,
        responses=problems(*_TOUCHING),
    )
    async def detach(
        self, citizen: NamedDependency[Citizen], entry_id: FromPath[UUID], node_id: FromPath[UUID]
    ) -> TimelineEntry:
        """Take a file away from an entry; it stays in the disk. Again changes nothing."""
        return await attaching.detach(citizen, entry_id, node_id)
