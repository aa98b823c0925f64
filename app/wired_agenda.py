"""What agendas are worked out from, beside what stages register themselves, and when they are looked at anew."""

from typing import Final

from app import wired_rules
from app.card.events import CardActivated, CardOpened, CardReportedFound, CardReportedLost, CardWasReplaced
from app.identity.events import NameChanged, RealNameProved
from app.kernel.events import Event, subscribe, witness
from app.kernel.jobs import register_job, register_timetable
from app.privacy.events import ConsentEnded, ConsentGiven
from app.residents import events as residents_events
from lifecycle.agenda import booked, bookkeeping, expiring, following, nightly
from lifecycle.agenda.items import AgendaRule, register_rules
from lifecycle.agenda.lacking import lacked
from lifecycle.appointments import telling as appointment_telling
from lifecycle.bills import due as bills_due
from lifecycle.bills.events import BillPaid, BillReturned, BillSettled
from lifecycle.cases import events as case_events
from lifecycle.facts import changed
from lifecycle.facts.declaring import of_declared
from lifecycle.facts.gathering import register_fact_source
from lifecycle.facts.of_departments import of_departments
from lifecycle.facts.of_office import of_office
from lifecycle.facts.of_residents import of_resident
from lifecycle.facts.wanted import register_wants
from lifecycle.licences.events import LicenceChanged, LicenceIssued
from lifecycle.life_events import by_date, from_departments, passing_time, suggesting
from lifecycle.life_events import events as life_events
from lifecycle.life_events import telling as life_event_telling
from lifecycle.life_events.facts import of_life_events
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
    residents_events.Married,
    residents_events.Parted,
)
_OWN: Final[tuple[type[Event], ...]] = (
    RealNameProved,
    NameChanged,
    ConsentGiven,
    ConsentEnded,
    LicenceIssued,
    LicenceChanged,
    CardOpened,
    CardReportedLost,
    CardReportedFound,
    CardActivated,
    CardWasReplaced,
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
    register_fact_source("life_events", of_life_events)
    register_fact_source("declared", of_declared)
    wired_rules.register()
    register_rules(*agenda_rules_of_stages())
    remembered.when_changed(following.answered)
    remembered.when_changed(suggesting.order)
    changed.when_changed(following.answered)
    register_wants("agenda", lacked)


def subscribe_all() -> None:
    """Have life events come in, and agendas looked at anew, when something happened to somebody; after all other subscribers."""
    _subscribe_to_life_events()
    for tie in _FAMILY:
        witness(tie, following.family_changed)
        subscribe(tie, following.look_at_family)
    witness(residents_events.PersonDied, following.died)
    subscribe(residents_events.PersonDied, following.look_at_bereaved)
    for own in (*_OWN, *case_events.ALL, *appointment_telling.TOLD):
        witness(own, following.happened)
        subscribe(own, following.look)
    for payment in (BillPaid, BillSettled, BillReturned):
        witness(payment, bills_due.paid)


def _subscribe_to_life_events() -> None:
    """What departments told comes in; what stands or is taken back is filed and told."""
    subscribe(residents_events.ChildBorn, from_departments.on_child_born)
    subscribe(residents_events.PersonDied, from_departments.on_died)
    subscribe(residents_events.Married, from_departments.on_married)
    subscribe(residents_events.Parted, from_departments.on_parted)
    subscribe(residents_events.WardLeftAlone, from_departments.on_ward_left_alone)
    subscribe(life_events.LifeEventStood, life_event_telling.on_stood)
    subscribe(life_events.LifeEventTakenBack, life_event_telling.on_taken_back)
    subscribe(life_events.LifeEventSuggested, life_event_telling.on_suggested)


def register_jobs() -> None:
    """The worker's looks, and the nightly run."""
    register_job(suggesting.SUGGEST, suggesting.ToSuggest, suggesting.look)
    register_timetable("end_past_life_events", "5 0 * * *", passing_time.end_past)
    register_timetable("look_through_life_events", "7 0 * * *", by_date.look_through)
    register_job(bookkeeping.LOOK, bookkeeping.ToLookAt, bookkeeping.look_again)
    register_timetable("look_through_agendas", "13 0 * * *", nightly.run)
    register_timetable("renew_agendas", "*/5 * * * *", nightly.renew)
