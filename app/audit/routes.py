"""`/v1/me/access-log`: who looked at my data, and the proof of it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, QueryParameter

from app.audit import own_proof, queries
from app.audit.errors import CheckpointUnknown, NoCheckpointYet
from app.audit.log_files import AccessProof
from app.audit.own_proof import Wanted
from app.audit.structs import AccessLogEntry, AccessLogFilter
from app.kernel.actors import WHILE_FROZEN, Citizen, PersonNotYours
from app.kernel.assurance import BY_PHONE, LEVEL
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import ParameterWrong, field_problem, problems
from app.kernel.structs import Slug

_Start = Annotated[
    int, QueryParameter(name="from", ge=1, le=2**62, description="Begin with this number; `next` of the page before.")
]
_Checkpoint = Annotated[
    int | None,
    QueryParameter(
        ge=1, le=2**62, description="Prove by this checkpoint, as the first page did; the newest by default."
    ),
]


def _wanted(
    act: FromQuery[Slug | None] = None,
    person_id: FromQuery[UUID | None] = None,
    since: FromQuery[datetime | None] = None,
    sensitive: FromQuery[bool] = False,  # noqa: FBT002 - a query parameter
) -> AccessLogFilter:
    """Read the filter; what a dependency is given isn't checked against its limits, so that is done here."""
    given = {"act": act, "sensitive": sensitive, "person_id": person_id, "since": since}
    try:
        return msgspec.convert(given, AccessLogFilter)
    except msgspec.ValidationError as error:
        raise ParameterWrong(errors=(field_problem(error),)) from error


class AccessLogController(Controller):
    """Who looked at my data."""

    path = "/v1/me/access-log"
    tags = ("Access log",)
    opt = {LEVEL: BY_PHONE, WHILE_FROZEN: True}  # noqa: RUF012 - litestar's own shape

    @get(
        "/",
        operation_id="listAccessLog",
        dependencies={"wanted": Provide(_wanted, sync_to_thread=False)},
        responses=problems(CursorWrong, PersonNotYours, ParameterWrong),
    )
    async def access_log(
        self,
        citizen: NamedDependency[Citizen],
        wanted: NamedDependency[AccessLogFilter],
        cursor: FromQuery[Cursor | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[AccessLogEntry]:
        """List who looked at your data or your wards', or acted on it, newest first."""
        return await queries.access_log(citizen, cursor, limit, wanted)

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
