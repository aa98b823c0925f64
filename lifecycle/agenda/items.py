"""What an agenda rule gives: items with their days. Pure, and the same in the database and in a simulated town.

An item has a code that names it for good within its person, the day on which it opens, perhaps the day by which it should be
done, and perhaps the first day on which it makes no sense any more (`lapses`).
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import Final
from uuid import UUID

import msgspec

from app.kernel.actors import DataClass
from app.kernel.assurance import LEVEL_TO_READ
from app.kernel.words import Words
from lifecycle.rules.failing import contained
from lifecycle.rules.looking import Looking


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing to do. `done_on` where what is known says that it is done."""

    code: str
    matter: str | None
    title: Words
    why: Words
    opens: date | None
    due: date | None = None
    lapses: date | None = None
    done_on: date | None = None
    remind: tuple[date, ...] = ()
    in_sight: date | None = None
    """The first day on which it is kept; a year and a little before it opens, where nothing is said."""
    quiet: bool = False
    """Somebody else reminds of it already."""
    level: int = 0
    """The lowest level of assurance that is shown it."""
    bundle: str | None = None
    case_id: UUID | None = None
    appointment_id: UUID | None = None
    late: bool = False
    """Overdue although its day isn't past, or it has none."""
    by_case: bool = True
    """Whether a case of its matter does it."""
    under_way: bool = False
    """Something is being done about it already: a case is open, or a visit is booked."""


class AgendaRule(msgspec.Struct, frozen=True):
    """A rule of a stage. `work` gives all items that it knows of, also those far ahead; what is near enough is kept."""

    name: str
    stage: str
    work: Callable[[Looking], Iterable[Item]]
    after_death: bool = False
    """Whether it looks at the dead instead of the living."""


def reading(data: DataClass, work: Callable[[Looking], Iterable[Item]]) -> Callable[[Looking], Iterable[Item]]:
    """Have what a rule gives shown only from the level on that reading such data asks for, as the department's query does."""

    def leveled(looking: Looking) -> Iterable[Item]:
        return (msgspec.structs.replace(item, level=max(item.level, LEVEL_TO_READ[data])) for item in work(looking))

    return leveled


_RULES: Final[dict[str, AgendaRule]] = {}


def register_rules(*rules: AgendaRule) -> None:
    """Have rules looked at; called from wiring. Doing it again replaces them."""
    _RULES.update({rule.name: rule for rule in rules})


def agenda_rules() -> tuple[AgendaRule, ...]:
    """Every rule, in the order in which stages registered them; one that fails unforeseen refuses `RuleFailed`."""
    return tuple(_contained(rule) for rule in _RULES.values())


@cache
def _contained(rule: AgendaRule) -> AgendaRule:
    return msgspec.structs.replace(rule, work=contained(rule.name, lambda looking: tuple(rule.work(looking))))
