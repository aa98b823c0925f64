"""Logs: one JSON object a line, allow-listed fields only, so that no person's data can slip in."""

import logging
import sys
from typing import Final

import structlog
from structlog.typing import EventDict, WrappedLogger

from app.kernel.settings import Settings

_ALLOWED: Final = frozenset(
    {
        *(
            "event",
            "level",
            "timestamp",
            "exception",
            "method",
            "template",
            "status",
            "milliseconds",
            "kind",
            "attempts",
        ),
        *("job", "id", "error", "department", "service", "request_id", "code", "name", "count", "seconds"),
    }
)


_TALKATIVE: Final = ("httpx", "httpcore", "pgqueuer", "_granian")
"""Libraries that set their own level; what they say below a warning holds addresses with ids in them."""


def _only_allowed(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {name: value for name, value in event.items() if name in _ALLOWED or name == "exc_info"}


def configure(settings: Settings) -> None:
    """Set this process's logging up, for our own lines and for the libraries' warnings."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    quiet = max(level, logging.WARNING)
    logging.basicConfig(level=quiet, format="%(message)s", stream=sys.stdout, force=True)
    for library in _TALKATIVE:
        logging.getLogger(library).setLevel(quiet)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            _only_allowed,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
