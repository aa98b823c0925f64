"""`/v1/appointments`, and `/v1/officer/appointments` at the counter."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from app.kernel.actors import AssuranceTooLow, Citizen, NoRight, Officer, PersonNotYours
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.idempotency import Once
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, field_problem, problems
from app.kernel.structs import ShortLine, Slug
from integrations.exchange.errors import (
    DepartmentAnsweredWrongly,
    DepartmentRefused,
    DepartmentUnavailable,
    NotKnownToDepartment,
)
from lifecycle.appointments import booking, counter, purposes, reading
from lifecycle.appointments.counter import CounterFilter
from lifecycle.appointments.errors import (
    AppointmentOver,
    AppointmentUnknown,
    BookedAlready,
    BookingBlocked,
    NoSuchPurpose,
    PurposeNeeded,
    PurposeNotDue,
    PurposesNotTaken,
    SlotClosed,
    SlotFull,
    SlotHasPlaces,
    SlotUnknown,
    TooEarlyToCheckIn,
)
from lifecycle.appointments.reading import Full, Wanted
from lifecycle.appointments.structs import (
    AppointmentView,
    CheckedIn,
    CheckIn,
    CounterSlot,
    NewAppointment,
    PurposeView,
    SlotView,
)
from lifecycle.catalogue.errors import MatterUnknown

_BODY = (BodyUnreadable, BodyWrong)
_PURPOSES = (PurposeNeeded, NoSuchPurpose, PurposesNotTaken, PurposeNotDue)
_ASKING = (DepartmentUnavailable, DepartmentAnsweredWrongly, DepartmentRefused, NotKnownToDepartment)
_BOOKING = (SlotUnknown, SlotClosed, SlotFull, SlotHasPlaces, BookedAlready, BookingBlocked, PersonNotYours)


def _wanted(
    matter: Annotated[Slug, QueryParameter(name="matter", max_length=64, description="The matter's code.")],
    division: FromQuery[ShortLine | None] = None,
    venue: FromQuery[ShortLine | None] = None,
    day: FromQuery[date | None] = None,
    full: Annotated[
        Full, QueryParameter(name="full", description="Whether times without a place left are shown, too.")
    ] = "hide",
) -> Wanted:
    """Read what is looked for; what a dependency is given isn't checked against its limits, so that is done here."""
    told = {"matter": matter, "division": division, "venue": venue, "day": day, "full": full}
    try:
        return msgspec.convert(told, Wanted)
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
        dependencies={"wanted": Provide(_wanted, sync_to_thread=False)},
        responses=problems(CursorWrong, ParameterWrong, MatterUnknown),
    )
    async def slots(
        self,
        citizen: NamedDependency[Citizen],
        wanted: NamedDependency[Wanted],
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[SlotView]:
        """List the times of a matter that can be booked, the first one first."""
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

    @post(
        "/",
        operation_id="bookAppointment",
        status_code=201,
        responses=problems(*_BOOKING, *_PURPOSES, *_ASKING, AssuranceTooLow, *_BODY),
    )
    async def book(
        self, citizen: NamedDependency[Citizen], data: JSONBody[NewAppointment], once: NamedDependency[Once]
    ) -> AppointmentView:
        """Book a place for yourself or a ward; with `wait`, get in line for one that is given back."""
        judged = await purposes.judge(citizen, data)
        return await once(citizen, AppointmentView, lambda: booking.book(citizen, data, judged))

    @delete(
        "/{appointment_id:uuid}",
        operation_id="cancelAppointment",
        status_code=200,
        responses=problems(AppointmentUnknown, AppointmentOver, ParameterWrong),
    )
    async def cancel(self, citizen: NamedDependency[Citizen], appointment_id: FromPath[UUID]) -> AppointmentView:
        """Give a place back, or leave the line, until it begins."""
        return await booking.cancel(citizen, appointment_id)


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
