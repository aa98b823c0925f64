"""`/v1/life-events`, and `/v1/me/life-events`."""

from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from app.kernel.actors import Citizen, PersonNotYours
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.idempotency import Once
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, problems
from lifecycle.cases.errors import CustodyElsewhere
from lifecycle.life_events import declaring, reading
from lifecycle.life_events.errors import (
    EventImplausible,
    EventOver,
    EventSaidOtherwise,
    EventStandsAlready,
    LifeEventNotFound,
    LifeEventUnknown,
    NotDeclarable,
    PersonHasDied,
    TooManyEvents,
)
from lifecycle.life_events.structs import LifeEventFile, LifeEventOffer, LifeEventView, NewLifeEvent, TakingBack

_BODY = (BodyUnreadable, BodyWrong, ParameterWrong)
_DECLARING = (
    *(LifeEventUnknown, PersonNotYours, CustodyElsewhere, NotDeclarable, PersonHasDied, EventImplausible),
    *(EventSaidOtherwise, EventStandsAlready, EventOver, TooManyEvents),
)
_STEPPING = (LifeEventNotFound, CustodyElsewhere, EventOver)


class LifeEventOfferController(Controller):
    """What can happen in a life, and what follows."""

    path = "/v1/life-events"
    tags = ("Life events",)

    @get("/", operation_id="listLifeEventOffers", opt={"public": True})
    async def offers(self) -> Page[LifeEventOffer]:
        """List every life event: who declares it, what is asked, and which bundles and matters follow."""
        return reading.offers()


class LifeEventController(Controller):
    """What happened in your life, or a ward's."""

    path = "/v1/me/life-events"
    tags = ("Life events",)
    opt = {LEVEL: BY_NAME, DATA: ("family", "health", "identity", "money")}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="listLifeEvents", responses=problems(CursorWrong, PersonNotYours, ParameterWrong))
    async def mine(
        self,
        citizen: NamedDependency[Citizen],
        person_id: FromQuery[UUID | None] = None,
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[LifeEventView]:
        """List your life events, or those of a ward, however they stand, the last known first."""
        return await reading.mine(citizen, person_id, cursor, limit)

    @post("/", operation_id="declareLifeEvent", responses=problems(*_DECLARING, *_BODY))
    async def declare(
        self, citizen: NamedDependency[Citizen], once: NamedDependency[Once], data: JSONBody[NewLifeEvent]
    ) -> LifeEventFile:
        """Declare that something happened to you or a ward; declaring the same again finds it."""
        return await once(citizen, LifeEventFile, lambda: declaring.declare(citizen, data))

    @get("/{event_id:uuid}", operation_id="getLifeEvent", responses=problems(LifeEventNotFound))
    async def one(self, citizen: NamedDependency[Citizen], event_id: FromPath[UUID]) -> LifeEventFile:
        """Show an event with its steps, and what followed from it."""
        return await reading.one(citizen, event_id)

    @post(
        "/{event_id:uuid}/confirm",
        operation_id="confirmLifeEvent",
        status_code=200,
        responses=problems(*_STEPPING, ParameterWrong),
    )
    async def confirm(self, citizen: NamedDependency[Citizen], event_id: FromPath[UUID]) -> LifeEventFile:
        """Say that a suggested event is so; only then anything follows from it."""
        return await declaring.confirm(citizen, event_id)

    @post(
        "/{event_id:uuid}/take-back",
        operation_id="takeLifeEventBack",
        status_code=200,
        responses=problems(*_STEPPING, *_BODY),
    )
    async def take_back(
        self,
        citizen: NamedDependency[Citizen],
        event_id: FromPath[UUID],
        data: JSONBody[TakingBack],
        withdraw_drafts: FromQuery[bool] = False,  # noqa: FBT002 - a query parameter
    ) -> LifeEventFile:
        """Take a wrong event back, or turn a suggestion down: what rested on it goes, and what is open is named.

        With `withdraw_drafts`, drafts of its bundles and matters in which nobody wrote are thrown away.
        """
        return await declaring.take_back(citizen, event_id, data.reason, withdraw_drafts=withdraw_drafts)
