"""What crosses the wire of appointments."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from app.kernel.structs import Body, View
from app.kernel.words import Words

PurposeCode = Annotated[
    str,
    Meta(
        max_length=64,
        pattern=r"\A[a-z][a-z0-9_]*(\.[0-9]{1,2})?\Z",
        description="What an appointment is for: a name in snake_case, perhaps with a number.",
    ),
]
AppointmentState = Literal["booked", "waiting", "cancelled", "attended", "missed", "lapsed"]


class VenueView(View, frozen=True):
    """Where an appointment takes place, and what to bring."""

    code: str
    name: str
    department: str
    division_code: str
    address: str
    telephone: str
    bring: str | None


class SlotView(View, frozen=True, kw_only=True):
    """A time that can be booked, or waited for where no place is left."""

    id: UUID
    matter_code: str
    venue: VenueView
    starts_at: datetime
    ends_at: datetime
    places: int
    left: int
    waiting: int


class PurposeView(View, frozen=True, kw_only=True):
    """Something that somebody may come for: its code for booking, why, from when, and by when it should be done."""

    code: str
    title: Words
    why: Words
    from_on: date | None
    due_on: date | None


class PurposeTitle(View, frozen=True):
    """What an appointment is for."""

    code: str
    title: Words


class NewAppointment(Body, frozen=True):
    """Which slot, and for whom: oneself, or a ward. `wait` puts them in line where every place is taken.

    `purposes` say what for, where the matter asks it (`GET /v1/appointments/purposes`).
    """

    slot_id: UUID
    person_id: UUID | None = None
    wait: bool = False
    purposes: Annotated[tuple[PurposeCode, ...], Meta(max_length=6)] = ()


class AppointmentView(View, frozen=True, kw_only=True):
    """An appointment. `code` is shown at the counter; `ahead` says how many wait before, while it waits."""

    id: UUID
    person_id: UUID
    matter_code: str
    matter_name: Words
    state: AppointmentState
    code: str
    venue: VenueView
    starts_at: datetime
    ends_at: datetime
    made_at: datetime
    ahead: int | None
    purposes: list[PurposeTitle]


class CheckIn(Body, frozen=True):
    """The code that a visitor shows."""

    code: Annotated[str, Meta(pattern=r"\A[A-Za-z2-7]{8}\Z", description="Eight letters and digits.")]


class CheckedIn(View, frozen=True, kw_only=True):
    """Who came, and for what; that they were seen stands in their log."""

    appointment_id: UUID
    person_id: UUID
    name: str | None
    matter_code: str
    matter_name: Words
    venue: VenueView
    starts_at: datetime


class CounterSlot(View, frozen=True, kw_only=True):
    """A slot as its counter sees it: how many come, how many came; nobody is named."""

    slot_id: UUID
    matter_code: str
    venue: VenueView
    starts_at: datetime
    ends_at: datetime
    places: int
    booked: int
    attended: int
    waiting: int
