"""What agendas are worked out from, beside what stages register themselves, and when they are looked at anew."""

from typing import Final

from app import wired_rules
from app.identity.events import NameChanged, RealNameProved
from app.kernel.events import Event, subscribe, witness
from app.kernel.jobs import register_job, register_timetable
from app.privacy.events import ConsentEnded, ConsentGiven
from app.residents import events as residents_events
from lifecycle.agenda import booked, bookkeeping, expiring, following, nightly
from lifecycle.agenda.items import AgendaRule, register_rules
from lifecycle.appointments import telling as appointment_telling
from lifecycle.bills import due as bills_due
from lifecycle.bills.events import BillPaid, BillReturned, BillSettled
from lifecycle.cases import events as case_events
from lifecycle.facts.gathering import register_fact_source
from lifecycle.facts.of_departments import of_departments
from lifecycle.facts.of_office import of_office
from lifecycle.facts.of_residents import of_resident
from lifecycle.licences.events import LicenceChanged, LicenceIssued
from lifecycle.queries import remembered

_FAMILY: Final[tuple[type[Event], ...]] = (
    residents_events.ChildBorn,
    residents_events.GuardianAppointed,
    residents_events.GuardianshipEnded,
    residents_events.CustodyChanged,
    residents_events.WardLeftAlone,
    residents_events.PersonDied,
    residents_events.TurnedFourteen,
    residents_events.CameOfAge,
)
_OWN: Final[tuple[type[Event], ...]] = (
    RealNameProved,
    NameChanged,
    ConsentGiven,
    ConsentEnded,
    LicenceIssued,
    LicenceChanged,
)


def agenda_rules_of_stages() -> tuple[AgendaRule, ...]:
    """Every rule of every stage, and the office's own."""
    return (booked.RULE, expiring.RULE, bills_due.RULE, *wired_rules.RULES)


def register() -> None:
    """Make the office's own rules and fact sources known; a stage's are registered by the stage."""
    register_fact_source("residents", of_resident)
    register_fact_source("departments", of_departments)
    register_fact_source("office", of_office)
    register_fact_source("bills", bills_due.of_bills)
    register_rules(*agenda_rules_of_stages())
    wired_rules.register()
    remembered.when_changed(following.answered)


def subscribe_all() -> None:
    """Have agendas looked at anew when something happened to somebody; after all other subscribers."""
    for tie in _FAMILY:
        witness(tie, following.family_changed)
        subscribe(tie, following.look_at_family)
    for own in (*_OWN, *case_events.ALL, *appointment_telling.TOLD):
        witness(own, following.happened)
        subscribe(own, following.look)
    for payment in (BillPaid, BillSettled, BillReturned):
        witness(payment, bills_due.paid)


def register_jobs() -> None:
    """The worker's looks, and the nightly run."""
    register_job(bookkeeping.LOOK, bookkeeping.ToLookAt, bookkeeping.look_again)
    register_timetable("look_through_agendas", "13 0 * * *", nightly.run)
    register_timetable("renew_agendas", "*/5 * * * *", nightly.renew)
