"""What the stage of housing registers beside its queries and applications: what it puts on the agenda."""

from lifecycle.agenda.agenda import register_source
from lifecycle.housing.agenda import CODE, agenda


def register() -> None:
    """Register the stage; doing it again changes nothing."""
    register_source(CODE, agenda)
