"""`/v1/officer/terminals`: the card's operator gives terminals their codes, and closes them."""

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from app.card import points_of_sale
from app.card.scan_errors import MerchantUnknown
from app.identity.terminal_enrolment_errors import TerminalUnknown
from app.identity.terminal_structs import TerminalInvitation, TerminalInviting, TerminalView
from app.kernel.actors import NoRight, Officer
from app.kernel.errors import Unauthorized
from app.kernel.paging import Cursor, CursorWrong, Limit, Page
from app.kernel.problems import problems


class PointOfSaleController(Controller):
    """Terminals, for the officers who keep them."""

    path = "/v1/officer/terminals"
    tags = ("Terminal keeping",)

    @get("/", operation_id="listTerminals", responses=problems(Unauthorized, NoRight, CursorWrong))
    async def terminals(
        self, officer: NamedDependency[Officer], cursor: FromQuery[Cursor | None] = None, limit: FromQuery[Limit] = 20
    ) -> Page[TerminalView]:
        """List terminals by code: when their certificates end, and where somebody came with a used code and another key."""
        return await points_of_sale.terminals(officer, cursor, limit)

    @post("/", operation_id="inviteTerminal", responses=problems(Unauthorized, NoRight, MerchantUnknown))
    async def invite(self, officer: NamedDependency[Officer], data: JSONBody[TerminalInviting]) -> TerminalInvitation:
        """Give a terminal a one-time code, shown once; the code before is void, and what a known one has ends when it is used."""
        return await points_of_sale.invite(officer, data)

    @post(
        "/{terminal_code:str}/close",
        operation_id="closeTerminal",
        status_code=200,
        responses=problems(Unauthorized, NoRight, TerminalUnknown),
    )
    async def close(self, officer: NamedDependency[Officer], terminal_code: FromPath[str]) -> TerminalView:
        """Close a terminal: from its next request on it is out, and its certificates are revoked. Again it changes nothing."""
        return await points_of_sale.close(officer, terminal_code)
