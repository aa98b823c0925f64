"""Which facts the agenda's rules look for and don't find."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from lifecycle.agenda.items import agenda_rules
from lifecycle.agenda.outlook import look
from lifecycle.rules.facts import FactKind, Facts, known_kinds


def lacked(facts: Facts, as_of: date) -> Iterable[tuple[FactKind[Any], str | None]]:
    """The kinds without which a rule of the agenda says nothing; pure."""
    kinds = known_kinds()
    for unseen in look(agenda_rules(), facts, as_of).unseen:
        if unseen.lacks in kinds:
            yield kinds[unseen.lacks], None
