"""`/v1/card`: a citizen's card, its receipts and top-ups."""

from typing import Final
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from app.card import cards, receipts, top_ups
from app.card.errors import (
    CHANNEL_REFUSALS,
    BalanceOverLimit,
    CardCancelled,
    CardClassNotEntitled,
    CardLost,
    CardNotActive,
    CardNotOpened,
    CardOfOtherClass,
    CardStopped,
    PayerOpenidMissing,
    TopUpAmountOutOfLimits,
    TopUpUnknown,
    TransactionUnknown,
)
from app.card.states import CardStep
from app.card.structs import ORDINARY, CardView, NewCard, NewTopUp, PayerCodeView, SignedReceipt, TopUpView
from app.identity.errors import GuardianNeeded
from app.kernel.actors import NONCE_NEEDED, Citizen, Scope
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.idempotency import IdempotencyKeyMissing, IdempotencyKeyReused, Once
from app.kernel.problems import problems
from integrations.wechat_pay.port import PaymentChannel

_FOR_WARDS: Final = {"acting_for": Scope.CASES}
_READ_FOR_OTHERS: Final = {"acting_for": Scope.CARD_READ}


class CardController(Controller):
    """My citizen card."""

    path = "/v1/card"
    tags = ("Card",)
    opt = {LEVEL: BY_NAME, DATA: ("money",)}  # noqa: RUF012 - litestar's own shape
    response_headers = {"Cache-Control": "private, no-store"}  # noqa: RUF012 - litestar's own shape

    @post(
        "/",
        operation_id="openCard",
        opt=_FOR_WARDS,
        responses=problems(GuardianNeeded, CardClassNotEntitled, CardOfOtherClass),
    )
    async def open_card(
        self, citizen: NamedDependency[Citizen], once: NamedDependency[Once], data: JSONBody[NewCard] = ORDINARY
    ) -> CardView:
        """Open your or your ward's citizen card, of a class that is due; if there is one, you get it again."""
        return await once(citizen, CardView, lambda: cards.open_card(citizen, data))

    @get("/", operation_id="getCard", opt=_READ_FOR_OTHERS, responses=problems(CardNotOpened))
    async def card(self, citizen: NamedDependency[Citizen]) -> CardView:
        """Get your card and its balance."""
        return await cards.card_of(citizen)

    @post(
        "/loss",
        status_code=200,
        operation_id="reportCardLost",
        opt=_FOR_WARDS,
        responses=problems(CardNotOpened, CardCancelled),
    )
    async def report_loss(self, citizen: NamedDependency[Citizen], once: NamedDependency[Once]) -> CardView:
        """Report your card lost: from now on it doesn't pay."""
        return await once(citizen, CardView, lambda: cards.take_step(citizen, CardStep.REPORT_LOSS))

    @post(
        "/found",
        status_code=200,
        operation_id="reportCardFound",
        opt=_FOR_WARDS,
        responses=problems(CardNotOpened, CardCancelled),
    )
    async def report_found(self, citizen: NamedDependency[Citizen], once: NamedDependency[Once]) -> CardView:
        """Report your lost card found: it pays again."""
        return await once(citizen, CardView, lambda: cards.take_step(citizen, CardStep.REPORT_FOUND))

    @get(
        "/code",
        operation_id="getPayerCode",
        responses=problems(CardNotOpened, CardLost, CardNotActive, CardStopped, CardCancelled),
    )
    async def code(self, citizen: NamedDependency[Citizen]) -> PayerCodeView:
        """Get a code to show at a terminal: it pays once, within a minute."""
        return await cards.payer_code(citizen)

    @get(
        "/transactions/{transaction_id:uuid}/receipt",
        operation_id="getReceipt",
        opt=_READ_FOR_OTHERS,
        responses=problems(TransactionUnknown),
    )
    async def receipt(self, citizen: NamedDependency[Citizen], transaction_id: FromPath[UUID]) -> SignedReceipt:
        """Get the receipt of a movement, under the city's seal."""
        return await receipts.receipt_of(citizen, transaction_id)

    @post(
        "/top-ups",
        operation_id="startTopUp",
        opt={NONCE_NEEDED: True},
        responses=problems(
            CardNotOpened,
            CardCancelled,
            PayerOpenidMissing,
            TopUpAmountOutOfLimits,
            BalanceOverLimit,
            IdempotencyKeyMissing,
            IdempotencyKeyReused,
            *CHANNEL_REFUSALS,
        ),
    )
    async def start_top_up(
        self,
        citizen: NamedDependency[Citizen],
        data: JSONBody[NewTopUp],
        once: NamedDependency[Once],
        payments: NamedDependency[PaymentChannel],
    ) -> TopUpView:
        """Order a top-up, and get what your WeChat client needs to pay it."""
        return await top_ups.start_top_up(citizen, data, once, payments)

    @get("/top-ups/{top_up_id:uuid}", operation_id="getTopUp", responses=problems(TopUpUnknown))
    async def top_up(self, citizen: NamedDependency[Citizen], top_up_id: FromPath[UUID]) -> TopUpView:
        """Get one of your top-ups, how far it is, and what of it went back."""
        return await top_ups.top_up_of(citizen, top_up_id)
