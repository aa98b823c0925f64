"""`/v1/card/cancel` and `/v1/card/cancellation`: giving one's card up, and its balance back."""

from litestar import Controller, get, post
from litestar.di import NamedDependency

from app.card import cancelling
from app.card.cancellation_structs import CancellationView
from app.card.channel_errors import CancellationUnknown, MoneySetAside, OfflineSalesAwaited, TopUpUnderWay
from app.card.errors import CardNotOpened
from app.kernel.actors import NONCE_NEEDED, Citizen
from app.kernel.assurance import BY_DEVICE, BY_NAME, DATA, LEVEL
from app.kernel.idempotency import Once
from app.kernel.problems import problems


class CancellationController(Controller):
    """Cancelling my citizen card."""

    path = "/v1/card"
    tags = ("Card",)
    opt = {LEVEL: BY_NAME, DATA: ("money",)}  # noqa: RUF012 - litestar's own shape
    response_headers = {"Cache-Control": "private, no-store"}  # noqa: RUF012 - litestar's own shape

    @post(
        "/cancel",
        operation_id="cancelCard",
        status_code=200,
        opt={LEVEL: BY_DEVICE, NONCE_NEEDED: True},
        responses=problems(CardNotOpened, TopUpUnderWay, MoneySetAside, OfflineSalesAwaited),
    )
    async def cancel(self, citizen: NamedDependency[Citizen], once: NamedDependency[Once]) -> CancellationView:
        """Cancel your card for good: its balance goes back to the top-ups that it came by, and the rest waits at the counter."""
        return await cancelling.cancel(citizen, once)

    @get(
        "/cancellation",
        operation_id="getCardCancellation",
        responses=problems(CancellationUnknown),
    )
    async def cancellation(self, citizen: NamedDependency[Citizen]) -> CancellationView:
        """See how far your cancelled card's balance is on its way back."""
        return await cancelling.cancellation_of(citizen)
