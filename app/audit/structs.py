"""What a citizen sees of the log about them."""

from datetime import datetime
from uuid import UUID

from app.kernel.structs import View
from app.kernel.words import Words


class AccessLogEntry(View, frozen=True):
    """Who did what with the data of the citizen, or of a ward of theirs (`person_id`), when, and on what basis.

    `agent_id` and `agent_name` are the citizen who acted for them: by a power, or as their guardian.
    """

    id: UUID
    person_id: UUID
    at: datetime
    act: str
    title: Words
    actor_kind: str
    by_me: bool
    basis_kind: str | None
    basis_id: str | None
    agent_id: UUID | None
    agent_name: str | None
