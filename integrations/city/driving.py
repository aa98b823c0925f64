"""The traffic police's party (GAJ): what they tell a driver of licence and points, and an owner of a car's offences."""

from datetime import date, timedelta
from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.text import masked_id_number
from integrations.city.days import months_after
from integrations.city.fines import decision_no, with_paid
from integrations.city.licence_renewal import Term, drawn_term, renewable_from, term_of, unsettled
from integrations.city.offences import (
    Entry,
    counting,
    cycle_of,
    decided,
    is_overdue,
    late_fen,
    of_car,
    pay_by,
    rules,
)
from integrations.city.people import Person, age_on
from integrations.city.population import Population
from integrations.city.registers import Service, of_person
from integrations.city.vehicles import Licence, Vehicle, licence_of, vehicles_of
from integrations.city.world import City
from integrations.departments.driving import (
    DriverAffairs,
    DriverLicence,
    DriverMatter,
    DriverTask,
    LicenceState,
    MatterState,
    Offence,
    Offences,
    OffenceState,
    OwnedVehicle,
    PointsEntry,
)

_REVIEWED: Final = frozenset({"A2", "B1", "B2"})
"""Classes that are reviewed (审验) after each cycle with points."""


def driver_licence(city: City, person: Person) -> DriverLicence | None:
    """Tell somebody's licence and points; who has none isn't known as a driver."""
    licence = licence_of(city.population, person)
    if licence is None:
        return None
    told = _told_licence(city.population, person, licence, term_of(city, person, licence), clock.today())
    return _with_open_fines(told, unsettled(city, person), clock.today())


def licence_on(population: Population, person: Person, licence: Licence, day: date) -> DriverLicence:
    """Tell a licence that wasn't renewed since as it stands on a day."""
    told = _told_licence(population, person, licence, drawn_term(population, person, licence), day)
    return _with_open_fines(told, tuple(one for one in decided(population, person) if not one.paid), day)


def _with_open_fines(told: DriverLicence, open_fines: tuple[Entry, ...], day: date) -> DriverLicence:
    return msgspec.structs.replace(
        told,
        unsettled=len(open_fines),
        unsettled_fen=sum(one.rule.fine_fen + late_fen(one, day) for one in open_fines),
    )


def _told_licence(population: Population, person: Person, licence: Licence, term: Term, day: date) -> DriverLicence:
    start, last = cycle_of(licence.first_issued_on, day)
    points = _points(counting(population, person, licence, day))
    return DriverLicence(
        licence_no=masked_id_number(licence.licence_no),
        licence_class=term.licence_class,
        state=_licence_state(term, points, day),
        first_issued_on=licence.first_issued_on,
        valid_from=term.valid_from,
        expires_on=term.expires_on,
        full_in_term=term.full,
        points=points,
        unsettled=0,
        unsettled_fen=0,
        cycle_started_on=start,
        cycle_ends_on=last,
    )


def driver_affairs(city: City, person: Person) -> DriverAffairs | None:
    """Tell what a driver has to see to."""
    licence = licence_of(city.population, person)
    if licence is None:
        return None
    told = affairs_on(city.population, person, licence, clock.today())
    return _after_renewal(told, term_of(city, person, licence), clock.today())


def _after_renewal(told: DriverAffairs, term: Term, day: date) -> DriverAffairs:
    """Tell the class and the next renewal by the term as it stands."""
    renewal = _renewal(term.expires_on, day)
    others = tuple(task for task in told.tasks if task.matter != "renewal")
    tasks = others if renewal is None else (renewal, *others)
    return msgspec.structs.replace(told, licence_class=term.licence_class, tasks=tasks)


def affairs_on(population: Population, person: Person, licence: Licence, day: date) -> DriverAffairs:
    """Tell a driver's affairs as they stand on a day."""
    entries, known = counting(population, person, licence, day), rules()
    points, probation = _points(entries), months_after(licence.first_issued_on, known.probation_months)
    barred = day < probation or _inspection_overdue(population, person, day) or points >= known.full_points
    tasks = (
        _renewal(licence.expires_on, day),
        _health_check(person, licence, day),
        _review(population, person, licence, day),
    )
    reduction = DriverTask("points_reduction", "barred" if barred else "open", None, None) if points else None
    return DriverAffairs(
        licence_class=licence.licence_class,
        probation_until=probation if day < probation else None,
        points=points,
        points_left=known.full_points - points,
        reducible_points=0 if barred else min(points, known.most_reducible_points),
        entries=tuple(_told_entry(one, licence, day) for one in entries),
        tasks=tuple(task for task in (*tasks, reduction) if task is not None),
    )


def vehicle_offences(city: City, person: Person) -> Offences | None:
    """Tell an owner's offences; who owns no car isn't known here, and an empty list is good news."""
    cars = vehicles_of(city.population, person)
    if not cars:
        return None
    found = tuple((car, one) for car in cars for one in with_paid(city, person, of_car(city.population, person, car)))
    return _told_offences(city.population, person, cars, found, clock.today())


def offences_on(population: Population, person: Person, cars: tuple[Vehicle, ...], day: date) -> Offences:
    """Tell the offences of somebody's cars as they stand on a day."""
    found = tuple((car, one) for car in cars for one in of_car(population, person, car))
    return _told_offences(population, person, cars, found, day)


def _told_offences(
    population: Population,
    person: Person,
    cars: tuple[Vehicle, ...],
    found: tuple[tuple[Vehicle, Entry], ...],
    day: date,
) -> Offences:
    told = tuple(
        msgspec.structs.replace(_told_offence(car, one, day), decision_no=decision_no(population.seed, person, one))
        for car, one in found
    )
    return Offences(
        vehicles=tuple(
            OwnedVehicle(car.plate, car.brand, car.registered_on, car.inspection_valid_until) for car in cars
        ),
        offences=told,
        unpaid_fen=sum(one.fine_fen + one.late_fen for one in told if one.state in {"fined", "overdue"}),
    )


def _points(entries: tuple[Entry, ...]) -> int:
    return min(sum(one.rule.points for one in entries), rules().full_points)


def _licence_state(term: Term, points: int, day: date) -> LicenceState:
    if points >= rules().full_points:
        return "held"
    if term.expires_on is None:
        return "valid"
    if term.expires_on < day:
        return "expired"
    return "renewable" if renewable_from(term.expires_on) <= day else "valid"


def _renewal(expires_on: date | None, day: date) -> DriverTask | None:
    if expires_on is None:
        return None
    opens = renewable_from(expires_on)
    return DriverTask("renewal", _standing(opens, expires_on, day), opens, expires_on)


def _health_check(person: Person, licence: Licence, day: date) -> DriverTask | None:
    """From seventy on, a doctor's word within thirty days after each cycle."""
    opens, task = _after_cycle("health_check", licence, day)
    return task if age_on(person.birth_date, opens) >= rules().health_check_from_age else None


def _review(population: Population, person: Person, licence: Licence, day: date) -> DriverTask | None:
    """Drivers of large vehicles are reviewed within thirty days after a cycle in which they had points."""
    if licence.licence_class not in _REVIEWED:
        return None
    opens, task = _after_cycle("review", licence, day)
    return task if counting(population, person, licence, opens - timedelta(days=1)) else None


def _after_cycle(matter: DriverMatter, licence: Licence, day: date) -> tuple[date, DriverTask]:
    """Give what is due within thirty days after a cycle: the last one while these run, otherwise the present one."""
    start, last = cycle_of(licence.first_issued_on, day)
    span = timedelta(days=rules().after_cycle_days)
    if licence.first_issued_on < start and day <= start + span:
        return start, DriverTask(matter, "open", start, start + span)
    opens = last + timedelta(days=1)
    return opens, DriverTask(matter, "not_yet", opens, opens + span)


def _standing(opens: date, due: date, day: date) -> MatterState:
    if day < opens:
        return "not_yet"
    return "open" if day <= due else "overdue"


def _inspection_overdue(population: Population, person: Person, day: date) -> bool:
    return any(car.inspection_valid_until < day for car in vehicles_of(population, person))


def _told_entry(entry: Entry, licence: Licence, day: date) -> PointsEntry:
    decided_on = entry.decided_on or day
    start, _ = cycle_of(licence.first_issued_on, day)
    return PointsEntry(entry.rule.offence, decided_on, entry.rule.points, decided_on < start)


def _told_offence(car: Vehicle, entry: Entry, day: date) -> Offence:
    return Offence(
        plate=car.plate,
        at=entry.at,
        place=entry.place,
        offence=entry.rule.offence,
        state=_offence_state(entry, day),
        fine_fen=entry.rule.fine_fen,
        points=entry.rule.points,
        decided_on=entry.decided_on,
        pay_by=pay_by(entry),
        late_fen=late_fen(entry, day),
    )


def _offence_state(entry: Entry, day: date) -> OffenceState:
    if entry.decided_on is None:
        return "recorded"
    if entry.paid:
        return "paid"
    return "overdue" if is_overdue(entry, day) else "fined"


SERVICES: Final[dict[str, Service]] = {
    "driver_licence": of_person(driver_licence),
    "driver_affairs": of_person(driver_affairs),
    "vehicle_offences": of_person(vehicle_offences),
}
