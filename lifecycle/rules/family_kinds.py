"""The kinds of fact about relatives who died, with the shapes of their values. Pure."""

from datetime import date
from typing import Final, Literal
from uuid import UUID

import msgspec

from app.kernel.words import Words
from lifecycle.rules.facts import FactKind, fact_kind

Relative = Literal["spouse", "parent", "child"]


class Bereavement(msgspec.Struct, frozen=True, kw_only=True):
    """A relative who died: what they were to the person, when they were born, and as what the person survives them.

    The `closest` see to what is to be done; a `minor_child` has rights of its own that none of the closest claims for it.
    """

    relative: UUID
    relation: Relative
    birth_date: date | None = None
    died_on: date
    survives: Literal["closest", "minor_child", "relative"]


BEREAVEMENTS: Final[FactKind[tuple[Bereavement, ...]]] = fact_kind(
    "bereavements", tuple[Bereavement, ...], Words(zh="去世的亲属", en="relatives who died")
)
DEATHS_TAKEN_BACK: Final[FactKind[tuple[date, ...]]] = fact_kind(
    "deaths_taken_back",
    tuple[date, ...],
    Words(zh="您撤回的“亲人去世”", en="deaths in the family that you took back"),
)
