"""`GET /v1/me/family`."""

from litestar import Controller, get
from litestar.di import NamedDependency

from app.identity import family
from app.identity.family_structs import FamilyView
from app.kernel.actors import Citizen
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.errors import Unauthorized
from app.kernel.problems import problems


class FamilyController(Controller):
    """The citizen's family."""

    path = "/v1/me/family"
    tags = ("Identity",)
    opt = {LEVEL: BY_NAME, DATA: ("family", "identity")}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="getFamily", responses=problems(Unauthorized))
    async def family(self, citizen: NamedDependency[Citizen]) -> FamilyView:
        """List your family as the departments know it, who may act for whom, and the powers that you gave and received."""
        return await family.family(citizen)
