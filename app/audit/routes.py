"""`/v1/me/access-log`: who looked at my data, and the proof of it."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from app.audit import own_proof, queries
from app.audit.errors import CheckpointUnknown, NoCheckpointYet
from app.audit.log_files import AccessProof
from app.audit.own_proof import Wanted
from app.audit.structs import AccessLogEntry
from app.kernel.actors import WHILE_FROZEN, Citizen, PersonNotYours
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import ParameterWrong, problems

_Start = Annotated[
    int, QueryParameter(name="from", ge=1, le=2**62, description="Begin with this number; `next` of the page before.")
]
_Checkpoint = Annotated[
    int | None,
    QueryParameter(
        ge=1, le=2**62, description="Prove by this checkpoint, as the first page did; the newest by default."
    ),
]


class AccessLogController(Controller):
    """Who looked at my data."""

    path = "/v1/me/access-log"
    tags = ("Access log",)
    opt = {WHILE_FROZEN: True}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="listAccessLog", responses=problems(CursorWrong))
    async def access_log(
        self, citizen: NamedDependency[Citizen], cursor: FromQuery[Cursor | None] = None, limit: FromQuery[Limit] = 20
    ) -> Page[AccessLogEntry]:
        """List who looked at your data or your wards', or acted on it, newest first."""
        return await queries.access_log(citizen, cursor, limit)

    @get(
        "/proof",
        operation_id="proveAccessLog",
        responses=problems(PersonNotYours, NoCheckpointYet, CheckpointUnknown, ParameterWrong),
    )
    async def proof(
        self,
        citizen: NamedDependency[Citizen],
        person_id: FromQuery[UUID | None] = None,
        start: _Start = 1,
        checkpoint: _Checkpoint = None,
        limit: FromQuery[Limit] = 100,
    ) -> AccessProof:
        """Get what the sealed log has about you (or a ward), with proofs that `fuhai check log` verifies offline."""
        return await own_proof.own_proof(citizen, Wanted(person_id, start, checkpoint), limit)
