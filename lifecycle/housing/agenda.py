"""A home that nobody has inherited yet, on the agenda of who owns it together with who died. `item` is pure.

The register isn't asked for it, but what it said to an earlier query is remembered. There is no day by which law wants it done.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.kernel.words import Words
from app.residents.people import resident
from app.residents.structs import Resident
from integrations.departments.property_titles import CHANGEABLES, Changeable
from lifecycle.agenda.structs import AgendaItem
from lifecycle.cases import reading
from lifecycle.cases.states import OPEN, State
from lifecycle.cases.structs import CaseSummary
from lifecycle.queries import remembered
from lifecycle.queries.remembered import fact_of

CODE: Final = "home_to_inherit"
MATTER: Final = "property_change_registration"
FACT: Final = fact_of(CHANGEABLES, {})
_DONE: Final = frozenset({State.ISSUED.value, State.CLOSED.value})
_CASES_LOOKED_AT: Final = 100


async def agenda(citizen: Citizen, today: date) -> list[AgendaItem]:  # noqa: ARG001 - the same on every day
    """The homes of the citizen and their wards of which another owner died."""
    found = []
    for person_id in citizen.people:
        said = await remembered.recall(citizen, person_id, FACT)
        left = [one for one in said.body.titles if "owner_died" in one.obstacles] if said else []
        if said and left:
            async with transaction(citizen):
                person = await resident(person_id)
            found.append((person, left[0], said.asked_at))
    if not found:
        return []
    cases = (await reading.cases(citizen, only_open=False, cursor=None, limit=_CASES_LOOKED_AT)).items
    items = [item(person, home, _cases_of(person, cases, asked_at)) for person, home, asked_at in found]
    return [one for one in items if one is not None]


def item(person: Resident, home: Changeable, cases: Sequence[CaseSummary]) -> AgendaItem | None:
    """What stands on the agenda of who may inherit a home; nothing once it was done since the register was asked."""
    if person.died_on is not None or any(case.state in _DONE for case in cases):
        return None
    case_id = next((case.id for case in cases if case.state in OPEN), None)
    return AgendaItem(
        code=CODE,
        matter_code=MATTER,
        subject_id=person.id,
        subject_name=person.name,
        title=Words(
            zh=f"房屋继承：{home.address}尚有权利人已故未办继承",
            en=f"A home to inherit: an owner of {home.address} died",
        ),
        why=Words(
            zh="继承从死亡时开始，没有办理期限；但登记到继承人名下之前，不能出售、抵押（民法典第二百三十条、第二百三十二条）。",
            en="You inherit from the death on, and there is no deadline; but until the heirs are registered the home can't be sold or "
            "mortgaged (Civil Code, art. 230, 232).",
        ),
        standing="in_progress" if case_id else "due",
        from_on=None,
        due_on=None,
        case_id=case_id,
        appointment_id=None,
    )


def _cases_of(person: Resident, cases: Sequence[CaseSummary], since: datetime) -> list[CaseSummary]:
    """A person's cases of the matter that are open, or have moved since the register was asked."""
    own = [case for case in cases if case.subject_id == person.id and case.matter_code == MATTER]
    return [case for case in own if case.state in OPEN or case.changed_at > since]
