"""Civil affairs (MZJ) on marriages and divorces, as its register has them; the health party (WJW) on the check before one."""

from datetime import date, timedelta
from typing import Final

from app.kernel import clock
from app.kernel.calendar import CalendarUnknown, next_working_day
from integrations.city.births import HOSPITAL
from integrations.city.chance import percent
from integrations.city.civil import civil
from integrations.city.couples import SERVICES as COUPLES
from integrations.city.couples import divorced_on, registry, status
from integrations.city.people import Person
from integrations.city.population import Population
from integrations.city.registers import Service, of_person
from integrations.city.world import City
from integrations.departments.marriages import (
    ApplicationState,
    Divorce,
    DivorceApplication,
    DivorceRecord,
    Marriage,
    MarriageRecord,
    OpinionCode,
    PartChecked,
    PartCode,
    PremaritalExam,
    Standing,
)

COOLING: Final = timedelta(days=30)
"""The cooling-off period, and then the time to claim (民法典, art. 1077)."""
EXAMS_KEPT_SINCE: Final = date(2016, 1, 1)
_APPLY_PERCENT: Final = 4
_APPLY_EVERY_DAYS: Final = 300
_TOLD_DAYS: Final = 75
_EXAM_PERCENT: Final = 65
_EXAM_DAYS: Final = 60
_ADVISED_PERCENT: Final = 6
_PARTS: Final[tuple[PartCode, ...]] = ("infectious", "hereditary", "mental", "general")


def marriage(city: City, person: Person) -> MarriageRecord | None:
    """Tell a marriage; of who is too young for one nothing is on record."""
    known = status(city, person)
    if known is None:
        return None
    standing: Standing = {"30": "ended_by_death", "40": "ended_by_divorce"}.get(known.marital_code, "in_force")  # type: ignore[assignment]
    registered = known.marriage
    if registered is None:
        return MarriageRecord(known.marital_code, None)
    other = city.population.people[registered.other_id_number]
    ended_on = divorced_on(known) or other.died_on
    return MarriageRecord(
        known.marital_code,
        Marriage(
            certificate_no=registered.certificate_no,
            registered_on=registered.registered_on,
            registry=registry(registered.certificate_no),
            spouse=other.name,
            standing=standing,
            ended_on=ended_on if standing != "in_force" else None,
        ),
    )


def divorce(city: City, person: Person) -> DivorceRecord | None:
    """Tell a divorce, or an application for one that waits; for most people there is neither."""
    known = status(city, person)
    if known is None:
        return None
    parted = known.divorce
    told = None
    if parted is not None:
        told = Divorce(
            certificate_no=parted.certificate_no,
            registered_on=parted.registered_on,
            registry=registry(parted.certificate_no),
            former_spouse=city.population.people[parted.other_id_number].name,
        )
    is_drawn = (
        known.marital_code == "20" and known.marriage is not None and known.marriage.other_id_number == person.spouse
    )
    waits = application_of(city.population, person, clock.today()) if is_drawn else None
    return DivorceRecord(known.marital_code, told, waits)


def application_of(population: Population, person: Person, day: date) -> DivorceApplication | None:
    """Tell a couple's application as of a day: a few couples apply each year, and none of them goes through with it."""
    other = population.people.get(person.spouse or "")
    told = civil(population, person)
    if other is None or not other.alive or person.demo or other.demo or told is None or told.marriage is None:
        return None
    husband = person if person.sex == "male" else other
    dice = population.dice("divorce_application", husband.id_number)
    if not percent(dice, _APPLY_PERCENT):
        return None
    applied_on = day - timedelta(days=(day.toordinal() + dice.randrange(_APPLY_EVERY_DAYS)) % _APPLY_EVERY_DAYS)
    if (day - applied_on).days > _TOLD_DAYS or applied_on <= told.marriage.registered_on:
        return None
    return application(applied_on, f"{husband.division}民政局婚姻登记处", day)


def application(applied_on: date, registry: str, day: date) -> DivorceApplication:
    """Count the periods of an application: both begin on the day after, and the second never ends on a day of rest (art. 203)."""
    withdraw_until = applied_on + COOLING
    claim_until = _rolled(withdraw_until + COOLING)
    state: ApplicationState = "cooling" if day <= withdraw_until else "claimable" if day <= claim_until else "lapsed"
    return DivorceApplication(
        applied_on, registry, withdraw_until, withdraw_until + timedelta(days=1), claim_until, state
    )


def premarital_exam(city: City, person: Person) -> PremaritalExam | None:
    """Tell somebody's own check before their marriage; who had none is unknown."""
    known = civil(city.population, person)
    if known is None or known.marriage is None or known.marriage.registered_on < EXAMS_KEPT_SINCE:
        return None
    couple = known.marriage.certificate_no
    dice = city.population.dice("premarital", couple)
    if not percent(dice, _EXAM_PERCENT):
        return None
    examined_on = known.marriage.registered_on - timedelta(days=1 + dice.randrange(_EXAM_DAYS))
    advised = percent(city.population.dice("premarital_result", person.id_number), _ADVISED_PERCENT)
    opinion: OpinionCode = "measures_advised" if advised else "nothing_found"
    return PremaritalExam(
        certificate_no=f"HJ{couple[1:]}-{1 if person.sex == 'male' else 2}",
        examined_on=examined_on,
        institution=HOSPITAL,
        parts=tuple(
            PartChecked(code, "see_a_doctor" if advised and code == "hereditary" else "nothing_found")
            for code in _PARTS
        ),
        opinion=opinion,
    )


def _rolled(day: date) -> date:
    """The day, or the next working day; in years whose days off aren't known, only weekends are stepped over."""
    try:
        return next_working_day(day)
    except CalendarUnknown:
        return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)  # noqa: PLR2004


CIVIL_SERVICES: Final[dict[str, Service]] = {
    "marriage_registration": of_person(marriage),
    "divorce_registration": of_person(divorce),
    **COUPLES,
}
HEALTH_SERVICES: Final[dict[str, Service]] = {"premarital_exam": of_person(premarital_exam)}
