"""What ends with a person: sessions, devices with their certificates, and every power given and received."""

from cryptography import x509

from app.identity import sessions
from app.identity.delegations import end_all
from app.identity.sessions import IDENTITY
from app.kernel import clock
from app.kernel.database import fetch_all, transaction
from app.kernel.ids import shard_of
from app.pki.revocation import revoke
from app.residents.events import PersonDied
from app.residents.people import locked


async def on_died(event: PersonDied) -> None:
    """End everything; a subscriber. Requests are refused from the record of the death on, even before this has run."""
    person_id, now = event.subject_id, clock.now()
    async with transaction(IDENTITY):
        await locked(person_id)
        await sessions.end_all(person_id, "death")
        devices = await fetch_all(
            "UPDATE device SET removed_at = $3 WHERE shard = $1 AND citizen_id = $2 AND removed_at IS NULL RETURNING serial",
            *(shard_of(person_id), person_id, now),
        )
        for device in devices:
            await revoke(device["serial"], x509.ReasonFlags.cessation_of_operation)
        await end_all(IDENTITY, person_id, "death")
