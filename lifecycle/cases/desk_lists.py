"""The statement of a page of a desk's list: what the officer may see, narrowed to what they ask for, in its order.

A page is read by index however many cases wait, and however few of them are the officer's: from each place that their rights reach to
(`reach.py`) come as many as a page shows, and the first of all those are the page.
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from app.kernel import clock
from app.kernel.actors import NoRight, Officer, granted, may
from app.kernel.structs import Instant, Slug
from lifecycle.cases import decisions, reach
from lifecycle.cases.reach import Given
from lifecycle.cases.states import State

SUPERVISE: Final = "supervise"
_ORDERS: Final = {"submitted": "e.submitted_at", "due": "e.due_on"}
_OFFICE_IS_AWAITED: Final = "e.due_on IS NOT NULL AND e.clock <> 'correction'"
DivisionPrefix = Annotated[
    str, Meta(pattern=r"\A[0-9]{2,12}\Z", description="A division (GB/T 2260) and all below it.")
]


Order = Literal["submitted", "due"]


class DeskFilter(msgspec.Struct, frozen=True):
    """What an officer looks for: a matter, a division (and all below it), a state, what is due by a day or is late already.

    `mine` are claimed by whoever asks, `proposed` wait for a second officer, `escalated` are for supervisors. By `order` the longest
    waiting comes first, or what is due first; by the latter only what the office must do by a day is listed.
    """

    matter: Slug | None = None
    division: DivisionPrefix | None = None
    state: State | None = None
    due_by: date | None = None
    overdue: bool = False
    mine: bool = False
    proposed: bool = False
    escalated: bool = False
    order: Order = "submitted"


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ended: the oldest submission comes first."""

    submitted_at: Instant
    case_id: UUID


class DuePlace(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ended: what is due first comes first."""

    due_on: date
    case_id: UUID


def statement(
    officer: Officer, wanted: DeskFilter, after: Place | DuePlace | None, count: int
) -> tuple[str, list[object]]:
    """The statement of the first `count` cases of a list after a place, with its arguments.

    Refuses `NoRight` whoever asks for escalated cases and supervises nothing.
    """
    arguments: list[object] = []

    def given(value: object) -> str:
        arguments.append(value)
        return f"${len(arguments)}"

    by = _ORDERS[wanted.order]
    always = [f"e.department = {given(officer.department)}", *_narrowed(officer, wanted, given)]
    if after is not None:
        key = after.due_on if isinstance(after, DuePlace) else after.submitted_at
        always.append(f"({by}, e.case_id) > ({given(key)}, {given(after.case_id)})")
    rest = f"ORDER BY {by}, e.case_id LIMIT {given(count)}"
    parts = [
        f"SELECT * FROM desk_entry e WHERE {' AND '.join([*always, *place.conditions(given)])} {rest}"
        for place in _places(officer, wanted)
    ] or [f"SELECT * FROM desk_entry e WHERE {' AND '.join([*always, 'false'])} {rest}"]
    if len(parts) == 1:
        return parts[0], arguments
    return f"SELECT DISTINCT ON ({by}, e.case_id) * FROM (({') UNION ALL ('.join(parts)})) e {rest}", arguments


def _places(officer: Officer, wanted: DeskFilter) -> tuple[reach.Place, ...]:
    """The places that hold what the officer may see of what they want: all of the department, where they supervise."""
    asked, today = reach.Place(wanted.matter, wanted.division), clock.today()
    if not wanted.escalated:
        return reach.places(*granted(officer, decisions.RIGHT, today), asked)
    if not may(officer, SUPERVISE, None, None, today):
        raise NoRight(action=SUPERVISE)
    return (asked,)


def _narrowed(officer: Officer, wanted: DeskFilter, given: Given) -> Iterator[str]:
    """The conditions that narrow a list to what is asked for, beside the place."""
    if wanted.order == "due" or wanted.due_by is not None or wanted.overdue:
        yield _OFFICE_IS_AWAITED
    asked: tuple[tuple[str, object], ...] = (
        ("e.due_on <= {}", wanted.due_by),
        ("e.due_on < {}", clock.today() if wanted.overdue else None),
        ("e.state = {}", wanted.state and wanted.state.value),
        ("e.officer_id = {}", officer.id if wanted.mine else None),
    )
    yield from (condition.format(given(value)) for condition, value in asked if value is not None)
    if wanted.proposed:
        yield "e.proposed"
    if wanted.escalated:
        yield "e.escalated"
