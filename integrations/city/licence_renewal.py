"""Renewing a driving licence at the traffic police (GAJ): what holds after it, and what bars it.

机动车驾驶证申领和使用规定; 道路交通安全法实施条例 art. 26: six years, ten more without a cycle of twelve points, then for good.
"""

from datetime import date, timedelta
from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.structs import Code
from integrations.city.chance import percent
from integrations.city.days import birthday, years_after
from integrations.city.driver_health import driver_health_form
from integrations.city.fines import fines
from integrations.city.offences import Entry, counting, rules
from integrations.city.orders import Ordered, done, of_order
from integrations.city.outcomes import QuestionRefused
from integrations.city.people import Person
from integrations.city.population import REFERENCE, Population
from integrations.city.registers import Service
from integrations.city.vehicles import FIRST_TERM, SECOND_TERM, Licence, licence_of
from integrations.city.world import City
from integrations.departments.driving import LicenceClass, LicenceRenewed

RENEW: Final = "renew_licence"
_FULL_PERCENT: Final = 6
_LARGE: Final = frozenset({"A2", "B1", "B2"})


class Term(msgspec.Struct, frozen=True):
    """The term in which a licence is, for which class, and whether a cycle of it reached twelve points."""

    licence_class: LicenceClass
    valid_from: date
    expires_on: date | None
    full: bool


class ToRenew(Ordered, frozen=True):
    """Which licence to renew, by its present end, and for which class."""

    expires_on: date
    licence_class: Code


def term_of(city: City, person: Person, licence: Licence) -> Term:
    """Tell the term of a licence: as it was renewed last, or else as it was drawn."""
    renewed = done(city, RENEW, person.id_number)
    if not renewed:
        return drawn_term(city.population, person, licence)
    told = msgspec.convert(renewed[-1].told, LicenceRenewed)
    return Term(told.licence_class, told.valid_from, told.expires_on, full=False)


def drawn_term(population: Population, person: Person, licence: Licence) -> Term:
    """Draw whether twelve points were reached in a term that has lasted for a cycle or more."""
    start = _started(licence)
    dice = population.dice("full_points", person.id_number)
    full = years_after(start, 1) <= REFERENCE and percent(dice, _FULL_PERCENT)
    return Term(licence.licence_class, start, licence.expires_on, full and licence.expires_on is not None)


def unsettled(city: City, person: Person) -> tuple[Entry, ...]:
    """Give the offences of a driver that were decided and whose fine isn't paid, in the portal neither."""
    return tuple(one for one in fines(city, person) if not one.paid)


def renewable_from(expires_on: date) -> date:
    """Give the first day on which a licence may be renewed."""
    return expires_on - timedelta(days=rules().renewal_window_days)


def class_at(licence_class: LicenceClass, born: date, day: date) -> LicenceClass:
    """Give the class that somebody may have on a day: large vehicles and motorcycles end at an age."""
    if licence_class in _LARGE and day >= birthday(born, rules().large_vehicles_until_age):
        return "C1"
    if licence_class == "E" and day >= birthday(born, rules().motorcycles_until_age):
        return "F"
    return licence_class


def next_end(term: Term) -> date | None:
    """Give the end of the next term: the longer one, unless a cycle of this reached twelve points."""
    if term.expires_on is None:
        return None
    long = years_after(term.valid_from, SECOND_TERM) <= term.expires_on
    if term.full:
        return years_after(term.expires_on, SECOND_TERM if long else FIRST_TERM)
    return None if long else years_after(term.expires_on, SECOND_TERM)


def renew(city: City, person: Person, ordered: ToRenew) -> LicenceRenewed:
    """Renew a licence. Refuses by name what bars it, and what differs from the register."""
    licence, day = licence_of(city.population, person), clock.today()
    if licence is None:
        raise QuestionRefused("no_licence")
    term = term_of(city, person, licence)
    reason = _outside(term, ordered, day) or _barred(city, person, licence, day)
    if reason is None and ordered.licence_class != class_at(term.licence_class, person.birth_date, day):
        reason = "licence_class_differs"
    if reason is not None or term.expires_on is None:
        raise QuestionRefused(reason or "valid_for_good")
    return LicenceRenewed(
        renewed_on=day,
        licence_class=class_at(term.licence_class, person.birth_date, day),
        first_issued_on=licence.first_issued_on,
        valid_from=term.expires_on,
        expires_on=next_end(term),
    )


def _outside(term: Term, ordered: ToRenew, day: date) -> str | None:
    """Say why a licence can't be renewed on a day at all."""
    if term.expires_on is None:
        return "valid_for_good"
    if term.expires_on != ordered.expires_on:
        return "expires_on_differs"
    if day < renewable_from(term.expires_on):
        return "too_early"
    return "licence_cancelled" if day > years_after(term.expires_on, rules().cancelled_after_years) else None


def _barred(city: City, person: Person, licence: Licence, day: date) -> str | None:
    """Say what the review (审验) at a renewal finds: twelve points, offences not settled, or health."""
    points = sum(one.rule.points for one in counting(city.population, person, licence, day))
    if points >= rules().full_points:
        return "points_full"
    if unsettled(city, person):
        return "offences_unsettled"
    form = driver_health_form(city, person)
    if form is None:
        return "health_form_missing"
    return None if form.fit else "health_unfit"


def _started(licence: Licence) -> date:
    """Give the day on which the drawn term began."""
    starts = (licence.first_issued_on, *(years_after(licence.first_issued_on, one) for one in _ENDS))
    return max(start for start in starts if start <= REFERENCE)


_ENDS: Final = (FIRST_TERM, FIRST_TERM + SECOND_TERM)
SERVICES: Final[dict[str, Service]] = {RENEW: of_order(RENEW, ToRenew, renew)}
