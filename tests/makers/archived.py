"""What stands in the archive of exchanges, made without a department."""

import uuid
from uuid import UUID

import msgspec

from app.exchanges.proving import PROVER, Proved
from app.kernel import clock
from app.kernel.database import execute, transaction
from app.kernel.ids import new_id, shard_of
from integrations.exchange.archive import DatabaseArchive, Exchange, Kept, Messages
from integrations.exchange.structs import Basis, EndUser
from tests.makers.city import PORTAL, a_question


async def an_archived_question(person: UUID) -> UUID:
    """A question about somebody that was signed and never answered, and whose proof is made, with nothing in it."""
    address = "http://127.0.0.1:9/rsj/exchange/social_insurance"
    sent = a_question(address, "social_insurance", {})
    exchange_id = new_id(person)
    await DatabaseArchive().keep(
        Exchange(
            id=exchange_id,
            citizen_id=person,
            at=clock.now(),
            direction="out",
            department="RSJ",
            service="social_insurance",
            purpose="social_insurance_info",
            basis=Basis("account", str(person)),
            end_user=EndUser("citizen", str(uuid.uuid4())),
            outcome="unavailable",
            attempts=3,
            messages=Messages(Kept(f"POST {address}", sent.headers, sent.body, PORTAL.key.algorithm)),
        )
    )
    async with transaction(PROVER):
        await execute(
            "INSERT INTO exchange_evidence (id, shard, citizen_id, at, evidence) VALUES ($1, $2, $3, $4, $5)",
            *(exchange_id, shard_of(exchange_id), person, clock.now(), msgspec.json.encode(Proved())),
        )
        await execute("DELETE FROM unproved_exchange WHERE id = $1", exchange_id)
    return exchange_id
