"""`/v1/me/facts`."""

from uuid import UUID

from litestar import Controller, delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from app.kernel.actors import Citizen, PersonNotYours
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.idempotency import Once
from app.kernel.problems import BodyUnreadable, BodyWrong, ParameterWrong, problems
from app.kernel.structs import Slug
from lifecycle.cases.errors import CustodyElsewhere
from lifecycle.facts import declaring, reading
from lifecycle.facts.errors import FactImpossible, FactNotDeclarable, FactNotDeclared
from lifecycle.facts.structs import DeclaredFact, FactsView, FactView, FamilyFactsView

_DATA = ("family", "health", "identity", "contact", "money")


class FamilyFactController(Controller):
    """What is known of you and of whom you are guardian."""

    path = "/v1/me/family/facts"
    tags = ("Facts",)
    opt = {LEVEL: BY_NAME, DATA: _DATA}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="getFamilyFacts")
    async def known(self, citizen: NamedDependency[Citizen]) -> FamilyFactsView:
        """Show what is known of you and of each ward, in one answer; of nobody else in the family, however near."""
        return await reading.known_of_family(citizen)


class FactController(Controller):
    """What is known of you, and who says so."""

    path = "/v1/me/facts"
    tags = ("Facts",)
    opt = {LEVEL: BY_NAME, DATA: _DATA}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="getFacts", responses=problems(PersonNotYours, ParameterWrong))
    async def known(self, citizen: NamedDependency[Citizen], person_id: FromQuery[UUID | None] = None) -> FactsView:
        """Show what is known of you or a ward: each value with its source, its day and how sure it is; and what is missing."""
        return await reading.known(citizen, person_id)

    @put(
        "/{kind:str}",
        operation_id="declareFact",
        responses=problems(
            FactNotDeclarable, FactImpossible, PersonNotYours, CustodyElsewhere, BodyUnreadable, BodyWrong
        ),
    )
    async def declare(
        self,
        citizen: NamedDependency[Citizen],
        once: NamedDependency[Once],
        kind: FromPath[Slug],
        data: JSONBody[DeclaredFact],
    ) -> FactView:
        """Declare what no register knows; it counts less than what a register says, and can be taken back."""
        return await once(citizen, FactView, lambda: reading.declare(citizen, kind, data))

    @delete(
        "/{kind:str}",
        operation_id="takeBackFact",
        responses=problems(FactNotDeclarable, FactNotDeclared, PersonNotYours, CustodyElsewhere, ParameterWrong),
    )
    async def take_back(
        self, citizen: NamedDependency[Citizen], kind: FromPath[Slug], person_id: FromQuery[UUID | None] = None
    ) -> None:
        """Take back what you declared."""
        await declaring.take_back(citizen, person_id, kind)
