"""Makers of disputes about payments by the citizen card, and of the officers who decide them."""

from uuid import UUID

from app.disputes import desk, opening
from app.disputes.stepping import DISPUTES
from app.disputes.structs import DisputeFile, DisputeProposal, DisputeView, NewDispute
from app.kernel.actors import Citizen, Officer, Terminal
from app.kernel.database import fetch_all, transaction
from app.kernel.events import deliver_pending
from app.kernel.ids import shard_of
from app.notices import inbox
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


async def acts_about(citizen: Citizen) -> list[str]:
    """What was sealed about somebody's disputes, in order."""
    async with transaction(DISPUTES):
        rows = await fetch_all(
            "SELECT act FROM act WHERE shard = $1 AND citizen_id = $2 AND act LIKE 'dispute%' ORDER BY id",
            *(shard_of(citizen.id), citizen.id),
        )
    return [row["act"] for row in rows]


async def told(citizen: Citizen) -> list[str]:
    """The headings of what somebody was told of their disputes, in order."""
    await deliver_pending()
    notices = (await inbox.inbox(citizen, None, 50)).items
    return [one.title.en.rsplit(": ", 1)[-1] for one in reversed(notices) if ": " in one.title.en]
