"""The social security party (RSJ) on somebody's work: as employers reported it, lost, hard to find again, or begun after graduation."""

from datetime import date, timedelta
from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.structs import Code, Slug
from integrations.city import unemployment_benefit
from integrations.city.chance import percent
from integrations.city.civil import assistance_of, disability_of
from integrations.city.days import birthday, months_after, months_between, years_after
from integrations.city.employment import Employment, Unemployment, work
from integrations.city.occupations import WORK_FROM, Occupation, occupation
from integrations.city.orders import Ordered, done, of_order
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person, age_on
from integrations.city.population import REFERENCE, Population
from integrations.city.registers import Service, listed, of_person
from integrations.city.world import City
from integrations.departments.labour_records import (
    Ground,
    HardshipRecord,
    Job,
    LabourRecord,
    LabourRule,
    UnemploymentBenefitGranted,
    UnemploymentRecord,
    UnemploymentRegistered,
    WorkStatus,
)
from integrations.departments.social_security import Insurance

_STATUSES: Final[dict[Occupation, WorkStatus]] = {
    "pupil": "student",
    "student": "student",
    "employee": "employee",
    "flexible": "flexible",
    "farmer": "farmer",
    "unemployed": "unemployed",
    "homemaker": "homemaker",
    "retired": "retired",
}
_EARNING: Final = frozenset({"employee", "flexible", "farmer"})
REPORT_WITHIN_DAYS: Final = 30
"""So soon must an employer report whom it hired (社会保险法 art. 58)."""
_TERMS_YEARS: Final = (1, 2, 3, 3, 5)
_STAFFING_YEARS: Final = 3
"""A public institution's contract is for three years at the least (事业单位人事管理条例 art. 12)."""
HARDSHIP_AGES: Final = {"female": 40, "male": 50}
_ASKED_PERCENT: Final = 70
_DECIDED_WITHIN_DAYS: Final = 20


REGISTER: Final = "register_unemployment"


class ToRegister(Ordered, frozen=True):
    """Somebody to register as unemployed: of which work, and what they look for."""

    ended_on: date
    seeking: Slug
    division_code: Code


class LabourRules(msgspec.Struct, frozen=True):
    """The rules that go with a record."""

    rules: tuple[LabourRule, ...]


def labour_record(city: City, person: Person) -> LabourRecord | None:
    """Tell what was reported of somebody of sixteen or over; of children nothing is."""
    known = work(city.population, person)
    status = _STATUSES.get(known.occupation) if known else None
    if known is None or status is None or age_on(person.birth_date, REFERENCE) < WORK_FROM:
        return None
    return LabourRecord(
        status=status,
        job=_job(city.population, person, known.employment) if known.employment else None,
        insurances=tuple(
            Insurance(one.insurance_code, one.months, one.base_fen)  # type: ignore[arg-type]
            for one in known.contributions
        ),
        rules=listed("labour_rules", LabourRules).rules,
    )


def unemployment_record(city: City, person: Person) -> UnemploymentRecord | None:
    """Tell of work that ended; the register knows nobody who has work, or never had any."""
    left = left_work(city, person)
    if left is None:
        return None
    since, months = left.registered_on, left.benefit_months
    return UnemploymentRecord(
        last_employer=left.last_employer.name,
        ended_on=left.ended_on,
        reason=left.reason,
        registered_on=since,
        certificate_no=_certificate_no(person) if since else None,
        contributed_months=left.contributed_months,
        unused_months=_unused_months(city, person),
        benefit_months=months,
        benefit_fen=left.benefit_fen,
        benefit_until=months_after(since, months) if since and months else None,
    )


def hardship_record(city: City, person: Person) -> HardshipRecord | None:
    """Tell whether a registered unemployed person is recognised as having difficulty in finding work (就业促进法 art. 52)."""
    left = left_work(city, person)
    if left is None or left.registered_on is None:
        return None
    held = grounds(city.population, person, left.registered_on)
    return HardshipRecord(
        registered_on=left.registered_on,
        unemployed_months=months_between(left.registered_on, REFERENCE),
        grounds=tuple(held),
        recognised_on=_recognised_on(city.population, person, min(held.values(), default=None)),
        certificate_no=_certificate_no(person),
    )


def grounds(population: Population, person: Person, registered_on: date) -> dict[Ground, date]:
    """Give the grounds that the registers know, and since when each has held of a registered unemployed person."""
    household = population.household_of(person)
    of_age = birthday(person.birth_date, HARDSHIP_AGES[person.sex])
    a_year_on = years_after(registered_on, 1)
    held: dict[Ground, date] = {}
    if of_age <= REFERENCE:
        held["age"] = max(of_age, registered_on)
    if household is not None and not any(
        occupation(population, one) in _EARNING for one in population.members(household.household_no)
    ):
        held["no_one_works"] = registered_on
    if a_year_on <= REFERENCE:
        held["long_unemployed"] = a_year_on
    if disability_of(population, person) is not None:
        held["disabled"] = registered_on
    if household is not None and assistance_of(population, household) is not None:
        held["living_allowance"] = registered_on
    return held


def left_work(city: City, person: Person) -> Unemployment | None:
    """The work that somebody lost, with the registration that was made of it since."""
    known = work(city.population, person)
    left = known.unemployment if known else None
    made = done(city, REGISTER, person.id_number)
    if left is None:
        return None
    if left.registered_on is None and made:
        left = msgspec.structs.replace(left, registered_on=made[-1].day)
    return unemployment_benefit.with_benefit(city, person, left)


def register_unemployment(city: City, person: Person, ordered: ToRegister) -> UnemploymentRegistered:
    """Register somebody as unemployed. Refuses `in_work` and `already_registered`, and what differs from the register."""
    left = left_work(city, person)
    if left is None:
        raise QuestionRefused("in_work")
    if left.registered_on is not None:
        raise QuestionRefused("already_registered")
    if left.ended_on != ordered.ended_on:
        raise QuestionRefused("ended_on_differs")
    return UnemploymentRegistered(clock.today(), _certificate_no(person))


def grant_benefit(city: City, person: Person, ordered: unemployment_benefit.ToGrant) -> UnemploymentBenefitGranted:
    """Grant unemployment benefit; refuses as `unemployment_benefit.grant` does."""
    return unemployment_benefit.grant(city, person, left_work(city, person), _unused_months(city, person), ordered)


def _unused_months(city: City, person: Person) -> int:
    """What an earlier claim left, as long as no claim has used it."""
    known = work(city.population, person)
    left = known.unemployment if known else None
    if left is None or unemployment_benefit.granted(city, person.id_number) is not None:
        return 0
    return unemployment_benefit.unused_months(city.population, person, left)


def _recognised_on(population: Population, person: Person, since: date | None) -> date | None:
    """Draw when somebody with a ground was recognised, if they asked and it was decided by now."""
    dice = population.dice("hardship", person.id_number)
    if since is None or not percent(dice, _ASKED_PERCENT):
        return None
    day = since + timedelta(days=1 + dice.randrange(_DECIDED_WITHIN_DAYS))
    return day if day <= REFERENCE else None


def _certificate_no(person: Person) -> str:
    """Write the number of an employment certificate (就业创业证): sixteen digits, the division first."""
    return f"{person.division_code}0{person.id_number[8:17]}"


def _job(population: Population, person: Person, job: Employment) -> Job:
    dice = population.dice("labour record", person.id_number)
    reported = job.since + timedelta(days=dice.randrange(REPORT_WITHIN_DAYS + 1))
    kind, start, end = contract_of(job, dice.choice(_TERMS_YEARS))
    return Job(job.employer.name, job.employer.uscc, job.since, min(reported, REFERENCE), kind, start, end)  # type: ignore[arg-type]


def contract_of(job: Employment, years: int) -> tuple[str, date | None, date | None]:
    """Give a contract's kind and days: after two terms of so many years it is open-ended (劳动合同法 art. 14); officials have none."""
    if job.employer.kind == "organ":
        return "civil_service", None, None
    public = job.employer.kind == "institution"
    term = max(years, _STAFFING_YEARS) if public else years
    over = months_between(job.since, REFERENCE) // (12 * term)
    start = years_after(job.since, over * term)
    if start > REFERENCE:
        over, start = over - 1, years_after(job.since, (over - 1) * term)
    if over > 1 and not public:
        return "open_ended", years_after(job.since, 2 * term), None
    end = years_after(job.since, (over + 1) * term) - timedelta(days=1)
    return ("staffing" if public else "fixed_term"), start, end


SERVICES: Final[dict[str, Service]] = {
    "labour_record": of_person(labour_record),
    "unemployment_record": of_person(unemployment_record),
    "hardship_record": of_person(hardship_record),
    REGISTER: of_order(REGISTER, ToRegister, register_unemployment),
    unemployment_benefit.GRANT: of_order(unemployment_benefit.GRANT, unemployment_benefit.ToGrant, grant_benefit),
}
