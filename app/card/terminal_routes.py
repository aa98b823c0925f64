"""`/v1/terminal`: what points of sale ask, each request and each answer signed."""

from typing import Any

from litestar import Controller, Request, Response, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from app.card import payments
from app.card.answers import SIGNED_PROBLEMS, signed
from app.card.errors import (
    BalanceTooLow,
    CardLost,
    PayerCodeExpired,
    PayerCodeSpent,
    PayerCodeWrong,
    PayerFrozen,
    PaymentOverLimit,
    SequenceReused,
)
from app.card.structs import SignedOn, SignedReceipt, SignOn, TerminalPayment
from app.kernel.actors import Terminal
from app.kernel.idempotency import IdempotencyKeyMissing, IdempotencyKeyReused, Once
from app.kernel.problems import problems


class TerminalController(Controller):
    """Points of sale."""

    path = "/v1/terminal"
    tags = ("Terminals",)
    exception_handlers = SIGNED_PROBLEMS

    @post("/sign-on", operation_id="signOnTerminal", status_code=200)
    async def sign_on(
        self, request: Request[Any, Any, Any], terminal: NamedDependency[Terminal], data: JSONBody[SignOn]
    ) -> Response[SignedOn]:
        """Start the terminal's day: get its parameters, the last sequence number we know, and our certificates."""
        return signed(request, 200, await payments.sign_on(terminal, data))

    @post(
        "/payments",
        operation_id="payAtTerminal",
        responses=problems(
            PayerCodeWrong,
            PayerCodeExpired,
            PayerCodeSpent,
            PaymentOverLimit,
            BalanceTooLow,
            CardLost,
            PayerFrozen,
            SequenceReused,
            IdempotencyKeyMissing,
            IdempotencyKeyReused,
        ),
    )
    async def pay(
        self,
        request: Request[Any, Any, Any],
        terminal: NamedDependency[Terminal],
        data: JSONBody[TerminalPayment],
        once: NamedDependency[Once],
    ) -> Response[SignedReceipt]:
        """Pay from the card whose code was read; repeating the request gives the first receipt again."""
        return signed(request, 201, await payments.pay(terminal, data, once))
