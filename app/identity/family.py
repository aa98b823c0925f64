"""The citizen's family: who they are to whom, and who may act for whom."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from app.identity import delegations
from app.identity.delegation_rows import LIVE
from app.identity.delegation_structs import DelegationView
from app.identity.family_structs import AsSeen, FamilyView, RelativeView, TieView
from app.identity.powers import Standing, Window, guardians_scopes
from app.kernel import clock
from app.kernel.actors import Citizen, Scope
from app.kernel.text import masked_id_number
from app.residents.families import relatives_of
from app.residents.structs import Kin, Relation, Resident

_AS_SEEN: Final[dict[Relation, AsSeen]] = {
    "guardian_of": "ward",
    "ward_of": "guardian",
    "parent_of": "child",
    "child_of": "parent",
    "spouse_of": "spouse",
}


async def family(citizen: Citizen) -> FamilyView:
    """The citizen's family and live powers. Of those who aren't their wards only name and ties are shown."""
    powers = await delegations.of_person(citizen.id)
    received = [one for one in powers.received if one.state in LIVE]
    return FamilyView(
        items=[_view(person, ties, received) for person, ties in await relatives_of(citizen.id)],
        powers_given=[one for one in powers.given if one.state in LIVE],
        powers_received=received,
    )


def _view(person: Resident, ties: Sequence[Kin], received: Sequence[DelegationView]) -> RelativeView:
    guardianship = next((tie for tie in ties if tie.relation == "guardian_of"), None)
    scopes = _scopes(person, guardianship, received)
    is_ward = guardianship is not None
    return RelativeView(
        id=person.id,
        name=person.name,
        relations=[_AS_SEEN[tie.relation] for tie in ties],
        ties=[_tie(tie) for tie in ties],
        birth_date=person.birth_date if is_ward else None,
        sex=person.sex if is_ward else None,
        id_number_masked=masked_id_number(person.id_number) if is_ward and person.id_number else None,
        may_act_for=Scope.CASES in scopes,
        scopes=sorted(scopes),
    )


def _scopes(person: Resident, guardianship: Kin | None, received: Sequence[DelegationView]) -> frozenset[Scope]:
    """What the caller may do for somebody today; a guardian needs no power."""
    if guardianship is not None:
        return guardians_scopes(person.birth_date, clock.today(), apart=guardianship.custody is False)
    return frozenset(scope for power in received if _holds(power, person.id) for scope in power.scopes)


def _holds(power: DelegationView, giver_id: UUID) -> bool:
    in_time = Window(power.valid_from, power.valid_to).holds(clock.today())
    return power.person_id == giver_id and power.state is Standing.ACCEPTED and in_time


def _tie(kin: Kin) -> TieView:
    return TieView(
        relation=_AS_SEEN[kin.relation], source=kin.source, since=kin.since, until=kin.until, custody=kin.custody
    )
