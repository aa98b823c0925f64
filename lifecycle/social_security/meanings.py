"""What the answers about social insurance and assistance mean, as facts. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from integrations.departments.health_insurance import MEDICAL_INSURANCE, MedicalInsurance
from integrations.departments.pensions import PENSION_RECORD, PensionRecord
from integrations.departments.social_security import SOCIAL_INSURANCE, SocialInsurance
from integrations.departments.welfare import SOCIAL_ASSISTANCE, SocialAssistance
from lifecycle.facts.of_departments import Meaning
from lifecycle.queries.remembered import Fact, fact_of
from lifecycle.rules.ages import add_months
from lifecycle.rules.declared_kinds import MEDICAL_SCHEME
from lifecycle.rules.fact_kinds import (
    HOUSEHOLD_INCOME_FEN,
    HOUSEHOLD_PERSONS,
    INSURED,
    MEDICAL_INSURED,
    PENSION_SINCE,
    UNEMPLOYMENT_MONTHS,
    Insured,
)
from lifecycle.rules.facts import FactKind
from lifecycle.rules.told_kinds import (
    EMPLOYEES_MEDICAL,
    INSURANCES,
    LIVING_ALLOWANCE,
    MEDICAL_PAID_UNTIL,
    PENSION_SCHEME,
    RESIDENTS_PENSION,
    RETIRES_ON,
    UNEMPLOYMENT,
    LivingAllowance,
)

_BOOKED_AFTER_MONTHS: Final = 2


def pension(told: PensionRecord, as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """What the bureau says of a pension. Deemed months count like paid ones; a resident pays by the year, so months aren't left out."""
    resident = told.code == RESIDENTS_PENSION
    yield PENSION_SCHEME, "resident" if resident else "employee"
    yield RETIRES_ON, told.claims_from
    if told.pension is not None:
        yield PENSION_SINCE, told.pension.since
    if not resident:
        paid = {one.month for one in told.payments}
        booked = max(paid, default=add_months(as_of.replace(day=1), -_BOOKED_AFTER_MONTHS))
        yield INSURED, Insured(told.months + told.deemed_months, booked, tuple(_left_out(told, paid, as_of)))


def insurances(told: SocialInsurance, _as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """What the bureau says of the kinds of insurance that somebody has."""
    yield INSURANCES, tuple(sorted(one.code for one in told.insurances))
    for one in told.insurances:
        if one.code == UNEMPLOYMENT:
            yield UNEMPLOYMENT_MONTHS, one.months


def medical(told: MedicalInsurance, as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """What the insurance says of somebody's cover; of a retired employee it has no end."""
    yield MEDICAL_SCHEME, "employee" if told.scheme_code == EMPLOYEES_MEDICAL else "resident"
    yield MEDICAL_INSURED, told.covered_until is None or told.covered_until >= as_of
    if told.next_year_paid:
        yield MEDICAL_PAID_UNTIL, date(as_of.year + 1, 12, 31)
    elif told.covered_until is not None:
        yield MEDICAL_PAID_UNTIL, told.covered_until


def assistance(told: SocialAssistance, _as_of: date) -> Iterable[tuple[FactKind[Any], Any]]:
    """What Civil Affairs says of the minimum living allowance, and of the household that draws it."""
    found = told.living_allowance
    if found is not None:
        yield LIVING_ALLOWANCE, LivingAllowance(found.monthly_fen, found.review_on)
        yield HOUSEHOLD_INCOME_FEN, found.income_fen
        yield HOUSEHOLD_PERSONS, found.people


def _left_out(told: PensionRecord, paid: set[date], as_of: date) -> Iterable[date]:
    """The months between this year's payments in which nothing was paid, and where they are paused those since the last one."""
    if not paid or told.pension is not None:
        return
    end = max(paid)
    if told.standing == "paused":
        end = max(end, add_months(as_of.replace(day=1), -_BOOKED_AFTER_MONTHS))
    month = min(paid)
    while month <= end:
        if month not in paid:
            yield month
        month = add_months(month, 1)


MEANINGS: Final[tuple[tuple[Fact[Any], Meaning], ...]] = (
    (fact_of(PENSION_RECORD, {}), pension),
    (fact_of(SOCIAL_INSURANCE, {}), insurances),
    (fact_of(MEDICAL_INSURANCE, {}), medical),
    (fact_of(SOCIAL_ASSISTANCE, {}), assistance),
)
