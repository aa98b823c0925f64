"""What departments tell of residents."""

from typing import Any

from litestar import Controller, Request, post
from litestar.di import NamedDependency

from app.kernel.problems import BodyUnreadable, BodyWrong, problems
from app.keys.errors import SIGNATURE_REFUSALS
from app.keys.received import received
from app.residents import pushes
from app.residents.errors import EventTooEarly, IdNumberWrong, PersonDiffers, PushKindUnknown
from app.residents.pushes import Departments
from app.residents.structs import PushTaken
from integrations.exchange.errors import PushFromAnother


class DepartmentEventController(Controller):
    """Events that departments push, signed (RFC 9421)."""

    path = "/v1/exchange/events"
    tags = ("Departments",)
    opt = {"public": True, "actor": "department"}  # noqa: RUF012 - litestar's own shape

    @post(
        "/",
        operation_id="pushDepartmentEvent",
        status_code=202,
        responses=problems(
            *SIGNATURE_REFUSALS,
            PushFromAnother,
            PushKindUnknown,
            BodyUnreadable,
            BodyWrong,
            IdNumberWrong,
            EventTooEarly,
            PersonDiffers,
        ),
    )
    async def take(self, request: Request[Any, Any, Any], departments: NamedDependency[Departments]) -> PushTaken:
        """Take in an event; repeating it is answered the same."""
        return await pushes.take_push(await received(request), departments)
