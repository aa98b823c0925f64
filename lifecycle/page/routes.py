"""`GET /v1/me/life`."""

from litestar import Controller, get
from litestar.di import NamedDependency

from app.kernel.actors import DATA_CLASSES, Citizen
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from lifecycle.page.page import life
from lifecycle.page.structs import LifePage


class LifeController(Controller):
    """The life page."""

    path = "/v1/me/life"
    tags = ("Life",)
    opt = {LEVEL: BY_NAME, DATA: DATA_CLASSES}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="getLife")
    async def life(self, citizen: NamedDependency[Citizen]) -> LifePage:
        """Show your life on one page: ten stages, what comes next, open cases, unread notices, card, recent record."""
        return await life(citizen)
