"""`/v1/card`: what was spent, by month, category and merchant, and monthly statements."""

from typing import Annotated, Any, Final, TypeVar

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, QueryParameter

from app.card import queries, spending, statements
from app.card.categories import Group
from app.card.errors import (
    CardNotOpened,
    StatementBeingMade,
    StatementDoesNotAddUp,
    StatementNotReady,
    StatementUnknown,
)
from app.card.spending_structs import MONTH, By, MonthName, SpendingView, StatementMonth, Wanted, WantedMonths
from app.card.structs import TransactionView, TransferKind
from app.kernel.actors import Citizen, Scope
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import ParameterWrong, field_problem, problems
from app.kernel.structs import Code, ShortLine
from app.records.errors import PeriodReversed

T = TypeVar("T")
_READ_FOR_OTHERS: Final = {"acting_for": Scope.CARD_READ}
FirstMonth = Annotated[
    MonthName | None,
    QueryParameter(name="from", pattern=MONTH, description="The first month, `YYYY-MM`, in Asia/Shanghai."),
]
LastMonth = Annotated[
    MonthName | None,
    QueryParameter(name="to", pattern=MONTH, description="The last month, `YYYY-MM`; it is included."),
]


def _wanted(  # noqa: PLR0913, PLR0917 - one for each query parameter
    first_month: FirstMonth = None,
    last_month: LastMonth = None,
    kind: Annotated[TransferKind | None, QueryParameter(name="kind", description="Movements of a kind.")] = None,
    merchant: Annotated[
        Code | None, QueryParameter(name="merchant", max_length=64, description="A merchant's code.")
    ] = None,
    category: Annotated[
        Group | None, QueryParameter(name="category", description="What was paid for, or how money came.")
    ] = None,
    q: Annotated[
        ShortLine | None,
        QueryParameter(name="q", max_length=60, description="A part of the merchant's name, in Chinese or English."),
    ] = None,
) -> Wanted:
    """Read what is looked for; what a dependency is given isn't checked against its limits, so that is done here."""
    told: dict[str, Any] = {"first_month": first_month, "last_month": last_month, "kind": kind}
    return _converted(told | {"merchant": merchant, "category": category, "q": q}, Wanted)


def _wanted_months(
    first_month: FirstMonth = None,
    last_month: LastMonth = None,
    by: Annotated[By, QueryParameter(name="by", description="By what it is added up.")] = "month",
) -> WantedMonths:
    """Read of which months totals are wanted."""
    return _converted({"first_month": first_month, "last_month": last_month, "by": by}, WantedMonths)


def _converted(told: object, kind: type[T]) -> T:
    try:
        return msgspec.convert(told, kind)
    except msgspec.ValidationError as error:
        raise ParameterWrong(errors=(field_problem(error),)) from error


class StatementController(Controller):
    """What moved on my citizen card, month by month."""

    path = "/v1/card"
    tags = ("Card",)
    opt = {LEVEL: BY_NAME, DATA: ("money",), **_READ_FOR_OTHERS}  # noqa: RUF012 - litestar's own shape
    response_headers = {"Cache-Control": "private, no-store"}  # noqa: RUF012 - litestar's own shape

    @get(
        "/transactions",
        operation_id="listTransactions",
        dependencies={"wanted": Provide(_wanted, sync_to_thread=False)},
        responses=problems(CursorWrong, ParameterWrong, PeriodReversed),
    )
    async def transactions(
        self,
        citizen: NamedDependency[Citizen],
        wanted: NamedDependency[Wanted],
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[TransactionView]:
        """List what moved on your card, newest first; of some months, a kind, a merchant, a category, or found by a name."""
        return await queries.transactions(citizen, cursor, limit, wanted)

    @get(
        "/spending",
        operation_id="getSpending",
        dependencies={"wanted": Provide(_wanted_months, sync_to_thread=False)},
        responses=problems(CardNotOpened, ParameterWrong, PeriodReversed),
    )
    async def spending(self, citizen: NamedDependency[Citizen], wanted: NamedDependency[WantedMonths]) -> SpendingView:
        """Get totals of some months for a chart, by month, category or merchant; of the last twelve, if you name none."""
        return await spending.spending(citizen, wanted)

    @get("/statements", operation_id="listStatements", responses=problems(CardNotOpened, CursorWrong, ParameterWrong))
    async def statements(
        self, citizen: NamedDependency[Citizen], cursor: FromQuery[Cursor | None] = None, limit: FromQuery[Limit] = 20
    ) -> Page[StatementMonth]:
        """List the months that are over, newest first: what lay on your card, came and went. Each has a statement."""
        return await statements.statements(citizen, cursor, limit)

    @get(
        "/statements/{month:str}",
        operation_id="getStatement",
        opt={DATA: ("money", "identity"), **_READ_FOR_OTHERS},
        responses=problems(
            CardNotOpened,
            StatementUnknown,
            StatementNotReady,
            StatementBeingMade,
            StatementDoesNotAddUp,
            ParameterWrong,
        ),
    )
    async def statement(self, citizen: NamedDependency[Citizen], month: FromPath[str]) -> Response[bytes]:
        """Get the statement of a month (`YYYY-MM`) as a PDF that carries the city's seal and a time-stamp (PAdES B-LT).

        When it is asked for first, it is made: repeat the request after `Retry-After`. From then on it is the same file.
        """
        named = _converted({"first_month": month}, WantedMonths).first_month or ""
        return Response(
            await statements.pdf(citizen, named),
            media_type="application/pdf",
            headers={
                "Content-Disposition": f'attachment; filename="statement-{named}.pdf"',
                "X-Content-Type-Options": "nosniff",
            },
        )
