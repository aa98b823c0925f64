"""Makers of disputes about payments by the citizen card, and of the officers who decide them."""

from uuid import UUID

from app.disputes import desk, opening
from app.disputes.structs import DisputeFile, DisputeProposal, DisputeView, NewDispute
from app.kernel.actors import Citizen, Officer, Terminal
from tests.makers.cards import a_paid
from tests.makers.people import a_grant, an_officer

ASKED = NewDispute(reason="not_received", text="东西没有收到")
YES = DisputeProposal(accept=True, reason="商户承认未发货")
NO = DisputeProposal(accept=False, reason="商户出示了签收记录")


def a_dispute_officer(department: str = "CARD") -> Officer:
    """An officer of the card's office who may decide disputes."""
    return an_officer(a_grant(desk.RIGHT), department=department)


async def a_dispute(fen: int = 300) -> tuple[Citizen, Terminal, DisputeView]:
    """A payment at a till that its payer disputes."""
    citizen, till, payment_id = await a_paid(fen)
    return citizen, till, await opening.dispute(citizen, payment_id, ASKED)


async def proposed(dispute_id: UUID, asked: DisputeProposal = YES) -> tuple[Officer, DisputeFile]:
    """A dispute that an officer has claimed and made a proposal for."""
    officer = a_dispute_officer()
    await desk.claim(officer, dispute_id)
    return officer, await desk.propose(officer, dispute_id, asked)
