"""The health party (WJW) on the childcare subsidy (育儿补贴): who has it, and granting it."""

from datetime import date, timedelta
from typing import Final

from app.kernel import clock
from app.kernel.structs import Code, ShortLine
from integrations.city.chance import percent
from integrations.city.days import years_after
from integrations.city.figures import number
from integrations.city.orders import Ordered, done, of_order
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person
from integrations.city.population import REFERENCE
from integrations.city.registers import Service, of_person
from integrations.city.world import City
from integrations.departments.childcare import ChildcareSubsidy, SubsidyGranted, SubsidyPaid

GRANT: Final = "grant_childcare_subsidy"
YEARS: Final = 3
YEAR_FEN: Final = number("childcare.year_fen")
_CLAIMED_PERCENT: Final = 80
_AFTER_DAYS: Final = 60
_BEGAN: Final = date(2025, 1, 1)


class ToGrant(Ordered, frozen=True):
    """A child's subsidy to grant: to which account."""

    born_on: date
    bank: ShortLine
    account_no: Code


def childcare_subsidy(city: City, child: Person) -> ChildcareSubsidy | None:
    """Tell a child's subsidy; of whoever was three before it began the register knows nothing."""
    if years_after(child.birth_date, YEARS) < _BEGAN:
        return None
    granted_on = _granted_on(city, child)
    if granted_on is None:
        return ChildcareSubsidy(None, ())
    paid = (
        SubsidyPaid(max(granted_on, years_after(child.birth_date, year)), YEAR_FEN)
        for year in range(YEARS)
        if _BEGAN <= years_after(child.birth_date, year) <= clock.today()
    )
    return ChildcareSubsidy(granted_on, tuple(paid))


def _granted_on(city: City, child: Person) -> date | None:
    """The day of the grant: of an order, or drawn for most children of some months' age."""
    orders = done(city, GRANT, child.id_number)
    if orders:
        return orders[0].day
    dice = city.population.dice("childcare subsidy", child.id_number)
    day = max(child.birth_date, _BEGAN) + timedelta(days=_AFTER_DAYS + dice.randrange(_AFTER_DAYS))
    return day if day <= REFERENCE and percent(dice, _CLAIMED_PERCENT) else None


def grant(city: City, child: Person, ordered: ToGrant) -> SubsidyGranted:
    """Grant it. Refuses `already_granted`, `too_old`, and a day of birth that isn't the register's."""
    if child.birth_date != ordered.born_on:
        raise QuestionRefused("born_on_differs")
    if years_after(child.birth_date, YEARS) <= clock.today():
        raise QuestionRefused("too_old")
    if _granted_on(city, child) is not None:
        raise QuestionRefused("already_granted")
    left = sum(years_after(child.birth_date, year) >= _BEGAN for year in range(YEARS)) or 1
    return SubsidyGranted(clock.today(), left * YEAR_FEN, left)


SERVICES: Final[dict[str, Service]] = {
    "childcare_subsidy": of_person(childcare_subsidy),
    GRANT: of_order(GRANT, ToGrant, grant),
}
