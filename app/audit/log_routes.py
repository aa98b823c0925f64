"""`/v1/log`: what anyone needs to check the sealed log."""

from typing import Annotated

from litestar import Controller, get
from litestar.params import FromQuery, QueryParameter

from app.audit import log_queries
from app.audit.errors import NoCheckpointYet, SizeNotPublished
from app.audit.log_structs import CheckpointView, ConsistencyView, LogKeyView
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import ParameterWrong, problems

_OldSize = Annotated[
    int, QueryParameter(name="from", ge=1, le=2**62, description="The smaller size, of a checkpoint that you have.")
]
_NewSize = Annotated[int, QueryParameter(name="to", ge=1, le=2**62, description="The greater size.")]


class LogController(Controller):
    """The sealed log, as anyone sees it: sizes, roots and proofs, and nothing of what it says."""

    path = "/v1/log"
    tags = ("Sealed log",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @get("/checkpoint", operation_id="getCheckpoint", responses=problems(NoCheckpointYet))
    async def checkpoint(self) -> CheckpointView:
        """Get the log's newest checkpoint."""
        return await log_queries.newest_checkpoint()

    @get("/checkpoints", operation_id="listCheckpoints", responses=problems(CursorWrong))
    async def checkpoints(
        self, cursor: FromQuery[Cursor | None] = None, limit: FromQuery[Limit] = 20
    ) -> Page[CheckpointView]:
        """List the log's checkpoints, newest first."""
        return await log_queries.list_checkpoints(cursor, limit)

    @get(
        "/consistency",
        operation_id="proveConsistency",
        responses=problems(NoCheckpointYet, SizeNotPublished, ParameterWrong),
    )
    async def consistency(self, old_size: _OldSize, new_size: _NewSize) -> ConsistencyView:
        """Prove that the log continues what it was at a smaller size, unchanged."""
        return await log_queries.consistency(old_size, new_size)

    @get("/key", operation_id="getLogKey", sync_to_thread=False)
    def key(self) -> LogKeyView:
        """Get the public key and certificate with which checkpoints are checked."""
        return log_queries.log_key()
