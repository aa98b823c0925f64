"""The social security party (RSJ) on unemployment benefit (失业保险金): what an earlier claim left, and what was granted since."""

from datetime import date
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from integrations.city.chance import percent
from integrations.city.days import months_after, years_after
from integrations.city.employment import BENEFIT_FEN, Unemployment, benefit_months
from integrations.city.figures import number
from integrations.city.occupations import retired_on
from integrations.city.orders import Ordered, done
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person
from integrations.city.population import Population
from integrations.city.world import City
from integrations.departments.labour_records import UnemploymentBenefitGranted

GRANT: Final = "grant_unemployment_benefit"
_LEFT_OVER_PERCENT: Final = 20
_MOST_LEFT_OVER: Final = 13
Account = Annotated[str, Meta(pattern=r"\A[0-9]{12,22}\Z")]
Bank = Annotated[str, Meta(min_length=1, max_length=60)]


class ToGrant(Ordered, frozen=True):
    """Somebody to grant benefit to; `employer_at_fault` is what the office found of a resignation."""

    employer_at_fault: bool
    bank: Bank
    account: Account


def granted(city: City, id_number: str) -> UnemploymentBenefitGranted | None:
    """Give what was granted to somebody since the city was drawn."""
    made = done(city, GRANT, id_number)
    return msgspec.convert(made[-1].told, UnemploymentBenefitGranted) if made else None


def unused_months(population: Population, person: Person, left: Unemployment) -> int:
    """Draw what is left of an earlier claim; who registered as drawn has used it up in the present one."""
    dice = population.dice("unused benefit", person.id_number)
    if left.registered_on is not None or not percent(dice, _LEFT_OVER_PERCENT):
        return 0
    return dice.randrange(1, _MOST_LEFT_OVER)


def with_benefit(city: City, person: Person, left: Unemployment) -> Unemployment:
    """The work that somebody lost, with the benefit that was granted since."""
    since = granted(city, person.id_number)
    if since is None:
        return left
    return msgspec.structs.replace(left, benefit_months=since.months, benefit_fen=since.monthly_fen)


def grant(
    city: City, person: Person, left: Unemployment | None, unused: int, ordered: ToGrant
) -> UnemploymentBenefitGranted:
    """Grant benefit by what is registered (社会保险法 art. 45, 46; 失业保险条例 art. 17).

    Refuses `in_work`, `not_registered`, `granted_already`, `resigned` unless the employer was at fault, and `contributed_too_little`.
    """
    if left is None:
        raise QuestionRefused("in_work")
    if left.registered_on is None:
        raise QuestionRefused("not_registered")
    if left.benefit_months:
        raise QuestionRefused("granted_already")
    if left.reason == "resigned" and not ordered.employer_at_fault:
        raise QuestionRefused("resigned")
    months = _months(benefit_months(left.contributed_months), unused)
    if not months:
        raise QuestionRefused("contributed_too_little")
    until = months_after(left.registered_on, months)
    goes_on = _goes_on_until(city.population, person, until)
    return UnemploymentBenefitGranted(months, BENEFIT_FEN, left.registered_on, until, goes_on)


def _months(new: int, unused: int) -> int:
    return min(number("unemployment.most_months"), new + unused) if new else unused


def _goes_on_until(population: Population, person: Person, until: date) -> date | None:
    retires = retired_on(population, person)
    return retires if until < retires < years_after(until, 1) else None
