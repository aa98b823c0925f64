"""`GET /v1/me/agenda`."""

from litestar import Controller, get
from litestar.di import NamedDependency

from app.kernel.actors import Citizen
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.paging import Page
from lifecycle.agenda.agenda import upcoming
from lifecycle.agenda.structs import AgendaItem


class AgendaController(Controller):
    """What comes next."""

    path = "/v1/me/agenda"
    tags = ("Agenda",)
    opt = {LEVEL: BY_NAME, DATA: ("family", "health", "identity", "contact", "money")}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="getAgenda")
    async def agenda(self, citizen: NamedDependency[Citizen]) -> Page[AgendaItem]:
        """List what comes next for you and your wards: what is overdue first, then by day."""
        return Page(items=await upcoming(citizen), next=None)
