"""The catalogue for everyone: stages, matters, search, calculators."""

from datetime import date
from typing import Any, Final, TypeVar

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.status_codes import HTTP_200_OK, HTTP_304_NOT_MODIFIED

from app.kernel.bodies import require_json
from app.kernel.calendar import CalendarUnknown
from app.kernel.errors import TooLarge, UnsupportedMedia
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, problems
from lifecycle.catalogue import calculators, published, reviewing
from lifecycle.catalogue.deadlines import Deadline, WorkingDays, deadline
from lifecycle.catalogue.errors import (
    BirthDateImpossible,
    CalculatorNotOffered,
    CalculatorUnknown,
    DaysOutOfOrder,
    DayTooFar,
    DayTooLongAgo,
    MatterUnknown,
    SituationUnknown,
    StageUnknown,
    VersionUnknown,
)
from lifecycle.catalogue.index import Filter
from lifecycle.catalogue.structs import (
    Calculation,
    CalculationDescription,
    DepartmentCode,
    EventCode,
    Kind,
    Matter,
    MatterSummary,
    SearchText,
    Situation,
    Slug,
    Stage,
    WhichCalculator,
)
from lifecycle.rules.immunisation import DoseImpossible
from lifecycle.rules.parameters import ParameterUnknown

T = TypeVar("T")
FRESH_SECONDS: Final = 300


def _wanted(
    stage: FromQuery[Slug | None] = None,
    kind: FromQuery[Kind | None] = None,
    q: FromQuery[SearchText] = "",
    department: FromQuery[DepartmentCode | None] = None,
    situation: FromQuery[EventCode | None] = None,
) -> Filter:
    return Filter(stage, kind, q, department, situation)


class StageController(Controller):
    """The ten stages of life."""

    path = "/v1/stages"
    tags = ("Catalogue",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="listStages")
    async def stages(self, request: Request[Any, Any, Any]) -> Response[Page[Stage]]:
        """List the stages of life in order."""
        return _cached(request, Page(items=list(published.catalogue().stages), next=None))

    @get("/{stage:str}", operation_id="getStage", responses=problems(StageUnknown))
    async def stage(self, request: Request[Any, Any, Any], stage: FromPath[str]) -> Response[Stage]:
        """Show one stage of life."""
        return _cached(request, published.catalogue().stage(stage))


class SituationController(Controller):
    """What happens in a life."""

    path = "/v1/situations"
    tags = ("Catalogue",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="listSituations")
    async def situations(self, request: Request[Any, Any, Any]) -> Response[Page[Situation]]:
        """List what happens in a life and brings matters up, in the order of a life."""
        return _cached(request, Page(items=list(published.catalogue().situations), next=None))


class DeadlineController(Controller):
    """Working days."""

    path = "/v1/deadlines"
    tags = ("Catalogue",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="calculateDeadline", responses=problems(CalendarUnknown, ParameterWrong))
    async def deadline(self, accepted_on: FromQuery[date], working_days: FromQuery[WorkingDays]) -> Deadline:
        """Count when an office's working days are over, with the days that don't count; of a year without a notice it may move."""
        return deadline(accepted_on, working_days)


class MatterController(Controller):
    """The matters of all stages."""

    path = "/v1/matters"
    tags = ("Catalogue",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @get(
        "/",
        operation_id="listMatters",
        dependencies={"wanted": Provide(_wanted, sync_to_thread=False)},
        responses=problems(StageUnknown, SituationUnknown, CursorWrong, ParameterWrong),
    )
    async def matters(
        self,
        request: Request[Any, Any, Any],
        wanted: NamedDependency[Filter],
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Response[Page[MatterSummary]]:
        """List matters, of one stage, kind, department or situation if given.

        `q` searches in Chinese, pinyin, initials and English, by situations as people put them, and forgives a typing error.
        """
        return _cached(request, published.catalogue().page(wanted, cursor, limit))

    @get("/{code:str}", operation_id="getMatter", responses=problems(MatterUnknown))
    async def matter(self, request: Request[Any, Any, Any], code: FromPath[str]) -> Response[Matter]:
        """Show all about one matter: who may, what is needed, what it costs, how long it takes, what comes after."""
        return _cached(request, published.matter(code))

    @get("/{code:str}/versions/{version:int}", operation_id="getMatterVersion", responses=problems(VersionUnknown))
    async def version(self, code: FromPath[str], version: FromPath[int]) -> Matter:
        """Show a version that is or was published: a case keeps the one by which it was opened."""
        return await reviewing.published_version(code, version)

    @get(
        "/{code:str}/calculate/form",
        operation_id="describeCalculation",
        responses=problems(MatterUnknown, CalculatorUnknown, CalculatorNotOffered, ParameterWrong),
        sync_to_thread=False,
    )
    def describe(self, code: FromPath[str], which: WhichCalculator = None) -> CalculationDescription:
        """Show what a matter's calculator asks and finds, and which others it has, so that a client needn't know the matter."""
        return calculators.described(code, which)

    @post(
        "/{code:str}/calculate",
        operation_id="calculateMatter",
        status_code=HTTP_200_OK,
        responses=problems(
            MatterUnknown,
            CalculatorUnknown,
            CalculatorNotOffered,
            ParameterWrong,
            BodyUnreadable,
            UnsupportedMedia,
            TooLarge,
            BodyWrong,
            ParameterUnknown,
            DayTooFar,
            DayTooLongAgo,
            DaysOutOfOrder,
            BirthDateImpossible,
            DoseImpossible,
        ),
    )
    async def calculate(
        self, request: Request[Any, Any, Any], code: FromPath[str], which: WhichCalculator = None
    ) -> Calculation:
        """Calculate; the body is the matter's own question. The answer names the parameters used, their source and date."""
        calculators.calculator_of(code, which)
        require_json(request.headers.get("content-type"))
        return calculators.calculate(code, await request.body(), which)


def _cached(request: Request[Any, Any, Any], content: T) -> Response[T]:
    """Answer with a validator (RFC 9110, 8.8): whoever has this catalogue already is told so in a few bytes."""
    tag = f'W/"{published.catalogue().digest}"'
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={FRESH_SECONDS}"}
    if tag in {one.strip() for one in request.headers.get("if-none-match", "").split(",")}:
        return Response(content=None, status_code=HTTP_304_NOT_MODIFIED, headers=headers)  # type: ignore[arg-type]
    return Response(content=content, headers=headers)
