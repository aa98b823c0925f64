"""What this room tells of a person when they ask for their data, and what it erases when they leave."""

from typing import Final
from uuid import UUID

import msgspec

from app.kernel import clock
from app.kernel.database import execute, fetch_value, transaction
from app.kernel.ids import shard_of
from app.kernel.words import Words
from app.residents.endings import end_ties, look_after
from app.residents.families import guardians_of, kin_of, wards_of
from app.residents.people import RESIDENTS, locked, resident
from app.residents.structs import Relation

LEFT: Final = "erasure:begun"
_GUARDIANSHIP: Final[frozenset[Relation]] = frozenset({"guardian_of", "ward_of"})
TABLES = ("resident", "identifier", "kinship")


class ResidentExporter:
    """Exports who somebody is, and to whom they are related."""

    tables = TABLES

    async def export(self, citizen_id: UUID) -> dict[str, list[dict[str, object]]]:
        """The resident with their numbers opened, and their kin; the identifiers are these numbers."""
        async with transaction(RESIDENTS):
            known, kin = await resident(citizen_id), await kin_of(citizen_id)
        return {
            "resident": [msgspec.structs.asdict(known)],
            "identifier": [],
            "kinship": [msgspec.structs.asdict(one) for one in kin],
        }


class ResidentEraser:
    """Erases who somebody is. The bare row stays, since other people's rows name its id."""

    tables = TABLES

    async def erase(self, citizen_id: UUID) -> int:
        """Blank the resident and forget their numbers; kinship is the other side's too and names nobody. Harmless when repeated."""
        async with transaction(RESIDENTS):
            forgotten = await execute("DELETE FROM identifier WHERE citizen_id = $1", citizen_id)
            blanked = await execute(
                "UPDATE resident SET name = NULL, birth_date = NULL, sex = NULL, division_code = NULL, real_name_at = NULL, "
                "id_number = NULL, phone = NULL, birth_certificate_no = NULL, document_type = NULL, document_number = NULL "
                "WHERE shard = $1 AND id = $2 AND known_since IS NOT NULL AND (name IS NOT NULL OR phone IS NOT NULL "
                "OR id_number IS NOT NULL OR birth_certificate_no IS NOT NULL OR document_number IS NOT NULL)",
                *(shard_of(citizen_id), citizen_id),
            )
        return forgotten + blanked


class Frozen:
    """Nobody is erased while their identity is frozen: whoever ordered it may have been the thief."""

    code = "identity_frozen"
    title = Words(
        zh="您的身份已冻结，请先解冻，再申请删除。",
        en="Your identity is frozen; please unfreeze it first, and order the erasure then.",
    )

    async def count(self, citizen_id: UUID) -> int:
        """One, if they are frozen."""
        frozen_at = await fetch_value(
            "SELECT frozen_at FROM resident WHERE shard = $1 AND id = $2 FOR UPDATE", shard_of(citizen_id), citizen_id
        )
        return int(frozen_at is not None)


class OnlyGuardian:
    """Nobody is erased while a child has no other guardian: somebody must be able to act for it."""

    code = "only_guardian"
    title = Words(
        zh="您是未成年人在本平台的唯一监护人，请先变更监护关系。",
        en="A child has no other guardian here; please have the guardianship changed first.",
    )

    async def count(self, citizen_id: UUID) -> int:
        """Wards of whom this is the only guardian. Their rows are locked, so that of two guardians one is the last."""
        wards = sorted(await wards_of(citizen_id))
        for ward in wards:
            await locked(ward)
        return sum([await guardians_of(ward) == (citizen_id,) for ward in wards])


async def leave(resident_id: UUID) -> None:
    """End the guardianships, of both sides, of somebody whose erasure begins; in the system transaction in progress."""
    today = clock.today()
    for ward_id in await end_ties(resident_id, _GUARDIANSHIP, source=LEFT, on=today):
        await look_after(ward_id, resident_id, source=LEFT, on=today)
