"""Consents: read, changed, and asked for by other rooms."""

from uuid import UUID

from app.audit.acts import Act, seal_act
from app.kernel import clock
from app.kernel.actors import Citizen, System
from app.kernel.database import Row, execute, fetch_all, fetch_value, transaction
from app.kernel.ids import new_id, shard_of
from app.privacy.errors import ConsentsChanged, PurposeUnknown
from app.privacy.purposes import PURPOSES, Purpose
from app.privacy.structs import ConsentChoices, ConsentsView, ConsentView

_KEEPER = System("privacy")
_NEWEST = """
SELECT DISTINCT ON (purpose) purpose, version, given, at FROM consent
WHERE shard = $1 AND citizen_id = $2 ORDER BY purpose, version DESC
"""


async def my_consents(citizen: Citizen) -> ConsentsView:
    """Everything that the citizen can allow, and what they chose."""
    async with transaction(citizen):
        rows = await fetch_all(_NEWEST, shard_of(citizen.id), citizen.id)
    chosen = {row["purpose"]: row for row in rows}
    return ConsentsView(
        version=max((row["version"] for row in rows), default=0),
        items=[_view(purpose, chosen.get(purpose.code)) for purpose in PURPOSES.values()],
    )


async def choose(citizen: Citizen, choices: ConsentChoices, expected: int | None) -> ConsentsView:
    """Give or take back consents; what is as chosen already isn't written again.

    Refuses `PurposeUnknown`, and `ConsentsChanged` when `expected` (from `If-Match`) isn't the present version.
    """
    for choice in choices.items:
        if choice.purpose not in PURPOSES:
            raise PurposeUnknown(purpose=choice.purpose)
    async with transaction(citizen):
        await _lock(citizen)
        before = await my_consents(citizen)
        if expected is not None and expected != before.version:
            raise ConsentsChanged(version=before.version)
        wanted = {choice.purpose: choice.given for choice in choices.items}
        changes = [item.purpose for item in before.items if wanted.get(item.purpose, item.given) != item.given]
        for purpose in changes:
            await _write(citizen, purpose, before.version + 1, given=wanted[purpose])
        if changes:
            await seal_act(Act.CONSENTS_CHANGED, citizen, about=citizen.id)
        return await my_consents(citizen)


async def is_given(citizen_id: UUID, purpose: Purpose) -> bool:
    """Whether a citizen allows a purpose now; nobody who never chose does."""
    async with transaction(_KEEPER):
        given = await fetch_value(
            "SELECT given FROM consent WHERE shard = $1 AND citizen_id = $2 AND purpose = $3 ORDER BY version DESC LIMIT 1",
            *(shard_of(citizen_id), citizen_id, purpose.code),
        )
    return bool(given)


async def _lock(citizen: Citizen) -> None:
    """Let two changes at once follow each other; the unique version stays the truth."""
    await fetch_value("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", f"consents {citizen.id}")


async def _write(citizen: Citizen, purpose: str, version: int, *, given: bool) -> None:
    row_id = new_id(citizen.id)
    await execute(
        "INSERT INTO consent (id, shard, citizen_id, purpose, version, given, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        *(row_id, shard_of(row_id), citizen.id, purpose, version, given, clock.now()),
    )


def _view(purpose: Purpose, row: Row | None) -> ConsentView:
    return ConsentView(
        purpose=purpose.code,
        kind=purpose.kind,
        title=purpose.title,
        given=bool(row and row["given"]),
        at=row["at"] if row else None,
    )
