"""What comes next for a newborn: the household registration, and the vaccinations that fall due. `items` is pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import msgspec

from app.kernel.words import Words
from lifecycle.agenda.structs import AgendaItem, Standing
from lifecycle.birth.registration_rules import WITHIN
from lifecycle.rules.immunisation import Dose, DoseStatus, Schedule

REGISTRATION: Final = "birth_household_registration"
IMMUNISATION: Final = "infant_immunization"
LOOKS_AHEAD: Final = timedelta(days=60)
_STANDINGS: Final[dict[DoseStatus, Standing]] = {
    DoseStatus.OVERDUE: "overdue",
    DoseStatus.DUE: "due",
    DoseStatus.FUTURE: "upcoming",
}


class ChildFacts(msgspec.Struct, frozen=True):
    """What the agenda needs to know of a child."""

    id: UUID
    name: str | None
    birth_date: date
    registered: bool


class OpenCase(msgspec.Struct, frozen=True):
    """A case of the child's that isn't finished."""

    id: UUID
    matter_code: str


class Visit(msgspec.Struct, frozen=True):
    """A booked visit to the clinic: when and where, and the doses that it is for."""

    id: UUID
    where: Words
    doses: tuple[str, ...]


def dose_code(dose: Dose) -> str:
    """How a booking names a dose: `hepatitis_b.2`."""
    return f"{dose.series}.{dose.number}"


def items(
    child: ChildFacts,
    open_cases: Sequence[OpenCase],
    schedule: Schedule | None,
    as_of: date,
    visits: Sequence[Visit] = (),
) -> list[AgendaItem]:
    """Work out a child's agenda on a day; without a schedule (nothing known of doses) no vaccination is guessed."""
    found = [] if child.registered else [_registration(child, open_cases, as_of)]
    if schedule is not None:
        found.extend(_doses(child, schedule, as_of, visits))
    return found


def _registration(child: ChildFacts, open_cases: Sequence[OpenCase], as_of: date) -> AgendaItem:
    due = WITHIN.after(child.birth_date)
    case_id = next((case.id for case in open_cases if case.matter_code == REGISTRATION), None)
    late: Standing = "overdue" if as_of > due else "due"
    return AgendaItem(
        code=REGISTRATION,
        matter_code=REGISTRATION,
        subject_id=child.id,
        subject_name=child.name,
        title=Words(zh="给孩子上户口", en="Register the child in your household"),
        why=Words(
            zh=f"户口登记条例第七条：出生后一个月内申报（{due.isoformat()}前），逾期仍可办理。",
            en=f"Within a month of birth, by {due.isoformat()}; late is still possible (Household Registration Regulations, article 7).",
        ),
        standing="in_progress" if case_id else late,
        from_on=child.birth_date,
        due_on=due,
        case_id=case_id,
        appointment_id=None,
    )


def _doses(child: ChildFacts, schedule: Schedule, as_of: date, visits: Sequence[Visit]) -> Iterable[AgendaItem]:
    for dose in schedule.doses:
        standing = _STANDINGS.get(dose.status)
        if standing is not None and dose.earliest is not None and dose.earliest <= as_of + LOOKS_AHEAD:
            visit = next((one for one in visits if dose_code(dose) in one.doses), None)
            yield _dose(child, dose, standing, visit)


def _dose(child: ChildFacts, dose: Dose, standing: Standing, visit: Visit | None) -> AgendaItem:
    return AgendaItem(
        code=f"{IMMUNISATION}.{dose_code(dose)}",
        matter_code=IMMUNISATION,
        subject_id=child.id,
        subject_name=child.name,
        title=Words(zh=f"接种{dose.name.zh}第{dose.number}剂", en=f"Vaccination: {dose.name.en}, dose {dose.number}"),
        why=dose.why if visit is None else visit.where,
        standing=standing if visit is None else "in_progress",
        from_on=dose.earliest,
        due_on=dose.complete_before,
        case_id=None,
        appointment_id=None if visit is None else visit.id,
    )
