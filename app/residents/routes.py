"""`GET /v1/me/family`, and what departments tell of residents."""

from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency

from app.kernel.actors import Citizen
from app.kernel.errors import Unauthorized
from app.kernel.problems import BodyUnreadable, BodyWrong, problems
from app.keys.errors import SIGNATURE_REFUSALS
from app.keys.received import received
from app.residents import families, pushes
from app.residents.errors import EventTooEarly, IdNumberWrong, PersonDiffers, PushKindUnknown
from app.residents.pushes import Departments
from app.residents.structs import FamilyView, PushTaken
from integrations.exchange.errors import PushFromAnother


class FamilyController(Controller):
    """The citizen's family."""

    path = "/v1/me/family"
    tags = ("Identity",)

    @get("/", operation_id="getFamily", responses=problems(Unauthorized))
    async def family(self, citizen: NamedDependency[Citizen]) -> FamilyView:
        """List your family as the departments know it; you can act for those who are your wards."""
        return await families.family(citizen)


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
