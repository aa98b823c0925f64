"""What ends between people when one of them dies or leaves, and who looks after the wards then."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from app.kernel.events import tell
from app.residents.events import CustodyChanged, GuardianshipEnded, WardLeftAlone
from app.residents.families import end, guardians_of, is_minor, kin_of, let_the_rest_act
from app.residents.structs import Relation


async def end_ties(person_id: UUID, relations: Collection[Relation], *, source: str, on: date) -> list[UUID]:
    """End what somebody was to others, in the system transaction in progress; gives the wards who have lost a guardian."""
    wards = []
    for kin in await kin_of(person_id, on - timedelta(days=1)):
        if kin.relation in relations and await end(person_id, kin.relation, kin.id, source=source, on=on):
            wards += [kin.id] if kin.relation == "guardian_of" else []
    return wards


async def look_after(ward_id: UUID, guardian_id: UUID, *, source: str, on: date) -> None:
    """Tell that a ward has lost a guardian; those who are left act, and where nobody is, that is told, too."""
    if await let_the_rest_act(ward_id, source=source, on=on):
        await tell(CustodyChanged(citizen_id=ward_id, subject_id=ward_id))
    await tell(GuardianshipEnded(citizen_id=ward_id, subject_id=guardian_id))
    await tell_if_alone(ward_id)


async def tell_if_alone(ward_id: UUID) -> None:
    """Tell where no guardian is left to a minor."""
    if not await guardians_of(ward_id) and await is_minor(ward_id):
        await tell(WardLeftAlone(citizen_id=ward_id, subject_id=ward_id))
