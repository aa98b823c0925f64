"""What crosses the wire of appointments."""

from datetime import date, datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta

from app.kernel.structs import Body, View
from app.kernel.words import Words
from lifecycle.appointments.fees import FeeState

PurposeCode = Annotated[
    str,
    Meta(
        max_length=64,
        pattern=r"\A[a-z][a-z0-9_]*(\.[0-9]{1,2})?\Z",
        description="What an appointment is for: a name in snake_case, perhaps with a number.",
    ),
]
AppointmentState = Literal[
    "booked", "waiting", "awaiting_payment", "cancelled", "called_off", "attended", "missed", "lapsed"
]
MOST_FEN: Final = 1_000_000
AmountFen = Annotated[
    int, Meta(ge=0, le=MOST_FEN, description="The fee as it was shown, in fen; must be named where there is one.")
]


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
    """A time that can be booked, or waited for where no place is left; what it costs, and until when cancelling gives that back.

    `offer` tells apart several things at one time, such as the clinics of a hospital (号源编号).
    """

    id: UUID
    matter_code: str
    venue: VenueView
    starts_at: datetime
    ends_at: datetime
    places: int
    left: int
    waiting: int
    offer: str | None
    specialty: str | None
    doctor: str | None
    title: str | None
    fee_fen: int
    payee: Words | None
    refund_until: datetime | None


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

    `purposes` say what for, where the matter asks it (`GET /v1/appointments/purposes`). `amount_fen` is the slot's fee, which is
    paid from the caller's card; in the line nothing is paid.
    """

    slot_id: UUID
    person_id: UUID | None = None
    wait: bool = False
    purposes: Annotated[tuple[PurposeCode, ...], Meta(max_length=6)] = ()
    amount_fen: AmountFen | None = None


class PayFee(Body, frozen=True):
    """What is paid for a place that is held."""

    amount_fen: AmountFen


class AppointmentView(View, frozen=True, kw_only=True):
    """An appointment. `code` is shown at the counter; `ahead` says how many wait before, while it waits.

    `refund_fen_now` is what cancelling now gives back: the fee until `refund_until`, nothing from then on. A place that is held
    (`awaiting_payment`) is to be paid for until `pay_until`. Receipts are named to who paid.
    """

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
    specialty: str | None
    doctor: str | None
    title: str | None
    fee_fen: int
    fee_state: FeeState
    pay_until: datetime | None
    refund_until: datetime | None
    refund_fen_now: int
    returned_fen: int
    receipt_id: UUID | None
    return_receipt_id: UUID | None


class CheckIn(Body, frozen=True):
    """The code that a visitor shows."""

    code: Annotated[str, Meta(pattern=r"\A[A-Za-z2-7]{8}\Z", description="Eight letters and digits.")]


class CheckedIn(View, frozen=True, kw_only=True):
    """Who came, for what, and which fee they paid here; that they were seen stands in their log."""

    appointment_id: UUID
    person_id: UUID
    name: str | None
    matter_code: str
    matter_name: Words
    venue: VenueView
    starts_at: datetime
    specialty: str | None
    doctor: str | None
    paid_fen: int


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
    specialty: str | None
    doctor: str | None
