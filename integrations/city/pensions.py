"""The social security party (RSJ) on pensions: contributions, the account, when they may be drawn, and those that are."""

from datetime import date
from typing import Final, cast

import msgspec

from integrations.city.contribution_rates import own_fen, rates
from integrations.city.contributions import SINCE, Contribution
from integrations.city.days import months_between
from integrations.city.employment import Work, work
from integrations.city.months_paid import months_paid
from integrations.city.occupations import retired_on
from integrations.city.people import Person
from integrations.city.population import REFERENCE, Population
from integrations.city.registers import Service, listed, of_person
from integrations.city.world import City
from integrations.departments.pensions import MonthPaid, PensionCode, PensionDrawn, PensionRecord, PensionStanding

RESIDENT: Final = "170"
_PENSIONS: Final = frozenset({"110", "120", RESIDENT})
_PAID_FROM_MONTH, _PAID_MONTHS = 3, 7


class PensionMonths(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The least months of contributions, by the year of the claim."""

    source: str
    valid_from: date
    least_months: int
    rises_after: int
    rises_by_months: int
    most_months: int
    resident_months: int


def pension_record(city: City, person: Person) -> PensionRecord | None:
    """Tell somebody's pension insurance; who neither paid nor draws is unknown."""
    known = work(city.population, person)
    if known is None:
        return None
    if known.pension is not None:
        return _drawn(city.population, person, known)
    paid = next((one for one in known.contributions if one.insurance_code in _PENSIONS), None)
    return _paid(city.population, person, known, paid) if paid and paid.months else None


def months_needed(code: str, claims_from: date) -> int:
    """Give the least months: fifteen years, from 2030 on half a year more each year up to twenty; residents' stay fifteen years."""
    figures = listed("pension_months", PensionMonths)
    if code == RESIDENT:
        return int(figures.resident_months)
    more = max(0, claims_from.year - figures.rises_after) * figures.rises_by_months
    return int(min(figures.most_months, figures.least_months + more))


def deemed_months(known: Work, code: str) -> int:
    """Count the months in the present job before its insurance began (视同缴费)."""
    return months_between(known.employment.since, SINCE[code]) if known.employment else 0


def _drawn(population: Population, person: Person, known: Work) -> PensionRecord | None:
    pension = known.pension
    if pension is None:
        return None
    claimed = retired_on(population, person)
    return PensionRecord(
        code=cast("PensionCode", pension.insurance_code),
        standing="drawing",
        months=pension.months,
        deemed_months=0,
        account_fen=None,
        claims_from=claimed,
        months_needed=months_needed(pension.insurance_code, claimed),
        payments=(),
        pension=PensionDrawn(pension.since, pension.monthly_fen),
    )


def _paid(population: Population, person: Person, known: Work, paid: Contribution) -> PensionRecord:
    code, claims = paid.insurance_code, retired_on(population, person)
    resident = code == RESIDENT
    return PensionRecord(
        code=cast("PensionCode", code),
        standing=_standing(known),
        months=paid.months,
        deemed_months=deemed_months(known, code),
        account_fen=_resident_account_fen(population, person, paid)
        if resident
        else _account_fen(population, person, paid),
        claims_from=claims,
        months_needed=months_needed(code, claims),
        payments=_resident_payments(population, person) if resident else months_paid(known, code),
        pension=None,
    )


def _standing(known: Work) -> PensionStanding:
    return "paused" if known.occupation == "unemployed" else "paying"


def _account_fen(population: Population, person: Person, paid: Contribution) -> int:
    """Draw what lies in the account: 8 % of bases that were lower before than they are now."""
    share = population.dice("pension account", person.id_number).randrange(40, 96)
    return own_fen(paid.insurance_code, paid.base_fen) * paid.months * share // 100


def _yearly_fen(population: Population, person: Person) -> int:
    return population.dice("resident pension", person.id_number).choice(rates().resident.pension_year_fen)


def _resident_account_fen(population: Population, person: Person, paid: Contribution) -> int:
    return _yearly_fen(population, person) * (paid.months // 12)


def _resident_payments(population: Population, person: Person) -> tuple[MonthPaid, ...]:
    """Tell the year's payment, in the month in which it was made."""
    month = _PAID_FROM_MONTH + population.dice("resident paid", person.id_number).randrange(_PAID_MONTHS)
    return (MonthPaid(date(REFERENCE.year, month, 1), 0, _yearly_fen(population, person), 0),)


SERVICES: Final[dict[str, Service]] = {"pension": of_person(pension_record)}
