"""`/v1/appointments`, and `/v1/officer/appointments` at the counter."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from app.card.charges import CHARGE_REFUSALS
from app.kernel.actors import NONCE_NEEDED, AssuranceTooLow, Citizen, NoRight, Officer, PersonNotYours
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.errors import Refusal
from app.kernel.idempotency import Once
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, field_problem, problems
from app.kernel.structs import Line, ShortLine, Slug
from integrations.exchange.errors import (
    DepartmentAnsweredWrongly,
    DepartmentRefused,
    DepartmentUnavailable,
    NotKnownToDepartment,
)
from lifecycle.appointments import booking, counter, paying, purposes, reading
from lifecycle.appointments.counter import CounterFilter
from lifecycle.appointments.errors import (
    AppointmentOver,
    AppointmentUnknown,
    BookedAlready,
    BookingBlocked,
    FeeChanged,
    NoSuchPurpose,
    NothingToPay,
    PurposeNeeded,
    PurposeNotDue,
    PurposesNotTaken,
    RefundChanged,
    SlotClosed,
    SlotFull,
    SlotHasPlaces,
    SlotUnknown,
    TimeToPayOver,
    TooEarlyToCheckIn,
    TooManyBookings,
)
from lifecycle.appointments.reading import Full, Wanted
from lifecycle.appointments.structs import (
    MOST_FEN,
    AmountFen,
    AppointmentView,
    CheckedIn,
    CheckIn,
    CounterSlot,
    NewAppointment,
    PayFee,
    PurposeView,
    SlotView,
)
from lifecycle.catalogue.errors import MatterUnknown

_BODY = (BodyUnreadable, BodyWrong)
_PURPOSES = (PurposeNeeded, NoSuchPurpose, PurposesNotTaken, PurposeNotDue)
_ASKING = (DepartmentUnavailable, DepartmentAnsweredWrongly, DepartmentRefused, NotKnownToDepartment)
_BOOKING = (
    *(SlotUnknown, SlotClosed, SlotFull, SlotHasPlaces, BookedAlready, TooManyBookings, BookingBlocked),
    PersonNotYours,
)
_PAYING: Final[tuple[type[Refusal], ...]] = (FeeChanged, *CHARGE_REFUSALS)


def _where(
    division: FromQuery[ShortLine | None] = None,
    venue: FromQuery[ShortLine | None] = None,
    day: FromQuery[date | None] = None,
) -> dict[str, object]:
    """Where and on which day."""
    return {"division": division, "venue": venue, "day": day}


def _what(
    specialty: Annotated[
        Line | None, QueryParameter(name="specialty", description="A specialty as slots name it, such as 儿科.")
    ] = None,
    doctor: Annotated[Line | None, QueryParameter(name="doctor", description="A doctor as slots name them.")] = None,
    offer: Annotated[
        ShortLine | None, QueryParameter(name="offer", description="The code of a clinic in a hospital's schedule.")
    ] = None,
) -> dict[str, object]:
    """Of which specialty, doctor, or clinic."""
    return {"specialty": specialty, "doctor": doctor, "offer": offer}


def _wanted(
    matter: Annotated[Slug, QueryParameter(name="matter", max_length=64, description="The matter's code.")],
    where: NamedDependency[dict[str, object]],
    what: NamedDependency[dict[str, object]],
    full: Annotated[
        Full, QueryParameter(name="full", description="Whether times without a place left are shown, too.")
    ] = "hide",
) -> Wanted:
    """Read what is looked for; what a dependency is given isn't checked against its limits, so that is done here."""
    try:
        return msgspec.convert({"matter": matter, "full": full} | where | what, Wanted)
    except msgspec.ValidationError as error:
        raise ParameterWrong(errors=(field_problem(error),)) from error


def _counter(day: FromQuery[date | None] = None, venue: FromQuery[ShortLine | None] = None) -> CounterFilter:
    """Read which day and venue, checked as above."""
    try:
        return msgspec.convert({"day": day, "venue": venue}, CounterFilter)
    except msgspec.ValidationError as error:
        raise ParameterWrong(errors=(field_problem(error),)) from error


class AppointmentController(Controller):
    """Appointments at departments' venues."""

    path = "/v1/appointments"
    tags = ("Appointments",)
    opt = {LEVEL: BY_NAME, DATA: ("identity", "health")}  # noqa: RUF012 - litestar's own shape

    @get(
        "/slots",
        operation_id="listSlots",
        dependencies={
            "where": Provide(_where, sync_to_thread=False),
            "what": Provide(_what, sync_to_thread=False),
            "wanted": Provide(_wanted, sync_to_thread=False),
        },
        responses=problems(CursorWrong, ParameterWrong, MatterUnknown),
    )
    async def slots(
        self,
        citizen: NamedDependency[Citizen],
        wanted: NamedDependency[Wanted],
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[SlotView]:
        """List the times of a matter that can be booked, with what they cost, the first one first."""
        return await reading.slots(citizen, wanted, cursor, limit)

    @get(
        "/purposes",
        operation_id="listPurposes",
        responses=problems(*_ASKING, MatterUnknown, PersonNotYours, ParameterWrong),
    )
    async def purposes(
        self,
        citizen: NamedDependency[Citizen],
        matter: Annotated[Slug, QueryParameter(name="matter", max_length=64, description="The matter's code.")],
        person_id: FromQuery[UUID | None] = None,
        day: FromQuery[date | None] = None,
    ) -> Page[PurposeView]:
        """List what you or a ward may come for on a day (today), where a matter's appointments say what for."""
        return Page(items=list(await purposes.offered(citizen, matter, person_id, day)), next=None)

    @get("/", operation_id="listAppointments", responses=problems(CursorWrong, PersonNotYours))
    async def mine(
        self,
        citizen: NamedDependency[Citizen],
        person_id: FromQuery[UUID | None] = None,
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[AppointmentView]:
        """List your appointments, or those of a ward, the newest made first."""
        return await reading.mine(citizen, person_id, cursor, limit)

    @get("/{appointment_id:uuid}", operation_id="getAppointment", responses=problems(AppointmentUnknown))
    async def one(self, citizen: NamedDependency[Citizen], appointment_id: FromPath[UUID]) -> AppointmentView:
        """Get one of your appointments, or of a ward's: also what cancelling it now would give back."""
        return await reading.one(citizen, appointment_id)

    @post(
        "/",
        operation_id="bookAppointment",
        status_code=201,
        opt={NONCE_NEEDED: True},
        responses=problems(*_BOOKING, *_PURPOSES, *_ASKING, *_PAYING, AssuranceTooLow, *_BODY),
    )
    async def book(
        self, citizen: NamedDependency[Citizen], data: JSONBody[NewAppointment], once: NamedDependency[Once]
    ) -> AppointmentView:
        """Book a place for yourself or a ward, and pay its fee from your card; with `wait`, get in line for one that is given back."""
        judged = await purposes.judge(citizen, data)
        await paying.prepare(citizen, data)
        return await once(citizen, AppointmentView, lambda: booking.book(citizen, data, judged))

    @post(
        "/{appointment_id:uuid}/pay",
        operation_id="payAppointment",
        status_code=200,
        opt={NONCE_NEEDED: True},
        responses=problems(AppointmentUnknown, NothingToPay, TimeToPayOver, SlotClosed, *_PAYING, *_BODY),
    )
    async def pay(
        self, citizen: NamedDependency[Citizen], appointment_id: FromPath[UUID], data: JSONBody[PayFee]
    ) -> AppointmentView:
        """Pay, from your card, for a place that is held for you or a ward since you moved up; repeated, it is paid once."""
        await paying.prepare_for(citizen, appointment_id)
        return await paying.pay(citizen, appointment_id, data)

    @delete(
        "/{appointment_id:uuid}",
        operation_id="cancelAppointment",
        status_code=200,
        responses=problems(AppointmentUnknown, AppointmentOver, RefundChanged, ParameterWrong),
    )
    async def cancel(
        self,
        citizen: NamedDependency[Citizen],
        appointment_id: FromPath[UUID],
        refund_fen: Annotated[
            AmountFen | None, QueryParameter(ge=0, le=MOST_FEN, description="What you were shown to get back, in fen.")
        ] = None,
    ) -> AppointmentView:
        """Give a place back, or leave the line, until it begins; until the cut-off the fee comes back to the card that paid it."""
        return await booking.cancel(citizen, appointment_id, refund_fen)


class CounterController(Controller):
    """Appointments at the counter."""

    path = "/v1/officer/appointments"
    tags = ("Appointments",)

    @get(
        "/",
        operation_id="listCounterSlots",
        dependencies={"wanted": Provide(_counter, sync_to_thread=False)},
        responses=problems(CursorWrong, ParameterWrong),
    )
    async def day(
        self,
        officer: NamedDependency[Officer],
        wanted: NamedDependency[CounterFilter],
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 50,
    ) -> Page[CounterSlot]:
        """List the slots of a day at your counters, with how many come; nobody is named."""
        return await counter.day(officer, wanted, cursor, limit)

    @post(
        "/check-in",
        operation_id="checkInVisitor",
        status_code=200,
        responses=problems(AppointmentUnknown, AppointmentOver, TooEarlyToCheckIn, NoRight, *_BODY),
    )
    async def check_in(self, officer: NamedDependency[Officer], data: JSONBody[CheckIn]) -> CheckedIn:
        """Note that a visitor came, by the code that they show; it stands in their log that you saw their name."""
        return await counter.check_in(officer, data.code)
