"""The life page on the wire."""

from datetime import date, datetime

from app.card.structs import CardView
from app.kernel.structs import View
from app.kernel.words import Words
from app.records.structs import TimelineEntry
from lifecycle.agenda.structs import AgendaItem
from lifecycle.cases.structs import CaseSummary


class StageStanding(View, frozen=True, kw_only=True):
    """A stage of life: how many things are next in it and which comes first, how many cases are open, how many matters work online."""

    slug: str
    name: Words
    text: Words
    next: int
    first: Words | None
    open_cases: int
    live_matters: int


class FreshnessView(View, frozen=True, kw_only=True):
    """Who told something that the agenda rests on (a department's code, or a part of the portal), and as of which day."""

    source: str
    name: Words
    as_of: date


class LifePage(View, frozen=True, kw_only=True):
    """A citizen's life on one page. `unread` counts notices; `card` is null until one is opened.

    `sources` says how fresh the agenda is; what is old is being asked for behind.
    """

    as_of: datetime
    name: str | None
    level: int
    stages: list[StageStanding]
    agenda: list[AgendaItem]
    open_cases: list[CaseSummary]
    unread: int
    card: CardView | None
    recent: list[TimelineEntry]
    sources: list[FreshnessView]
