"""What departments tell of their registers by themselves: that what one says of a person has changed, and not how."""

from datetime import datetime
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from app.kernel.structs import Slug
from integrations.departments.civil_affairs import WardNamed

RECORD_CHANGED: Final = "record_changed"


class RecordChanged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of the event `record_changed`: which of the teller's services answers otherwise since when, and about whom.

    A newborn without a number is named by the birth certificate.
    """

    service: Slug
    person: WardNamed
    changed_at: Annotated[datetime, Meta(tz=True, description="RFC 3339 with offset.")]
