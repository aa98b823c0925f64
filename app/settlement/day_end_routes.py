"""`POST /v1/terminal/day-end`: a terminal closes its business day, signed both ways."""

from typing import Any

from litestar import Controller, Request, Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from app.card.answers import SIGNED_PROBLEMS, signed
from app.kernel.actors import Terminal
from app.kernel.problems import problems
from app.settlement import day_ends
from app.settlement.day_end_structs import DayEnd, DayEndAnswer
from app.settlement.errors import AttemptOutOfOrder, DayEndDiffers, DayNotBegun, DaySettled, DayTooOld


class DayEndController(Controller):
    """The end of a terminal's day."""

    path = "/v1/terminal"
    tags = ("Terminals",)
    exception_handlers = SIGNED_PROBLEMS

    @post(
        "/day-end",
        operation_id="closeTerminalDay",
        status_code=200,
        responses=problems(DayNotBegun, DayTooOld, DaySettled, DayEndDiffers, AttemptOutOfOrder),
    )
    async def close_day(
        self, request: Request[Any, Any, Any], terminal: NamedDependency[Terminal], data: JSONBody[DayEnd]
    ) -> Response[DayEndAnswer]:
        """Tell the totals of a business day, and learn whether the ledger agrees; repeating it gives the first answer again.

        Where it differs, upload or reverse what is missing, and close the day again with the next attempt, until it is settled.
        """
        return signed(request, 200, await day_ends.close_day(terminal, data))
