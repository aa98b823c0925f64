"""What a citizen sees of the log about them, and what they may look for in it."""

from datetime import datetime
from uuid import UUID

import msgspec

from app.kernel.structs import Instant, Slug, View
from app.kernel.words import Words


class AccessLogEntry(View, frozen=True):
    """Who did what with the data of the citizen, or of a ward of theirs (`person_id`), when, and on what basis.

    `agent_id` and `agent_name` are the citizen who acted for them: by a power, or as their guardian.
    `automatic` says that a program or machine did it, `sensitive` that an office looked at personal data. `on_behalf_of` is the
    citizen for whom an agent acted. `log_number` is the entry's number in the sealed log, null while it waits for one.
    Where a law keeps an act from its person (an investigation), `withheld_until` says until when at the latest; until then `act` and
    `actor_kind` are `withheld`, and all else about it is left out.
    """

    id: UUID
    person_id: UUID
    at: datetime
    act: str
    title: Words
    actor_kind: str
    actor_department: str | None
    actor_office: Words | None
    automatic: bool
    by_me: bool
    on_behalf_of: UUID | None
    basis_kind: str | None
    basis_id: str | None
    agent_id: UUID | None
    agent_name: str | None
    basis: Words | None
    sensitive: bool
    log_number: int | None
    withheld_until: datetime | None


class AccessLogFilter(msgspec.Struct, frozen=True):
    """What a citizen looks for: an act, looks of offices only, one person, not before an instant."""

    act: Slug | None = None
    sensitive: bool = False
    person_id: UUID | None = None
    since: Instant | None = None
