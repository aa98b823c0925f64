"""`/v1/card/offline-certificates`, and what terminals bring in and fetch for selling without a line."""

from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from app.card.answers import SIGNED_PROBLEMS, signed
from app.card.errors import CardCancelled, CardLost, CardNotActive, CardNotOpened, CardStopped
from app.identity.errors import DeviceUnknown
from app.kernel.actors import Citizen, Terminal
from app.kernel.assurance import BY_DEVICE, DATA, LEVEL
from app.kernel.problems import problems
from app.offline import batches, denials, issuing
from app.offline.errors import (
    OfflineBatchDisordered,
    OfflineBatchEdited,
    OfflineBatchTooLarge,
    OfflineSalesOwed,
    OfflineTerminalCloned,
)
from app.offline.structs import DenyList, JudgedBatch, OfflineBatch, OfflineCertificate


class OfflineCertificateController(Controller):
    """Paying without a line."""

    path = "/v1/card/offline-certificates"
    tags = ("Card",)
    opt = {LEVEL: BY_DEVICE, DATA: ("money",)}  # noqa: RUF012 - litestar's own shape
    response_headers = {"Cache-Control": "private, no-store"}  # noqa: RUF012 - litestar's own shape

    @post(
        "/",
        operation_id="certifyOfflineDevice",
        responses=problems(
            CardNotOpened, CardLost, CardNotActive, CardCancelled, CardStopped, DeviceUnknown, OfflineSalesOwed
        ),
    )
    async def certify(self, citizen: NamedDependency[Citizen]) -> OfflineCertificate:
        """Get this device's account certificate for a day, to make codes without a line; asking again gives the same one for half a day."""
        return await issuing.certify(citizen)


class OfflineTerminalController(Controller):
    """Points of sale that sold without a line."""

    path = "/v1/terminal"
    tags = ("Terminals",)
    exception_handlers = SIGNED_PROBLEMS

    @post(
        "/offline-batches",
        operation_id="bringInOfflineBatch",
        status_code=200,
        responses=problems(OfflineBatchEdited, OfflineTerminalCloned, OfflineBatchTooLarge, OfflineBatchDisordered),
    )
    async def bring_in(
        self, request: Request[Any, Any, Any], terminal: NamedDependency[Terminal], data: JSONBody[OfflineBatch]
    ) -> Response[JudgedBatch]:
        """Bring in what was sold without a line; each sale is judged by itself, and the same batch again changes nothing."""
        return signed(request, 200, await batches.bring_in(terminal, data))

    @get("/deny-list", operation_id="getDenyList")
    async def deny_list(
        self,
        request: Request[Any, Any, Any],
        terminal: NamedDependency[Terminal],
        since: Annotated[
            int, QueryParameter(ge=0, le=2**53, description="The version that the terminal has; 0 for none.")
        ] = 0,
    ) -> Response[DenyList]:
        """Get what doesn't pay without a line: the changes since a version, or the whole list."""
        return signed(request, 200, await denials.list_since(terminal, since))
