"""`POST /v1/matters/{code}/query`, and `GET /v1/matters/{code}/calculate/prefill`."""

from typing import Any, Final
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from app.kernel.actors import Citizen
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.bodies import require_json
from app.kernel.errors import Refusal, TooLarge, UnsupportedMedia
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, problems
from integrations.exchange.errors import DEPARTMENT_REFUSALS
from lifecycle.catalogue.calculators import calculator_of
from lifecycle.catalogue.errors import CalculatorNotOffered, CalculatorUnknown, MatterUnknown
from lifecycle.catalogue.structs import WhichCalculator
from lifecycle.queries import prefilling, registry
from lifecycle.queries.errors import AskedTooOften, PersonUnknown, QueryUnknown
from lifecycle.queries.structs import Prefilled, QueryAnswer, QueryDescription

_REFUSALS: Final[tuple[type[Refusal], ...]] = (
    MatterUnknown,
    QueryUnknown,
    PersonUnknown,
    AskedTooOften,
    BodyUnreadable,
    BodyWrong,
    UnsupportedMedia,
    TooLarge,
)


class QueryDescriptionController(Controller):
    """What can be asked of matters."""

    path = "/v1/matters"
    tags = ("Queries",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @get(
        "/{code:str}/query/form",
        operation_id="describeMatterQuery",
        responses=problems(MatterUnknown, QueryUnknown),
        sync_to_thread=False,
    )
    def describe(self, code: FromPath[str]) -> QueryDescription:
        """Show what a matter's query asks and what it gives, so that a client can show both without knowing the matter."""
        return registry.described(code)


class QueryController(Controller):
    """What departments know about you and your wards."""

    path = "/v1/matters"
    tags = ("Queries",)
    opt = {LEVEL: BY_NAME, DATA: ("health", "identity", "family", "contact", "money")}  # noqa: RUF012 - litestar's own shape

    @post(
        "/{code:str}/query",
        operation_id="queryMatter",
        status_code=200,
        responses=problems(*_REFUSALS, *DEPARTMENT_REFUSALS),
    )
    async def query(
        self, request: Request[Any, Any, Any], citizen: NamedDependency[Citizen], code: FromPath[str]
    ) -> Response[QueryAnswer]:
        """Ask departments now; the body is the matter's own question. Each source says when its answer held."""
        registry.query_of(code)
        require_json(request.headers.get("content-type"))
        answer = await registry.ask(citizen, code, await request.body())
        return Response(answer, headers={"Cache-Control": "private, no-store"})


class PrefillController(Controller):
    """What is known already for calculators."""

    path = "/v1/matters"
    tags = ("Queries",)
    opt = {LEVEL: BY_NAME, DATA: ("health", "identity", "family", "money")}  # noqa: RUF012 - litestar's own shape

    @get(
        "/{code:str}/calculate/prefill",
        operation_id="prefillCalculation",
        responses=problems(MatterUnknown, CalculatorUnknown, CalculatorNotOffered, PersonUnknown, ParameterWrong),
    )
    async def prefill(
        self,
        citizen: NamedDependency[Citizen],
        code: FromPath[str],
        which: WhichCalculator = None,
        person_id: FromQuery[UUID | None] = None,
    ) -> Response[Prefilled]:
        """Fill a calculator's question in for you or a ward (`person_id`), as far as it is known here; no department is asked."""
        answer = await prefilling.prefilled(citizen, calculator_of(code, which), person_id)
        return Response(answer, headers={"Cache-Control": "private, no-store"})
