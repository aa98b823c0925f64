"""What the stage of social security registers beside its queries and applications: what it puts on the agenda."""

from lifecycle.agenda.items import register_rules
from lifecycle.facts.of_departments import register_meaning
from lifecycle.social_security.agenda import FACT, RULES, allowances


def register() -> None:
    """Register the stage; doing it again changes nothing."""
    register_meaning(FACT, allowances)
    register_rules(*RULES)
