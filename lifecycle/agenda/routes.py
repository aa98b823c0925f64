"""`/v1/me/agenda`."""

from uuid import UUID

from litestar import Controller, Response, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody

from app.kernel.actors import Citizen, PersonNotYours
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.idempotency import Once
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, problems
from app.kernel.structs import Code
from lifecycle.agenda import choosing, feed, reading
from lifecycle.agenda.errors import DayPast, FeedReadTooOften, FeedUnknown, ItemUnknown, TooManyOwnItems
from lifecycle.agenda.reading import Wanted
from lifecycle.agenda.structs import AgendaItem, FeedToken, FeedView, ItemChoice, NewFeedView, NewItem, PutOff, Show
from lifecycle.catalogue.structs import Slug

_CHOOSING = (ItemUnknown, PersonNotYours, BodyUnreadable, BodyWrong)


def _wanted(
    show: FromQuery[Show] = "open",
    person_id: FromQuery[UUID | None] = None,
    matter: FromQuery[Slug | None] = None,
) -> Wanted:
    """Read what is looked for."""
    return Wanted(show, person_id, matter)


class AgendaController(Controller):
    """What comes next, and what you choose about it."""

    path = "/v1/me/agenda"
    tags = ("Agenda",)
    opt = {LEVEL: BY_NAME, DATA: ("family", "health", "identity", "contact", "money")}  # noqa: RUF012 - litestar's own shape

    @get(
        "/",
        operation_id="getAgenda",
        dependencies={"wanted": Provide(_wanted, sync_to_thread=False)},
        responses=problems(CursorWrong, PersonNotYours, ParameterWrong),
    )
    async def agenda(
        self,
        citizen: NamedDependency[Citizen],
        wanted: NamedDependency[Wanted],
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 100,
    ) -> Page[AgendaItem]:
        """List what comes next for you and your wards: what is overdue first, then by day. What ended is listed the newest first."""
        return await reading.listed(citizen, wanted, cursor, limit)

    @post("/put-off", operation_id="putOffAgendaItem", status_code=200, responses=problems(*_CHOOSING, DayPast))
    async def put_off(self, citizen: NamedDependency[Citizen], data: JSONBody[PutOff]) -> AgendaItem:
        """Put an item out of sight until a day, and be reminded of nothing before; without a day it is back."""
        return await choosing.put_off(citizen, data)

    @post("/hide", operation_id="hideAgendaItem", status_code=200, responses=problems(*_CHOOSING))
    async def hide(self, citizen: NamedDependency[Citizen], data: JSONBody[ItemChoice]) -> AgendaItem:
        """Hide an item for good."""
        return await choosing.hide(citizen, data, hidden=True)

    @post("/show", operation_id="showAgendaItem", status_code=200, responses=problems(*_CHOOSING))
    async def show(self, citizen: NamedDependency[Citizen], data: JSONBody[ItemChoice]) -> AgendaItem:
        """Show a hidden item again."""
        return await choosing.hide(citizen, data, hidden=False)

    @post("/done", operation_id="finishAgendaItem", status_code=200, responses=problems(*_CHOOSING))
    async def done(self, citizen: NamedDependency[Citizen], data: JSONBody[ItemChoice]) -> AgendaItem:
        """Say that an item is done, here or elsewhere; it is off the list, and what departments know isn't changed by it."""
        return await choosing.say_done(citizen, data, done=True)

    @post("/not-done", operation_id="reopenAgendaItem", status_code=200, responses=problems(*_CHOOSING))
    async def not_done(self, citizen: NamedDependency[Citizen], data: JSONBody[ItemChoice]) -> AgendaItem:
        """Take back that an item is done."""
        return await choosing.say_done(citizen, data, done=False)

    @post(
        "/items",
        operation_id="addAgendaItem",
        responses=problems(PersonNotYours, DayPast, TooManyOwnItems, BodyUnreadable, BodyWrong),
    )
    async def add(
        self, citizen: NamedDependency[Citizen], once: NamedDependency[Once], data: JSONBody[NewItem]
    ) -> AgendaItem:
        """Add an item of your own, about yourself or a ward, and be reminded of it on a day."""
        return await once(citizen, AgendaItem, lambda: choosing.add(citizen, data))

    @delete("/items/{code:str}", operation_id="removeAgendaItem", responses=problems(ItemUnknown))
    async def remove(self, citizen: NamedDependency[Citizen], code: FromPath[Code]) -> None:
        """Take an item of your own away."""
        await choosing.remove(citizen, code)

    @get("/feed", operation_id="getAgendaFeed", responses=problems(FeedUnknown))
    async def show_feed(self, citizen: NamedDependency[Citizen]) -> FeedView:
        """Show since when calendars can read your agenda, and when one did last."""
        return await feed.show(citizen)

    @post("/feed", operation_id="makeAgendaFeed")
    async def make_feed(self, citizen: NamedDependency[Citizen]) -> NewFeedView:
        """Make a private address under which your calendar reads your agenda (iCalendar); an earlier one ends at once.

        Whoever has the address can read it: your items and your wards', with their reasons. It is shown only now.
        """
        return await feed.make(citizen)

    @delete("/feed", operation_id="revokeAgendaFeed")
    async def revoke_feed(self, citizen: NamedDependency[Citizen]) -> None:
        """End the address: whoever has it reads nothing any more."""
        await feed.revoke(citizen)


class AgendaFeedController(Controller):
    """Agendas for calendars."""

    path = feed.PATH
    tags = ("Agenda",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @get(
        "/{token:str}",
        operation_id="readAgendaFeed",
        media_type=feed.MEDIA_TYPE,
        responses=problems(FeedUnknown, FeedReadTooOften),
    )
    async def read(self, token: FromPath[FeedToken]) -> Response[bytes]:
        """Read an agenda as iCalendar (RFC 5545), by the private address that its owner gave to their calendar."""
        return Response(
            await feed.read(token), media_type=feed.MEDIA_TYPE, headers={"Cache-Control": "private, max-age=900"}
        )
