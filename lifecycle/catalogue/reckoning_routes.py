"""What anyone may have reckoned that belongs to no matter: ages, periods of the Civil Code, and identity numbers checked."""

from datetime import date
from typing import Any, Final

from litestar import Controller, Request, Response, get, post
from litestar.params import FromQuery, JSONBody
from litestar.status_codes import HTTP_200_OK

from app.kernel import clock
from app.kernel.calendar import CalendarUnknown
from app.kernel.problems import ParameterWrong, problems
from lifecycle.catalogue.ages import AgeView, Asked, MonthAge, age
from lifecycle.catalogue.check_limits import count_check
from lifecycle.catalogue.errors import BirthDateImpossible, CheckedTooOften, DaysOutOfOrder, DayTooFar
from lifecycle.catalogue.number_checks import NumberCheck, NumberQuestion, check
from lifecycle.catalogue.periods import Period, SpanText, period

_NOT_KEPT: Final = {"Cache-Control": "no-store"}


class AgeController(Controller):
    """Ages on a day."""

    path = "/v1/ages"
    tags = ("Catalogue",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @get(
        "/",
        operation_id="calculateAge",
        responses=problems(BirthDateImpossible, DaysOutOfOrder, DayTooFar, ParameterWrong),
        sync_to_thread=False,
    )
    def age(
        self,
        born_on: FromQuery[date],
        as_of: FromQuery[date | None] = None,
        months: MonthAge = None,
        own_labour: FromQuery[bool] = False,  # noqa: FBT002 - a query parameter
    ) -> AgeView:
        """Count full years and months of age on a day (today), with civil capacity, the identity card, and when `months` are reached."""
        return age(Asked(born_on=born_on, as_of=as_of or clock.today(), own_labour=own_labour, months=months))


class PeriodController(Controller):
    """Periods of the Civil Code."""

    path = "/v1/periods"
    tags = ("Catalogue",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="calculatePeriod", responses=problems(CalendarUnknown, ParameterWrong), sync_to_thread=False)
    def period(self, event_on: FromQuery[date], length: FromQuery[SpanText]) -> Period:
        """Count when days, months or years after an event are over; a last day of rest rolls on to the next working day."""
        return period(event_on, length)


class NumberCheckController(Controller):
    """Identity numbers by their own rules."""

    path = "/v1/identity-numbers/check"
    tags = ("Catalogue",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @post(
        "/",
        operation_id="checkIdentityNumber",
        status_code=HTTP_200_OK,
        responses=problems(DaysOutOfOrder, DayTooFar, CheckedTooOften),
    )
    async def check(self, request: Request[Any, Any, Any], data: JSONBody[NumberQuestion]) -> Response[NumberCheck]:
        """Check an identity number by its own rules, and complete one of 15 digits. No register is asked, and nothing is kept.

        An invalid number is an answer (`flaw`), not a refusal.
        """
        await count_check(request.client.host if request.client else "unknown")
        return Response(check(data), headers=_NOT_KEPT)
