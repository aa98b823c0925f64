"""`/v1/me/exchanges`: what departments were asked and told about somebody; and where they answer late."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from app.exchanges import late_answers, proofs, reading
from app.exchanges.errors import ExchangeNotProved, ExchangeUnknown
from app.exchanges.structs import AnswerTaken, ExchangeInFull, ExchangeView
from app.kernel.actors import Citizen, PersonNotYours
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, problems
from app.keys.errors import SIGNATURE_REFUSALS
from app.keys.received import received
from app.pki.proof_bundles import ZIP
from app.residents.pushes import Departments
from integrations.exchange.errors import (
    AnswerAboutAnother,
    AnswerContradicts,
    AnswerFromFuture,
    AnswerNotAwaited,
    AnswerTooLate,
    PushFromAnother,
)

_PRIVATE = {"Cache-Control": "private, no-store"}


class ExchangeController(Controller):
    """Exchanges with departments about you and your wards."""

    path = "/v1/me/exchanges"
    tags = ("Rights",)
    opt = {LEVEL: BY_NAME, DATA: ("identity", "contact", "family", "health", "money")}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="listExchanges", responses=problems(CursorWrong, PersonNotYours))
    async def listed(
        self,
        citizen: NamedDependency[Citizen],
        person_id: FromQuery[UUID | None] = None,
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[ExchangeView]:
        """List what departments were asked or told about you, or a ward: what for, on what ground, on whose behalf; newest first."""
        return await reading.listed(citizen, person_id, cursor, limit)

    @get("/{exchange_id:uuid}", operation_id="getExchange", responses=problems(ExchangeUnknown, ParameterWrong))
    async def exchange(
        self, citizen: NamedDependency[Citizen], exchange_id: FromPath[UUID]
    ) -> Response[ExchangeInFull]:
        """Show an exchange with what was asked and what was said, word for word."""
        return Response(await reading.in_full(citizen, exchange_id), headers=_PRIVATE)

    @get(
        "/{exchange_id:uuid}/proof",
        operation_id="getExchangeProof",
        media_type=ZIP,
        responses=problems(ExchangeUnknown, ExchangeNotProved, ParameterWrong),
    )
    async def proof(self, citizen: NamedDependency[Citizen], exchange_id: FromPath[UUID]) -> Response[bytes]:
        """Get a bundle (ZIP) that proves with openssl alone who asked and who said what, and when."""
        bundle = await proofs.export(citizen, exchange_id)
        headers = _PRIVATE | {"Content-Disposition": f'attachment; filename="{bundle.name}"'}
        return Response(bundle.content, media_type=ZIP, headers=headers)


class LateAnswerController(Controller):
    """Answers that departments promised, signed (RFC 9421)."""

    path = "/v1/exchange/answers"
    tags = ("Departments",)
    opt = {"public": True, "actor": "department"}  # noqa: RUF012 - litestar's own shape

    @post(
        "/",
        operation_id="pushLateAnswer",
        status_code=202,
        responses=problems(
            *SIGNATURE_REFUSALS,
            PushFromAnother,
            AnswerFromFuture,
            AnswerNotAwaited,
            AnswerTooLate,
            AnswerAboutAnother,
            AnswerContradicts,
            BodyUnreadable,
            BodyWrong,
        ),
    )
    async def take(self, request: Request[Any, Any, Any], departments: NamedDependency[Departments]) -> AnswerTaken:
        """Take in the answer to a question for which the department gave a ticket; repeating it is answered the same."""
        return await late_answers.take(await received(request), departments)
