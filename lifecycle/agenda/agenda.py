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
    items = [item for name in _sources for item in await _asked(name, citizen, today)]
    return sorted(items, key=lambda item: (_ORDER[item.standing], item.due_on or item.from_on or date.max, item.code))


async def _asked(name: str, citizen: Citizen, today: date) -> list[AgendaItem]:
    try:
        return await _sources[name](citizen, today)
    except Unavailable:
        _log.warning("agenda_source_unavailable", source=name)
        return []
