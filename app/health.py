"""`/health/live` and `/health/ready`, for whoever operates the product."""

from litestar import Controller, get

from app.kernel.actors import System
from app.kernel.database import fetch_value, transaction
from app.kernel.errors import Unavailable
from app.kernel.problems import problems
from app.kernel.structs import View


class Health(View, frozen=True):
    """That it answers at all."""

    status: str


class HealthController(Controller):
    """Is it alive, and can it work?"""

    path = "/health"
    tags = ("Operations",)

    @get("/live", opt={"public": True}, operation_id="healthLive")
    async def live(self) -> Health:
        """Say that the process answers."""
        return Health(status="live")

    @get("/ready", opt={"public": True}, operation_id="healthReady", responses=problems(Unavailable))
    async def ready(self) -> Health:
        """Say that the database answers too."""
        try:
            async with transaction(System("health")):
                await fetch_value("SELECT 1")
        except OSError as error:
            raise Unavailable from error
        return Health(status="ready")
