"""The health party (WJW) on pregnancies: fertility registrations, handbooks, and the checks of each."""

from datetime import date, timedelta
from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.structs import PersonName, Slug
from integrations.city.births import HOSPITAL
from integrations.city.chance import percent, weighted
from integrations.city.medical import clinic
from integrations.city.orders import Ordered, of_order
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person, age_on
from integrations.city.pregnancies import Born, Pregnancy, mothers_births, pregnancy_before, pregnancy_of
from integrations.city.registers import Service, listed, of_person
from integrations.city.serials import serial_of
from integrations.city.world import City
from integrations.departments.maternity import (
    AntenatalCare,
    AntenatalCheck,
    CheckCode,
    FertilityRegistered,
    FertilityRegistration,
    FertilityRegistrations,
    Handbook,
    PostnatalVisit,
    Risk,
    State,
    VisitCode,
)

REGISTERED_SINCE: Final = date(2016, 1, 1)
"""Births are registered, no longer permitted, since the second child is free."""
HIGHER_RISK_FROM_AGE: Final = 35
_RISKS: Final[tuple[tuple[Risk, int], ...]] = (("green", 70), ("yellow", 20), ("orange", 7), ("red", 2), ("purple", 1))
_SEEN_PERCENT: Final = 96
_VISITS: Final[tuple[tuple[VisitCode, int], ...]] = (("home_visit", 7), ("day_42", 42))
_REGISTERED_WITHIN_DAYS: Final = 7


class CheckPlanned(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A check and its window in days after the last period, both included; what its report may say."""

    code: CheckCode
    from_day: int
    until_day: int
    reports: tuple[str, ...]


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every check, in the order of the weeks."""

    items: tuple[CheckPlanned, ...]


def schedule() -> tuple[CheckPlanned, ...]:
    """Give the checks of a pregnancy."""
    known: Schedule = listed("antenatal_checks", Schedule)
    return known.items


def fertility_registrations(city: City, person: Person) -> FertilityRegistrations | None:
    """Tell the registrations of a couple to either of them; who has none yet is told so."""
    if city.population.household_of(person) is None or not person.alive:
        return None
    known = [
        _registration(city, (mother, person), (place, birth), pregnancy_before(city, mother, birth.born_on))
        for mother in _mothers(city, person)
        for place, birth in enumerate(mothers_births(city, mother), 1)
        if birth.born_on >= REGISTERED_SINCE and person.id_number in {mother.id_number, birth.father}
    ]
    registrations = sorted((*known, *_expected(city, person)), key=lambda one: one.expected_on, reverse=True)
    return FertilityRegistrations(len(_own_births(city, person)), tuple(registrations))


def antenatal_care(city: City, person: Person) -> AntenatalCare | None:
    """Tell where a pregnancy is, and its checks; nothing is known of who isn't pregnant, and wasn't within a year."""
    today = clock.today()
    known = pregnancy_of(city, person, today)
    if known is None:
        return None
    until = known.born_on or today
    checks = (check_of(city, person, known, planned) for planned in schedule())
    return AntenatalCare(
        weeks=(until - known.last_period_on).days // 7,
        due_on=known.due_on,
        born_on=known.born_on,
        checks=tuple(check for check in checks if known.born_on is None or check.from_on <= known.born_on),
    )


def check_of(city: City, woman: Person, known: Pregnancy, planned: CheckPlanned) -> AntenatalCheck:
    """Tell one check as of today, or as of the birth; the first is made when the handbook is opened."""
    dice = city.population.dice("check", f"{woman.id_number}:{known.last_period_on}:{planned.code}")
    until = known.born_on or clock.today()
    first, last = (known.last_period_on + timedelta(days=days) for days in (planned.from_day, planned.until_day))
    made = first + timedelta(days=dice.randrange((last - first).days + 1))
    done_on = known.opened_on if planned.code == "first_visit" else made
    done = done_on <= until and (percent(dice, _SEEN_PERCENT) or planned.code == "first_visit")
    ended = known.born_on is not None
    state: State = "done" if done else "coming" if until < first else "due" if until <= last and not ended else "missed"
    return AntenatalCheck(
        code=planned.code,
        state=state,
        from_on=first,
        until_on=last,
        done_on=done_on if done else None,
        institution=(clinic(city.population, woman) if planned.code == "first_visit" else HOSPITAL) if done else None,
        report=dice.choice(planned.reports) if done else None,
    )


def handbook(city: City, person: Person) -> Handbook | None:
    """Tell the handbook of a pregnancy, and the visits after the birth."""
    today = clock.today()
    known = pregnancy_of(city, person, today)
    if known is None:
        return None
    dice = city.population.dice("risk", f"{person.id_number}:{known.last_period_on}")
    risk = weighted(dice, _RISKS)
    if risk == "green" and age_on(person.birth_date, known.due_on) >= HIGHER_RISK_FROM_AGE:
        risk = "yellow"
    return Handbook(
        handbook_no=f"MZ{person.division_code}{known.opened_on:%Y%m%d}{serial_of(city.population, person)}",
        centre=clinic(city.population, person),
        opened_on=known.opened_on,
        last_period_on=known.last_period_on,
        due_on=known.due_on,
        risk=risk,
        born_on=known.born_on,
        visits=tuple(_visit(known.born_on, code, days, today) for code, days in _VISITS) if known.born_on else (),
    )


def _visit(born_on: date, code: VisitCode, days: int, today: date) -> PostnatalVisit:
    planned = born_on + timedelta(days=days)
    done = planned if planned < today else None
    return PostnatalVisit(code, "done" if done else "due" if planned == today else "coming", planned, done)


def _mothers(city: City, person: Person) -> list[Person]:
    """The woman herself, or the mothers of a man's children."""
    if person.sex == "female":
        return [person]
    numbers = {child.mother for child in city.population.children(person.id_number)} | {person.spouse}
    known = [
        city.population.people[number] for number in sorted(filter(None, numbers)) if number in city.population.people
    ]
    return [woman for woman in known if city.population.household_of(woman) is not None]


def _own_births(city: City, person: Person) -> list[Born]:
    return [
        birth
        for mother in _mothers(city, person)
        for birth in mothers_births(city, mother)
        if person.id_number in {mother.id_number, birth.father}
    ]


def _expected(city: City, person: Person) -> list[FertilityRegistration]:
    """The registration of the child that a couple expects."""
    mother = person if person.sex == "female" else city.population.people.get(person.spouse or "")
    known = None if mother is None else pregnancy_of(city, mother, clock.today())
    if mother is None or known is None or known.born_on is not None:
        return []
    births = mothers_births(city, mother)
    return [_registration(city, (mother, person), (len(births) + 1, Born(known.due_on, mother.spouse or "")), known)]


def _registration(
    city: City, couple: tuple[Person, Person], child: tuple[int, Born], known: Pregnancy
) -> FertilityRegistration:
    (mother, person), (order, birth) = couple, child
    dice = city.population.dice("fertility", f"{mother.id_number}:{known.last_period_on}")
    other = birth.father if person.id_number == mother.id_number else mother.id_number
    partner = city.population.people.get(other)
    registered = known.opened_on + timedelta(days=dice.randrange(_REGISTERED_WITHIN_DAYS))
    return FertilityRegistration(
        registration_no=f"SY{mother.division_code}{registered:%Y}{serial_of(city.population, mother)}{order}",
        registered_on=registered,
        office=clinic(city.population, mother).removesuffix("社区卫生服务中心") + "便民服务中心",
        partner=partner.name if partner else None,
        order=order,
        expected_on=known.due_on,
        born_on=known.born_on,
    )


REGISTER: Final = "register_fertility"


class ToRegister(Ordered, frozen=True):
    """A pregnancy or a planned birth to register."""

    plan: Slug
    expected_on: date | None
    partner_name: PersonName | None


def register_fertility(city: City, person: Person, ordered: ToRegister) -> FertilityRegistered:
    """Register it. Refuses `no_household` whoever isn't registered in the city."""
    if city.population.household_of(person) is None:
        raise QuestionRefused("no_household")
    return FertilityRegistered(f"SY{ordered.case_number}", clock.today())


SERVICES: Final[dict[str, Service]] = {
    "fertility_registrations": of_person(fertility_registrations),
    "antenatal_care": of_person(antenatal_care),
    "maternal_handbook": of_person(handbook),
    REGISTER: of_order(REGISTER, ToRegister, register_fertility),
}
