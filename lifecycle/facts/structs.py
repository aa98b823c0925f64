"""Facts on the wire."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from app.kernel.structs import Body, Line, View
from app.kernel.words import Words
from app.privacy.structs import NewCorrection
from lifecycle.facts.declarable import MOST_FEN


class CorrectView(View, frozen=True):
    """How a value is corrected: by declaring another (`declareFact`), or by asking its source (`askCorrection`) with this very body."""

    operation: Literal["askCorrection", "declareFact"]
    body: NewCorrection | None


class SaidView(View, frozen=True, kw_only=True):
    """One value: who says so (a department's code or a room's name), as of which day, and how sure that is.

    `holds` marks the one that rules use. `correct` is null where nobody corrects it on request, and for a ward who is 14
    or in somebody else's custody.
    """

    value: Any
    source: str
    source_name: Words
    as_of: date
    confidence: Literal["registered", "told", "declared"]
    holds: bool
    correct: CorrectView | None


class FactView(View, frozen=True, kw_only=True):
    """A kind of fact with everything that is said of it, the surest first.

    `disagree`: sources say different things. `disputed`: so do equally sure ones, so that no rule uses any of them.
    """

    kind: str
    title: Words
    said: list[SaidView]
    disagree: bool
    disputed: bool
    asked_by: str | None
    declarable: bool


class MissingView(View, frozen=True, kw_only=True):
    """A fact that rules look for and nobody has said: the matter that asks for it, and the matters for which it is needed."""

    kind: str
    title: Words
    asked_by: str | None
    declarable: bool
    needed_for: tuple[str, ...]


class FactsView(View, frozen=True, kw_only=True):
    """What is known of a person on a day, and what is missing."""

    subject_id: UUID
    as_of: date
    facts: list[FactView]
    missing: list[MissingView]


class FamilyFactsView(View, frozen=True):
    """What is known of oneself, first, and of each ward: nobody else of the family, however near."""

    people: list[FactsView]


class DeclaredFact(Body, frozen=True):
    """A value of the kind in the address, about oneself if nobody is named. Amounts are fen, dates `YYYY-MM-DD`."""

    value: bool | Annotated[int, Meta(ge=0, le=MOST_FEN)] | Line
    person_id: UUID | None = None

    def __repr__(self) -> str:
        """Show nothing, because what is printed ends in a log."""
        return "DeclaredFact(…)"
