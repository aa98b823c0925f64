"""The old-age allowance on the agenda of whoever is entitled and isn't known to draw it. `item` is pure.

Age and division are known here; Civil Affairs isn't asked for it, but what it said to an earlier query is remembered.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from app.kernel.actors import Citizen
from app.kernel.database import transaction
from app.kernel.words import Words
from app.residents.people import resident
from app.residents.structs import Resident
from integrations.departments.welfare import WELFARE_ALLOWANCES
from lifecycle.agenda.structs import AgendaItem
from lifecycle.cases import reading
from lifecycle.cases.states import OPEN, State
from lifecycle.cases.structs import CaseSummary
from lifecycle.queries import remembered
from lifecycle.queries.remembered import fact_of
from lifecycle.rules.parameters import shipped
from lifecycle.social_security import old_age_rules as rules
from lifecycle.social_security.old_age_allowance import MATTER, drawn_fen
from lifecycle.social_security.old_age_rules import Step

CODE: Final = "old_age_allowance"
FACT: Final = fact_of(WELFARE_ALLOWANCES, {})
_CASES_LOOKED_AT: Final = 100


async def agenda(citizen: Citizen, today: date) -> list[AgendaItem]:
    """The allowance of the citizen and their wards, where it is due and neither drawn nor granted yet."""
    async with transaction(citizen):
        people = [await resident(person) for person in citizen.people]
    entitled = [(person, now) for person in people if (now := _step(person, today)) is not None]
    if not entitled:
        return []
    cases = (await reading.cases(citizen, only_open=False, cursor=None, limit=_CASES_LOOKED_AT)).items
    found = [
        item(person, now, _cases_of(person.id, cases)) for person, now in entitled if not await _draws(citizen, person)
    ]
    return [one for one in found if one is not None]


def item(person: Resident, now: Step, cases: Sequence[CaseSummary]) -> AgendaItem | None:
    """What stands on the agenda of somebody entitled; nothing once it was granted."""
    if person.birth_date is None or any(case.state == State.ISSUED for case in cases):
        return None
    case_id = next((case.id for case in cases if case.state in OPEN), None)
    words = rules.note(now)
    return AgendaItem(
        code=CODE,
        matter_code=MATTER,
        subject_id=person.id,
        subject_name=person.name,
        title=Words(zh="领取高龄津贴：只需确认收款账户", en="Old-age allowance: just confirm an account"),
        why=Words(
            zh=f"老年人权益保障法第三十三条。{words.zh}已在领的不用办理。",
            en=f"{words.en} Nothing to do if it is drawn already (Law on the Rights of the Elderly, article 33).",
        ),
        standing="in_progress" if case_id else "due",
        from_on=rules.reached_on(person.birth_date, now.from_age),
        due_on=None,
        case_id=case_id,
        appointment_id=None,
    )


def _step(person: Resident, today: date) -> Step | None:
    """The step of somebody alive and registered here whom departments can find."""
    here = person.division_code is not None and rules.is_here(person.division_code)
    if person.birth_date is None or person.id_number is None or person.died_on is not None or not here:
        return None
    return rules.step(person.birth_date, shipped().reading(today))


async def _draws(citizen: Citizen, person: Resident) -> bool:
    """Whether Civil Affairs said, when it was last asked, that the allowance is drawn; not known is no."""
    said = await remembered.recall(citizen, person.id, FACT)
    return said is not None and drawn_fen(said.body) is not None


def _cases_of(person_id: UUID, cases: Sequence[CaseSummary]) -> list[CaseSummary]:
    return [case for case in cases if case.subject_id == person_id and case.matter_code == MATTER]
