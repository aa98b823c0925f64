"""What stands on an agenda."""

from datetime import date
from typing import Literal
from uuid import UUID

from app.kernel.structs import View
from app.kernel.words import Words

Standing = Literal["overdue", "due", "in_progress", "upcoming"]


class AgendaItem(View, frozen=True, kw_only=True):
    """One thing to do: for whom, which matter does it, from when and until when, and why.

    `code` names it for good within its person. A case that does it already is named by value, and so is an appointment for it.
    """

    code: str
    matter_code: str
    subject_id: UUID
    subject_name: str | None
    title: Words
    why: Words
    standing: Standing
    from_on: date | None
    due_on: date | None
    case_id: UUID | None
    appointment_id: UUID | None
