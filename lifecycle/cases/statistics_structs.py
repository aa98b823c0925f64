"""The desk's statistics on the wire: numbers of cases, never people, and no officer's."""

from datetime import date, datetime

from app.kernel.structs import View
from app.kernel.words import Words


class StateCount(View, frozen=True):
    """How many cases of a matter stand in one state."""

    state: str
    state_name: Words
    cases: int


class MatterWaiting(View, frozen=True, kw_only=True):
    """What waits of one matter. `due_*` and `overdue` count what the office must do; `due_this_week` is from today to Sunday."""

    matter_code: str
    matter_name: Words
    states: list[StateCount]
    cases: int
    overdue: int
    due_today: int
    due_this_week: int
    oldest: datetime


class DeskSummary(View, frozen=True):
    """What waits of the matters that an officer may handle."""

    items: list[MatterWaiting]


class MatterThroughput(View, frozen=True, kw_only=True):
    """How one matter was decided: working days from submission, and how many of those that had a limit came in time."""

    matter_code: str
    matter_name: Words
    decided: int
    approved: int
    rejected: int
    declined: int
    median_working_days: int | None
    ninetieth_working_days: int | None
    with_limit: int
    in_time: int
    in_time_percent: int | None


class Throughput(View, frozen=True):
    """How the matters that an officer may handle were decided from one day to another, both included."""

    since: date
    until: date
    items: list[MatterThroughput]
