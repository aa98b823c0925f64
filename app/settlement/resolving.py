"""Carrying a resolution out: what was held is let go to be settled, or goes back to its cards first, by reversals as any others."""

from typing import Final
from uuid import UUID

import msgspec

from app.audit.acts import Act, seal_act
from app.audit.basis import Basis
from app.card.errors import NotAPayment
from app.card.events import CardPaymentReversed
from app.card.giving_back import reversal_posting, the_payment
from app.card.ledger import post
from app.kernel.actors import Officer, Terminal
from app.kernel.database import Row, fetch_one
from app.kernel.events import tell
from app.kernel.ids import shard_of
from app.settlement.errors import ResolutionImpossible
from app.settlement.holds import held_by, release

_PAID: Final = """
SELECT t.principal, t.merchant_code, convert_from(t.receipt, 'UTF8')::jsonb ->> 'terminal_code' AS terminal_code
FROM transfer t WHERE t.shard = $1 AND t.id = $2
"""


async def carry_out(officer: Officer, discrepancy: Row) -> None:
    """Do what a proposed resolution asks for, in the system transaction in progress; refuses `ResolutionImpossible`."""
    if discrepancy["resolution"] == "give_back":
        for held in await held_by(discrepancy["id"]):
            if held["released_at"] is None:
                await _give_back(officer, held["transfer_id"], Basis("discrepancy", str(discrepancy["id"])))
    await release(discrepancy["id"])


async def _give_back(officer: Officer, payment_id: UUID, basis: Basis) -> None:
    """Reverse a payment that an officer's resolution gives back to its card; what the issuer bears came from no card."""
    row = await fetch_one(_PAID, shard_of(payment_id), payment_id)
    if row is None:
        raise ResolutionImpossible(why=NotAPayment.code, transfer_id=payment_id)
    terminal = _terminal(row)
    paid = await the_payment(terminal, payment_id)
    posting = msgspec.structs.replace(reversal_posting(terminal, paid), principal=paid["principal"])
    outcome = await post(posting)
    if not outcome.stands:
        raise ResolutionImpossible(why=outcome.code, transfer_id=payment_id)
    if outcome.is_new:
        await tell(
            CardPaymentReversed(
                citizen_id=posting.citizen_id, subject_id=posting.id, cause_id=payment_id, actor=officer.principal
            )
        )
        await seal_act(Act.PAYMENT_REVERSED, officer, about=posting.citizen_id, subject=posting.id, basis=basis)


def _terminal(row: Row) -> Terminal:
    """The terminal that took a payment, by what the payment says of it."""
    words = row["principal"].removeprefix("terminal:").split()
    return Terminal(id=UUID(words[0]), code=row["terminal_code"] or "", merchant_code=row["merchant_code"])
