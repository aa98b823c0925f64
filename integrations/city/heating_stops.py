"""The heat supplier (UT-H) on stopping a home's heating for a season (报停) and letting it run again (恢复供热).

山东省供热条例: asked for thirty days before the season at the latest, and free where a home can be shut off by itself.
"""

from datetime import date, timedelta
from typing import Final, Literal

import msgspec

from app.kernel import clock
from app.kernel.structs import Code
from integrations.city.bills import Account, Bill, accounts_of
from integrations.city.chance import percent
from integrations.city.orders import Ordered, done_for_all, of_order
from integrations.city.outcomes import QuestionRefused
from integrations.city.paid_bills import as_paid
from integrations.city.people import Household, Person
from integrations.city.population import Population
from integrations.city.registers import Service
from integrations.city.world import City
from integrations.departments.utilities import HeatingChanged, SeasonYear

CHANGE: Final = "change_heating"
_SEPARABLE_PERCENT: Final = 95


class ToChange(Ordered, frozen=True):
    """Which account's heating to stop or run again, in the season that begins in a year."""

    account_no: Code
    season: SeasonYear
    what: Literal["stop", "resume"]


def is_separable(population: Population, household: Household) -> bool:
    """Say whether a home can be shut off without its neighbours (分户关闭)."""
    return percent(population.dice("heating_valve", household.household_no), _SEPARABLE_PERCENT)


def stopped_seasons(city: City, household: Household) -> tuple[int, ...]:
    """Give the seasons, by their first years, for which a home's heating is stopped and which aren't over."""
    members = {member.id_number for member in city.population.members(household.household_no)}
    stopped: dict[int, bool] = {}
    for change in (one for one in done_for_all(city, CHANGE) if one.id_number in members):
        told = msgspec.convert(change.told, HeatingChanged)
        stopped[told.season] = told.stopped
    return tuple(sorted(year for year, off in stopped.items() if off and clock.today() <= season_end(year)))


def as_stopped(city: City, household: Household, account: Account) -> Account:
    """Give the account with nothing to pay for a season for which it is stopped."""
    if account.utility != "heating":
        return account
    seasons = stopped_seasons(city, household)
    bills = tuple(_free(bill) if bill.period_start.year in seasons else bill for bill in account.bills)
    return msgspec.structs.replace(account, bills=bills)


def as_it_stands(city: City, household: Household, account: Account) -> Account:
    """Give the account with what was stopped, and what was paid through the portal."""
    return as_paid(city, as_stopped(city, household, account))


def season_start(year: int) -> date:
    """Give the day on which a season begins: the one of the season on the bills."""
    return date(year, 11, 16)


def season_end(year: int) -> date:
    """Give the last day of a season."""
    return date(year + 1, 3, 31)


def change(city: City, person: Person, ordered: ToChange) -> HeatingChanged:
    """Stop heating for a season or let it run again. Refuses by name what differs from the register, and what bars it."""
    household = city.population.household_of(person)
    heating = None if household is None else _heating(city, household)
    if household is None or heating is None:
        raise QuestionRefused("no_heating")
    if heating.account_no != ordered.account_no:
        raise QuestionRefused("account_differs")
    if clock.today() >= season_start(ordered.season):
        raise QuestionRefused("season_begun")
    is_stopped = ordered.season in stopped_seasons(city, household)
    if is_stopped == (ordered.what == "stop"):
        raise QuestionRefused("stopped_already" if is_stopped else "not_stopped")
    if not is_separable(city.population, household):
        raise QuestionRefused("not_separable")
    if any(_is_overdue(bill) for bill in heating.bills):
        raise QuestionRefused("arrears")
    return HeatingChanged(ordered.account_no, ordered.season, ordered.what == "stop", clock.today())


def _heating(city: City, household: Household) -> Account | None:
    found = (one for one in accounts_of(city.population, household) if one.utility == "heating")
    return next((as_it_stands(city, household, one) for one in found), None)


def _is_overdue(bill: Bill) -> bool:
    return not bill.paid and clock.today() > bill.period_start - timedelta(days=1)


def _free(bill: Bill) -> Bill:
    return msgspec.structs.replace(bill, amount_fen=0, paid=True)


SERVICES: Final[dict[str, Service]] = {CHANGE: of_order(CHANGE, ToChange, change)}
