"""Paying a merchant by the code that the merchant shows: what it says is looked up, and the payer's card is charged once.

A code with a bill is taken by a row that all shards share, so of two who scan one bill one pays.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from app.card import charges, merchant_codes
from app.card.charges import Charge
from app.card.errors import PayerFrozen
from app.card.limits import limit_on
from app.card.merchant_codes import IssuedCode
from app.card.receipts import SYSTEM
from app.card.scan_errors import AmountDiffers, AmountMissing
from app.card.scan_structs import MerchantPaid, Obstacle, ScannedCode, ScannedCodeView
from app.kernel import clock
from app.kernel.actors import AssuranceTooLow, Citizen, require_level
from app.kernel.assurance import BY_DEVICE
from app.kernel.database import transaction
from app.kernel.errors import Refusal
from app.kernel.idempotency import Once, StillRunning
from app.kernel.ids import new_id
from app.kernel.still_in import refuse_if_out
from app.residents.people import locked

V = TypeVar("V")
_TRIES: Final = 40
_PAUSE_SECONDS: Final = 0.1


async def preview(citizen: Citizen, asked: ScannedCode) -> ScannedCodeView:
    """Who would be paid, what for, how much, and what stands in the way just now; nothing is written.

    Refuses what `merchant_codes.find` refuses, and `AmountDiffers`.
    """
    async with transaction(SYSTEM):
        code = await merchant_codes.find(asked.code)
        amount_fen = _amount(code, asked.amount_fen)
        refusal = await _obstacle(citizen, amount_fen or 0)
    return ScannedCodeView(
        merchant_code=code.payee.code,
        merchant=code.payee.name,
        amount_fen=amount_fen,
        amount_is_fixed=code.amount_fen is not None,
        reference=code.reference,
        terminal_code=code.terminal_code,
        obstacle=_shown(refusal) if refusal else None,
    )


async def pay(citizen: Citizen, asked: ScannedCode, once: Once) -> MerchantPaid:
    """Pay by a code from the citizen's own card; repeated, it is answered as before.

    Refuses what `merchant_codes.find` refuses, `AmountDiffers`, `AmountMissing`, `PayerFrozen`, `AssuranceTooLow` above
    `scan_step_up_fen`, and what `CHARGE_REFUSALS` lists; then nothing is written.
    """
    once.required()
    return await _patiently(lambda: once(citizen, MerchantPaid, lambda: _paid(citizen, asked)))


async def _paid(citizen: Citizen, asked: ScannedCode) -> MerchantPaid:
    async with transaction(SYSTEM):
        if (await locked(citizen.hand)).frozen_at is not None:
            raise PayerFrozen
        await refuse_if_out(citizen)
        code = await merchant_codes.find(asked.code)
        amount_fen = _amount(code, asked.amount_fen)
        if amount_fen is None:
            raise AmountMissing
        if (refusal := await _obstacle(citizen, amount_fen)) is not None:
            raise refusal
        payment_id = new_id(citizen.hand)
        charge_id = await charges.charge(
            citizen, Charge(payment_id, code.payee, amount_fen, code.reference or str(payment_id))
        )
        await merchant_codes.spend(code, charge_id)
    return MerchantPaid(charge_id, code.payee.code, code.payee.name, amount_fen, code.reference)


def _amount(code: IssuedCode, told_fen: int | None) -> int | None:
    """How much is paid: what the code says, or else what its payer says; refuses (`AmountDiffers`) two that differ."""
    if code.amount_fen is None:
        return told_fen
    if told_fen not in {None, code.amount_fen}:
        raise AmountDiffers(amount_fen=code.amount_fen)
    return code.amount_fen


async def _obstacle(citizen: Citizen, amount_fen: int) -> Refusal | None:
    """What keeps the citizen from paying an amount just now; too low a level last, since only it is worth a step up."""
    if (refusal := await charges.obstacle(citizen, amount_fen)) is not None:
        return refusal
    if amount_fen > limit_on(clock.today(), "scan_step_up_fen"):
        try:
            require_level(citizen, BY_DEVICE)
        except AssuranceTooLow as too_low:
            return too_low
    return None


def _shown(refusal: Refusal) -> Obstacle:
    level = refusal.facts.get("required_level")
    return Obstacle(refusal.code, refusal.title, level if isinstance(level, int) else None)


async def _patiently(work: Callable[[], Awaitable[V]]) -> V:
    """Do something again while the same request runs elsewhere: a second tap is answered with the first one's payment.

    It waits some two seconds at most, and holds no connection meanwhile.
    """
    for _ in range(_TRIES):
        try:
            return await work()
        except StillRunning:
            await asyncio.sleep(random.uniform(0, _PAUSE_SECONDS))  # noqa: S311 - spreads out, nothing secret
    return await work()
