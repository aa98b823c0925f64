"""What comes next for a child: the household registration, and the vaccinations of the national programme. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

from app.kernel.identity_numbers import Sex
from app.kernel.words import Words
from lifecycle.agenda.items import AgendaRule, Item
from lifecycle.birth.child_agenda import RULES as CHILD_RULES
from lifecycle.birth.maternity_agenda import RULES as MATERNITY_RULES
from lifecycle.birth.registration_rules import WITHIN
from lifecycle.rules.ages import Span, birthday_on
from lifecycle.rules.fact_kinds import APPOINTMENTS, BIRTH_DATE, DOSES, REGISTERED, SEX, Expected
from lifecycle.rules.immunisation import Dose, DoseStatus, schedule_by
from lifecycle.rules.looking import Looking

REGISTRATION: Final = "birth_household_registration"
IMMUNISATION: Final = "infant_immunization"
REMINDED: Final = tuple(timedelta(days=days) for days in (-7, 0, 7, *range(30, 366, 30)))
"""Days around the one from which a dose can be given: a week before, on it, a week after, and then each month for a year."""
_OPEN: Final = frozenset({DoseStatus.OVERDUE, DoseStatus.DUE, DoseStatus.FUTURE})
_SHOWN_DONE: Final = timedelta(days=365)


def registration(looking: Looking) -> Iterable[Item]:
    """The household registration of a child that has none (户口登记条例, article 7): within a month, and still possible later."""
    if looking.need(REGISTERED):
        return
    born = looking.need(BIRTH_DATE)
    due, of_age = WITHIN.after(born), birthday_on(born, looking.law.number("age.capacity_full"), looking.law)
    if looking.as_of >= of_age:
        return
    yield Item(
        code=REGISTRATION,
        matter=REGISTRATION,
        bundle="birth",
        title=Words(zh="给孩子上户口", en="Register the child in your household"),
        why=Words(
            zh=f"户口登记条例第七条：出生后一个月内申报（{due.isoformat()}前），逾期仍可办理。",
            en=f"Within a month of birth, by {due.isoformat()}; late is still possible (Household Registration Regulations, article 7).",
        ),
        opens=born,
        due=due,
        lapses=of_age,
    )


def vaccinations(looking: Looking) -> Iterable[Item]:
    """A child's doses: those that are missing, and those given in the last year. Without a record of doses none is guessed."""
    born = looking.need(BIRTH_DATE)
    grown = Span.read(looking.law.text("immunisation.catch_up_until")).after(born)
    if not born <= looking.as_of < grown:
        return
    looking.again(grown)
    given = looking.need(DOSES)
    visits = {
        code: one for one in looking.find(APPOINTMENTS) or () if one.matter == IMMUNISATION for code in one.purposes
    }
    possible = [dose for dose in given if born <= dose.on <= looking.as_of]
    plan = schedule_by(born, Sex(str(looking.find(SEX) or Sex.FEMALE)), possible, looking.law)
    for dose in plan.doses:
        if dose.status in _OPEN and dose.earliest is not None:
            looking.again(_moves_on(dose, looking.as_of))
            yield _dose(dose, visits)
        elif dose.status is DoseStatus.DONE and dose.done_on and dose.done_on > looking.as_of - _SHOWN_DONE:
            yield _dose(dose, visits)


def dose_code(dose: Dose) -> str:
    """How a booking names a dose: `hepatitis_b.2`."""
    return f"{dose.series}.{dose.number}"


def _moves_on(dose: Dose, as_of: date) -> date | None:
    """The next day on which a missing dose is planned otherwise: one that can be given is planned for today, and so each day anew."""
    return dose.earliest if dose.status is DoseStatus.FUTURE else as_of + timedelta(days=1)


def _dose(dose: Dose, visits: Mapping[str, Expected]) -> Item:
    visit = visits.get(dose_code(dose))
    opens, due = dose.done_on or dose.allowed_from, dose.complete_before
    return Item(
        code=f"{IMMUNISATION}.{dose_code(dose)}",
        matter=IMMUNISATION,
        title=Words(zh=f"接种{dose.name.zh}第{dose.number}剂", en=f"Vaccination: {dose.name.en}, dose {dose.number}"),
        why=dose.why if visit is None else visit.where,
        opens=opens,
        due=due if due is None or opens is None or opens <= due else None,
        done_on=dose.done_on,
        late=dose.status is DoseStatus.OVERDUE,
        remind=() if opens is None or dose.done_on else tuple(opens + after for after in REMINDED),
        appointment_id=None if visit is None else visit.id,
        under_way=visit is not None,
    )


RULES: Final = (
    AgendaRule("birth.registration", "birth", registration),
    AgendaRule("birth.vaccinations", "birth", vaccinations),
    *CHILD_RULES,
    *MATERNITY_RULES,
)
