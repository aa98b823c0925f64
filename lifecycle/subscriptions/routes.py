"""`/v1/me/subscriptions`."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, delete, get, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from app.kernel.actors import AssuranceTooLow, Citizen
from app.kernel.assurance import BY_PHONE, LEVEL
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, problems
from app.notices.errors import NoAdvertisements, NotPushed, TopicUnknown
from app.privacy.errors import DecidesThemselves, NotYoursToDecide
from integrations.exchange.errors import DEPARTMENT_REFUSALS
from lifecycle.catalogue.errors import MatterUnknown, StageUnknown
from lifecycle.catalogue.structs import SearchText, Slug
from lifecycle.subscriptions import choosing, reading
from lifecycle.subscriptions.errors import AgeNotServed, NotSingle, PushTextChanged, SeparateConsentNeeded
from lifecycle.subscriptions.reading import Wanted
from lifecycle.subscriptions.structs import SubscriptionInFull, SubscriptionView, SwitchOn

_PERSON = (NotYoursToDecide, DecidesThemselves, ParameterWrong)
_SWITCHING = (PushTextChanged, SeparateConsentNeeded, NoAdvertisements, TopicUnknown, AgeNotServed, NotSingle)


def _wanted(
    person_id: FromQuery[UUID | None] = None,
    stage: FromQuery[Slug | None] = None,
    q: FromQuery[SearchText] = "",
    only_on: Annotated[bool, QueryParameter(name="on", description="Only what is on.")] = False,  # noqa: FBT002 - a query
) -> Wanted:
    """Read what is looked for."""
    return Wanted(person_id, stage, q, only_on)


class SubscriptionController(Controller):
    """Push matters: nothing is sent of one until it is switched on."""

    path = "/v1/me/subscriptions"
    tags = ("Subscriptions",)
    opt = {LEVEL: BY_PHONE}  # noqa: RUF012 - litestar's own shape

    @get(
        "/",
        operation_id="listSubscriptions",
        dependencies={"wanted": Provide(_wanted, sync_to_thread=False)},
        responses=problems(*_PERSON, StageUnknown, CursorWrong),
    )
    async def mine(
        self,
        citizen: NamedDependency[Citizen],
        wanted: NamedDependency[Wanted],
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[SubscriptionView]:
        """List what you can switch on, by stage: what would be sent, on what data, how often, by whom; and what is on.

        For a ward below 14, name them (`person_id`): you are told of what you switch on for them.
        """
        return await reading.subscriptions(citizen, wanted, cursor, limit)

    @get("/{matter:str}", operation_id="getSubscription", responses=problems(MatterUnknown, NotPushed, *_PERSON))
    async def one(
        self, citizen: NamedDependency[Citizen], matter: FromPath[str], person_id: FromQuery[UUID | None] = None
    ) -> SubscriptionInFull:
        """Show a matter that you can switch on, with everything that you ever agreed to about it."""
        return await reading.subscription(citizen, matter, person_id)

    @put(
        "/{matter:str}",
        operation_id="switchOn",
        responses=problems(
            *(MatterUnknown, NotPushed, *_PERSON, *_SWITCHING, AssuranceTooLow),
            *(*DEPARTMENT_REFUSALS, BodyUnreadable, BodyWrong),
        ),
    )
    async def switch_on(
        self,
        citizen: NamedDependency[Citizen],
        matter: FromPath[str],
        data: JSONBody[SwitchOn],
        person_id: FromQuery[UUID | None] = None,
    ) -> SubscriptionView:
        """Switch a matter on, or change what you want to hear of it. This is your consent to it, and to nothing else; a repeat changes nothing."""
        return await choosing.switch_on(citizen, matter, data, person_id)

    @delete("/{matter:str}", operation_id="switchOff", status_code=204, responses=problems(MatterUnknown, *_PERSON))
    async def switch_off(
        self, citizen: NamedDependency[Citizen], matter: FromPath[str], person_id: FromQuery[UUID | None] = None
    ) -> None:
        """Switch a matter off, at once; what you chose of it is deleted."""
        await choosing.switch_off(citizen, matter, person_id)
