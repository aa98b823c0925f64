"""What the stage of birth registers: its form, its live query, and what it puts on the agenda."""

from integrations.departments.directory import HEALTH
from integrations.departments.health import IMMUNISATIONS, Health
from integrations.departments.police import Police
from lifecycle.agenda.items import register_rules
from lifecycle.agenda.refreshing import register_refresher
from lifecycle.appointments.purposes import register_purposes
from lifecycle.birth.agenda import IMMUNISATION, RULES
from lifecycle.birth.dose_bookings import DoseBookings
from lifecycle.birth.household_registration import BirthHouseholdRegistration
from lifecycle.birth.immunisations import (
    FACT,
    ChildQuestion,
    Immunisations,
    ImmunisationsView,
    doses,
    keep_late,
)
from lifecycle.cases.forms import register_form
from lifecycle.facts.of_departments import register_meaning
from lifecycle.queries.late import keep_by
from lifecycle.queries.registry import LiveQuery, register_query
from lifecycle.rules.fact_kinds import DOSES


def register(police: Police, health: Health) -> None:
    """Register the stage with the departments' ports; doing it again replaces the ports."""
    immunisations = Immunisations(health)
    register_form(BirthHouseholdRegistration(police, health))
    register_query(
        LiveQuery(IMMUNISATION, ChildQuestion, immunisations.query, frozenset({"health"}), ImmunisationsView)
    )
    keep_by(HEALTH, IMMUNISATIONS.service, keep_late)
    register_purposes(IMMUNISATION, DoseBookings(immunisations))
    register_meaning(FACT, doses, refreshed=True)
    register_rules(*RULES)
    register_refresher(DOSES.name, immunisations.refresh)
