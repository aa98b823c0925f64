"""`/v1/me/entitlements`, and whether a matter may be had."""

from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery

from app.kernel.actors import Citizen, PersonNotYours
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import ParameterWrong, problems
from app.kernel.structs import Slug
from lifecycle.catalogue.errors import MatterUnknown
from lifecycle.entitlements import reading
from lifecycle.entitlements.reading import Wanted
from lifecycle.entitlements.structs import AnswerWanted, EligibilityView, EntitlementView

_DATA = ("family", "health", "identity", "contact", "money")


def _wanted(
    person_id: FromQuery[UUID | None] = None,
    stage: FromQuery[Slug | None] = None,
    answer: FromQuery[AnswerWanted | None] = None,
) -> Wanted:
    return Wanted(person_id, stage, answer)


class EntitlementController(Controller):
    """What you are entitled to."""

    path = "/v1/me/entitlements"
    tags = ("Entitlements",)
    opt = {LEVEL: BY_NAME, DATA: _DATA}  # noqa: RUF012 - litestar's own shape

    @get(
        "/",
        operation_id="listEntitlements",
        dependencies={"wanted": Provide(_wanted, sync_to_thread=False)},
        responses=problems(CursorWrong, PersonNotYours, ParameterWrong),
    )
    async def entitlements(
        self,
        citizen: NamedDependency[Citizen],
        wanted: NamedDependency[Wanted],
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 100,
    ) -> Page[EntitlementView]:
        """List what you or a ward are entitled to, now, from a day on, or not and why, with the facts and the law of each answer."""
        return await reading.listed(citizen, wanted, cursor, limit)


class EligibilityController(Controller):
    """Whether a matter may be had."""

    path = "/v1/matters"
    tags = ("Entitlements",)
    opt = {LEVEL: BY_NAME, DATA: _DATA}  # noqa: RUF012 - litestar's own shape

    @get(
        "/{code:str}/eligibility",
        operation_id="getEligibility",
        responses=problems(MatterUnknown, PersonNotYours, ParameterWrong),
    )
    async def eligibility(
        self, citizen: NamedDependency[Citizen], code: FromPath[str], person_id: FromQuery[UUID | None] = None
    ) -> EligibilityView:
        """Say whether you or a ward may have what a matter gives."""
        return await reading.eligibility(citizen, code, person_id)
