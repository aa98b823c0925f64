"""The tax party (SWJ): the rules that it explains, and what is withheld from wages and settled after the year.

The register knows wages of the present employer, at what they are on the reference day. What the citizen alone knows (bonuses,
author's fees, donations) isn't in it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from app.kernel import clock
from integrations.city.chance import percent
from integrations.city.contribution_rates import own_fen
from integrations.city.employment import Employment, Work, work
from integrations.city.income_tax import Payslip, law, tax_fen, withheld_fen
from integrations.city.people import Person
from integrations.city.population import Population
from integrations.city.registers import AboutPerson, Service, listed, of_everybody, of_person_asked
from integrations.city.tax_deductions import deductions, deductions_in
from integrations.city.world import City
from integrations.departments.tax import (
    Deduction,
    DeductionKind,
    Settlement,
    TaxPaid,
    TaxPolicies,
    TaxRecord,
    TaxYear,
    Withholding,
    Year,
)

SETTLED_FROM, SETTLED_UNTIL = (3, 1), (6, 30)
"""When a year is settled, in the one after it (个人所得税法 art. 11)."""
_FILED_PERCENT: Final = 85
_SIGNS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_LENGTH: Final = 12


class AboutYear(AboutPerson, frozen=True, forbid_unknown_fields=True):
    """What is known of this person's year?"""

    year: Year | None = None


def payslips(population: Population, person: Person, year: int, today: date) -> tuple[Payslip, ...]:
    """Tell the wages of a year, up to the last month that is over."""
    told = work(population, person)
    if told is None or told.employment is None:
        return ()
    return tuple(
        _payslip(population, person, told, month)
        for month in (date(year, number, 1) for number in range(1, 13))
        if told.employment.since.replace(day=1) <= month < today.replace(day=1)
    )


def tax_year(city: City, person: Person, asked: AboutYear) -> TaxYear | None:
    """Tell a year as it is settled, by default the last one that is over; of who has no wages nothing is known."""
    job, today = _job(city, person), clock.today()
    if job is None:
        return None
    year = asked.year or today.year - 1
    slips = payslips(city.population, person, year, today)
    held = sum(withheld_fen(slips))
    special = deductions(city.population, person, (date(year, month, 1) for month in range(1, 13))) if slips else {}
    return _settled(year, (job, slips, held), special, _filed_on(city, person, year))


def tax_record(city: City, person: Person, asked: AboutYear) -> TaxRecord | None:
    """Tell what was withheld month by month, by default this year; of who has no wages nothing is known."""
    job, today = _job(city, person), clock.today()
    if job is None:
        return None
    year = asked.year or today.year
    slips = payslips(city.population, person, year, today)
    paid = tuple(
        TaxPaid(slip.month, job.employer.name, job.employer.uscc, slip.income_fen, held)
        for slip, held in zip(slips, withheld_fen(slips), strict=True)
    )
    dice = city.population.dice("tax record", f"{person.id_number}:{year}:{len(slips)}")
    code = "".join(dice.choice(_SIGNS) for _ in range(_CODE_LENGTH))
    return TaxRecord(year, code, paid, sum(one.tax_fen for one in paid))


def _job(city: City, person: Person) -> Employment | None:
    told = work(city.population, person)
    return told.employment if told else None


def _payslip(population: Population, person: Person, told: Work, month: date) -> Payslip:
    job, fund = told.employment, told.housing_fund
    return Payslip(
        month=month,
        income_fen=job.wage_fen if job else 0,
        insurance_fen=sum(own_fen(one.insurance_code, one.base_fen) for one in told.contributions),
        fund_fen=fund.base_fen * fund.rate_percent // 100 if fund else 0,
        special_fen=sum(deductions_in(population, person, month).values()),
    )


def _settled(
    year: int,
    earned: tuple[Employment, tuple[Payslip, ...], int],
    special: Mapping[DeductionKind, int],
    filed_on: date | None,
) -> TaxYear:
    """Settle a year: the basic deduction and the special ones are the whole year's, whatever part of it was worked."""
    job, slips, held = earned
    income = sum(slip.income_fen for slip in slips)
    basic, insurance = 12 * law().basic_deduction_fen, sum(slip.insurance_fen for slip in slips)
    fund = sum(slip.fund_fen for slip in slips)
    taxable = max(0, income - basic - insurance - fund - sum(special.values()))
    firm, tax = job.employer, tax_fen(taxable)
    return TaxYear(
        year=year,
        incomes=(Withholding(firm.name, firm.uscc, len(slips), income, held),) if slips else (),
        basic_deduction_fen=basic,
        insurance_fen=insurance,
        housing_fund_fen=fund,
        deductions=tuple(Deduction(kind, fen) for kind, fen in special.items()),
        taxable_fen=taxable,
        tax_fen=tax,
        withheld_fen=held,
        refund_fen=max(0, held - tax),
        due_fen=max(0, tax - held),
        settled_from=date(year + 1, *SETTLED_FROM),
        settled_until=date(year + 1, *SETTLED_UNTIL),
        settlement=_settlement(year, clock.today()),
        filed_on=filed_on if slips else None,
    )


def _settlement(year: int, today: date) -> Settlement:
    if today < date(year + 1, *SETTLED_FROM):
        return "not_open"
    return "open" if today <= date(year + 1, *SETTLED_UNTIL) else "closed"


def _filed_on(city: City, person: Person, year: int) -> date | None:
    """Draw when somebody filed, if they did, and if that day has come."""
    dice = city.population.dice("tax filing", f"{person.id_number}:{year}")
    first, last = date(year + 1, *SETTLED_FROM), date(year + 1, *SETTLED_UNTIL)
    filed = date.fromordinal(first.toordinal() + dice.randrange((last - first).days + 1))
    return filed if percent(dice, _FILED_PERCENT) and filed <= clock.today() else None


SERVICES: Final[dict[str, Service]] = {
    "tax_policies": of_everybody(lambda _: listed("tax_policies", TaxPolicies)),
    "tax_year": of_person_asked(AboutYear, tax_year),
    "tax_record": of_person_asked(AboutYear, tax_record),
}
