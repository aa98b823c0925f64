"""A terminal's first certificate, which nothing signs for yet."""

from litestar import Controller, post
from litestar.params import JSONBody

from app.identity import terminal_invitations
from app.identity.callers import HttpRequest, client_address
from app.identity.errors import TriedTooOften
from app.identity.terminal_enrolment_errors import (
    EnrolmentCodeExpired,
    EnrolmentCodeUsed,
    EnrolmentCodeWrong,
    TerminalKeyKnown,
)
from app.identity.terminal_structs import TerminalEnrolled, TerminalEnrolling
from app.kernel.problems import problems
from app.pki.errors import AuthorityRequested, CsrUnreadable, KeyNotAllowed, PossessionNotProved


class TerminalEnrolmentController(Controller):
    """Enrolling a point of sale."""

    path = "/v1/terminal/enrolments"
    tags = ("Terminals",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @post(
        "/",
        operation_id="enrolTerminal",
        responses=problems(
            *(EnrolmentCodeWrong, EnrolmentCodeExpired, EnrolmentCodeUsed, TerminalKeyKnown, TriedTooOften),
            *(CsrUnreadable, KeyNotAllowed, PossessionNotProved, AuthorityRequested),
        ),
    )
    async def enrol(self, request: HttpRequest, data: JSONBody[TerminalEnrolling]) -> TerminalEnrolled:
        """Have a terminal's own key certified, once, for the code that was handed over; the same key may ask again."""
        return await terminal_invitations.enrol(data, client_address(request))
