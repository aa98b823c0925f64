"""`/v1/terminal`: what points of sale ask, each request and each answer signed."""

from typing import Any, Final, cast
from uuid import UUID

from litestar import Controller, Request, Response, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from app.card import payments, refunds, reversals
from app.card.answers import SIGNED_PROBLEMS, signed
from app.card.direct import directly
from app.card.errors import (
    BalanceTooLow,
    CardCancelled,
    CardLost,
    CardNotActive,
    CardReplaced,
    CardStopped,
    DayLimitReached,
    MonthLimitReached,
    NewDevicePaymentOverLimit,
    NotAPayment,
    PayerCodeExpired,
    PayerCodeSpent,
    PayerCodeWrong,
    PayerFrozen,
    PayerGone,
    PaymentOverLimit,
    PaymentRefunded,
    PaymentReversed,
    PaymentUnknown,
    RefundOverPayment,
    RefundTooLate,
    ReversalDiffers,
    ReversalTooLate,
    SequenceReused,
)
from app.card.receipts import written_shown
from app.card.structs import SignedReceipt
from app.card.terminal_structs import (
    KnownReversal,
    Reversed,
    SignedOn,
    SignOn,
    TerminalCertificate,
    TerminalPayment,
    TerminalRefund,
    TerminalRenewal,
    TerminalReversal,
)
from app.identity import terminal_keys
from app.identity.errors import KeyNotNew, TerminalRenewed
from app.identity.terminal_enrolment_errors import TerminalKeyKnown
from app.identity.terminal_keys import Certified
from app.kernel.actors import Terminal
from app.kernel.idempotency import IdempotencyKeyMissing, IdempotencyKeyReused, Once, provide_once
from app.kernel.problems import problems
from app.kernel.together import TooManyWaiting
from app.keys.request_signatures import claimed_keyid
from app.pki.errors import AuthorityRequested, CsrUnreadable, KeyNotAllowed, PossessionNotProved


async def _once(request: Request[Any, Any, Any], terminal: NamedDependency[Terminal]) -> Once:  # noqa: ARG001 - it orders them
    """This request, as one that may be repeated; asked for after `terminal`: two at the same time cost a group of tasks."""
    return await provide_once(request)


_AFTER_THE_TERMINAL: Final = {"once": Provide(_once)}


class TerminalController(Controller):
    """Points of sale."""

    path = "/v1/terminal"
    tags = ("Terminals",)
    exception_handlers = SIGNED_PROBLEMS
    dependencies = _AFTER_THE_TERMINAL

    @post("/sign-on", operation_id="signOnTerminal", status_code=200)
    async def sign_on(
        self, request: Request[Any, Any, Any], terminal: NamedDependency[Terminal], data: JSONBody[SignOn]
    ) -> Response[SignedOn]:
        """Start the terminal's day: get its parameters, the last sequence number we know, and our certificates."""
        ends_at = await terminal_keys.ends_at(claimed_keyid(request.headers))
        return signed(request, 200, await payments.sign_on(terminal, data, ends_at))

    @post(
        "/certificate",
        operation_id="renewTerminalCertificate",
        responses=problems(
            CsrUnreadable,
            KeyNotAllowed,
            PossessionNotProved,
            AuthorityRequested,
            KeyNotNew,
            TerminalKeyKnown,
            TerminalRenewed,
            IdempotencyKeyReused,
        ),
    )
    async def renew(
        self,
        request: Request[Any, Any, Any],
        terminal: NamedDependency[Terminal],
        data: JSONBody[TerminalRenewal],
        once: NamedDependency[Once],
    ) -> Response[TerminalCertificate]:
        """Have the terminal's next key certified, by a request that its present key signs; both hold until that one ends."""
        keyid = claimed_keyid(request.headers)
        renewed = await once(terminal, Certified, lambda: terminal_keys.renew(terminal, keyid, data.csr))
        return signed(request, 201, TerminalCertificate(renewed.keyid, renewed.certificate, renewed.serial))

    @post(
        "/payments",
        operation_id="payAtTerminal",
        middleware=[directly],
        responses=problems(
            PayerCodeWrong,
            PayerCodeExpired,
            PayerCodeSpent,
            PaymentOverLimit,
            BalanceTooLow,
            CardLost,
            NewDevicePaymentOverLimit,
            PayerFrozen,
            CardCancelled,
            CardStopped,
            CardNotActive,
            CardReplaced,
            DayLimitReached,
            MonthLimitReached,
            PaymentReversed,
            SequenceReused,
            IdempotencyKeyMissing,
            IdempotencyKeyReused,
            TooManyWaiting,
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
        return signed(request, 201, cast("SignedReceipt", written_shown(await payments.take(terminal, data, once))))

    @post(
        "/reversals",
        operation_id="reverseUnansweredPayment",
        status_code=200,
        responses=problems(
            PayerCodeWrong, ReversalDiffers, ReversalTooLate, PaymentRefunded, NotAPayment, PaymentUnknown, PayerGone
        ),
    )
    async def reverse_unanswered(
        self, request: Request[Any, Any, Any], terminal: NamedDependency[Terminal], data: JSONBody[TerminalReversal]
    ) -> Response[Reversed]:
        """Undo a payment that got no answer, before or after it comes; repeating it changes nothing, under whatever key."""
        return signed(request, 200, await reversals.reverse_unanswered(terminal, data))

    @post(
        "/payments/{payment_id:uuid}/reverse",
        operation_id="reversePayment",
        status_code=200,
        responses=problems(PaymentUnknown, NotAPayment, ReversalTooLate, PaymentRefunded, PayerGone),
    )
    async def reverse(
        self,
        request: Request[Any, Any, Any],
        terminal: NamedDependency[Terminal],
        payment_id: FromPath[UUID],
        data: JSONBody[KnownReversal],
    ) -> Response[Reversed]:
        """Undo a payment whose receipt the terminal has; repeating it changes nothing, under whatever key."""
        return signed(request, 200, await reversals.reverse(terminal, payment_id, data))

    @post(
        "/refunds",
        operation_id="refundPayment",
        responses=problems(
            PaymentUnknown,
            NotAPayment,
            RefundOverPayment,
            RefundTooLate,
            PaymentReversed,
            PayerGone,
            SequenceReused,
            IdempotencyKeyMissing,
            IdempotencyKeyReused,
        ),
    )
    async def refund(
        self,
        request: Request[Any, Any, Any],
        terminal: NamedDependency[Terminal],
        data: JSONBody[TerminalRefund],
        once: NamedDependency[Once],
    ) -> Response[SignedReceipt]:
        """Give some or all of a payment at this merchant back to the card; repeating the request gives the first receipt again."""
        return signed(request, 201, await refunds.refund(terminal, data, once))
