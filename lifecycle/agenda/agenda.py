"""Putting an agenda together from what the stages know."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Final

import structlog

from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.errors import Unavailable
from lifecycle.agenda.structs import AgendaItem, Standing

_log = structlog.get_logger()
Source = Callable[[Citizen, date], Awaitable[list[AgendaItem]]]
_ORDER: Final[dict[Standing, int]] = {"overdue": 0, "due": 1, "in_progress": 2, "upcoming": 3}
_sources: Final[dict[str, Source]] = {}


def register_source(name: str, source: Source) -> None:
    """Let a stage say what comes next; called from wiring."""
    _sources[name] = source


async def upcoming(citizen: Citizen) -> list[AgendaItem]:
    """What comes next for the citizen and their wards: what is overdue first, then by day. A silent department hides nothing else."""
    today = clock.today()
    items = _each_once([item for name in _sources for item in await _asked(name, citizen, today)])
    return sorted(items, key=lambda item: (_ORDER[item.standing], item.due_on or item.from_on or date.max, item.code))


def _each_once(items: list[AgendaItem]) -> list[AgendaItem]:
    """Leave out an appointment that another item already names as what it is done by."""
    named = {item.appointment_id for item in items if item.code != _itself(item)}
    return [item for item in items if item.code != _itself(item) or item.appointment_id not in named]


def _itself(item: AgendaItem) -> str | None:
    """The code of the item that is nothing but this item's appointment."""
    return None if item.appointment_id is None else f"appointment.{item.appointment_id}"


async def _asked(name: str, citizen: Citizen, today: date) -> list[AgendaItem]:
    try:
        return await _sources[name](citizen, today)
    except Unavailable:
        _log.warning("agenda_source_unavailable", source=name)
        return []
