"""What the stage of housing registers beside its queries and applications: what it puts on the agenda."""

from lifecycle.agenda.items import register_rules
from lifecycle.facts.of_departments import register_meaning
from lifecycle.housing.agenda import FACT, RULES, homes


def register() -> None:
    """Register the stage; doing it again changes nothing."""
    register_meaning(FACT, homes)
    register_rules(*RULES)
