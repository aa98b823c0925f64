"""`/v1/card/pay`: paying a merchant by the code that the merchant shows."""

from typing import Final

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from app.card import scanning
from app.card.charges import CHARGE_REFUSALS
from app.card.errors import PayerFrozen
from app.card.scan_errors import (
    AmountDiffers,
    AmountMissing,
    MerchantCodeForeign,
    MerchantCodePaid,
    MerchantCodeStopped,
    MerchantCodeUnknown,
    MerchantCodeWrong,
)
from app.card.scan_structs import MerchantPaid, ScannedCode, ScannedCodeView
from app.kernel.actors import NONCE_NEEDED, AssuranceTooLow, Citizen
from app.kernel.assurance import BY_NAME, DATA, LEVEL
from app.kernel.errors import Refusal
from app.kernel.idempotency import IdempotencyKeyMissing, IdempotencyKeyReused, Once
from app.kernel.problems import problems

_READING: Final[tuple[type[Refusal], ...]] = (
    *(MerchantCodeWrong, MerchantCodeForeign, MerchantCodeUnknown, MerchantCodeStopped, MerchantCodePaid),
    AmountDiffers,
)


class ScanController(Controller):
    """Paying by a merchant's code."""

    path = "/v1/card/pay"
    tags = ("Card",)
    opt = {LEVEL: BY_NAME, DATA: ("money",)}  # noqa: RUF012 - litestar's own shape
    response_headers = {"Cache-Control": "private, no-store"}  # noqa: RUF012 - litestar's own shape

    @post("/preview", status_code=200, operation_id="previewMerchantPayment", responses=problems(*_READING))
    async def preview(self, citizen: NamedDependency[Citizen], data: JSONBody[ScannedCode]) -> ScannedCodeView:
        """See whom a scanned code pays, how much for which bill, and whether you could pay it; nothing is paid."""
        return await scanning.preview(citizen, data)

    @post(
        "/",
        operation_id="payMerchant",
        opt={NONCE_NEEDED: True},
        responses=problems(
            *_READING,
            *CHARGE_REFUSALS,
            *(AmountMissing, PayerFrozen, AssuranceTooLow),
            *(IdempotencyKeyMissing, IdempotencyKeyReused),
        ),
    )
    async def pay(
        self, citizen: NamedDependency[Citizen], data: JSONBody[ScannedCode], once: NamedDependency[Once]
    ) -> MerchantPaid:
        """Pay a merchant from your card by the code that you scanned; above a limit, on your device only (level 3)."""
        return await scanning.pay(citizen, data, once)
