"""The civil affairs party (MZJ) on the old-age allowance (高龄津贴): who claimed it as drawn, and to whom it was granted since."""

from datetime import date
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from app.kernel import clock
from integrations.city.chance import percent
from integrations.city.civil import SENIOR_ALLOWANCES_FEN
from integrations.city.days import birthday
from integrations.city.orders import Ordered, done, of_order
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person, age_on
from integrations.city.population import REFERENCE, Population
from integrations.city.registers import Service
from integrations.city.world import City
from integrations.departments.welfare import OldAgeAllowanceGranted

GRANT: Final = "grant_old_age_allowance"
_CLAIMED_PERCENT: Final = 80
Account = Annotated[str, Meta(pattern=r"\A[0-9]{12,22}\Z")]
Bank = Annotated[str, Meta(min_length=1, max_length=60)]


class ToGrant(Ordered, frozen=True):
    """To which account."""

    bank: Bank
    account: Account


def drawn(city: City, person: Person) -> tuple[int, date] | None:
    """Give what somebody draws a month and since when: as claimed before the city was drawn, or granted since."""
    made = done(city, GRANT, person.id_number)
    if made:
        granted = msgspec.convert(made[-1].told, OldAgeAllowanceGranted)
        return granted.monthly_fen, granted.since
    step = _step(person, REFERENCE)
    return (step[1], birthday(person.birth_date, step[0])) if step and claimed(city.population, person) else None


def claimed(population: Population, person: Person) -> bool:
    """Draw whether somebody who was old enough then had claimed it."""
    return percent(population.dice("old age claimed", person.id_number), _CLAIMED_PERCENT)


def grant(city: City, person: Person, _: ToGrant) -> OldAgeAllowanceGranted:
    """Grant it from this month on. Refuses `no_household_here`, `too_young` and `drawn_already`."""
    if city.population.household_of(person) is None:
        raise QuestionRefused("no_household_here")
    today = clock.today()
    step = _step(person, today)
    if step is None:
        raise QuestionRefused("too_young")
    if drawn(city, person) is not None:
        raise QuestionRefused("drawn_already")
    return OldAgeAllowanceGranted(step[1], today.replace(day=1))


def _step(person: Person, day: date) -> tuple[int, int] | None:
    age = age_on(person.birth_date, day)
    return next((one for one in SENIOR_ALLOWANCES_FEN if age >= one[0]), None)


SERVICES: Final[dict[str, Service]] = {GRANT: of_order(GRANT, ToGrant, grant)}
