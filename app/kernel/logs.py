"""Logs: one JSON object a line, allow-listed fields only, so that no person's data can slip in.

Of an exception a line tells the class and the places in our own files. Of a library's line it tells the text as its author wrote
it, before anything was filled in, and where it stands; a text without anything to fill in may have been put together before, and
isn't told.
"""

import logging
import re
import sys
from typing import Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from app.kernel import failures
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
        *("job", "id", "error", "department", "service", "request_id", "code", "name", "count", "seconds", "place"),
    }
)


_TALKATIVE: Final = ("httpx", "httpcore", "pgqueuer", "_granian")
"""Libraries that set their own level; what they say below a warning holds addresses with ids in them."""


_PERSONAL: Final = (
    (re.compile(r"(?<![0-9])([1-9][0-9]{5})[0-9]{8}([0-9]{3}[0-9Xx])(?![0-9])"), r"\1********\2"),
    (re.compile(r"(?<![0-9])(1[3-9][0-9])[0-9]{4}([0-9]{4})(?![0-9])"), r"\1****\2"),
    (re.compile(r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"), "[token]"),
)
"""Identity numbers, phones, and tokens: a field that names something may carry them all the same."""


def configure(settings: Settings) -> None:
    """Set this process's logging up, for our own lines and for the libraries' warnings."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    handler = logging.StreamHandler(sys.stdout)
    handler.addFilter(_remember_text)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=_processors(foreign=True)))
    quiet = max(level, logging.WARNING)
    logging.basicConfig(level=quiet, handlers=[handler])
    for library in _TALKATIVE:
        logging.getLogger(library).setLevel(quiet)
    structlog.configure(
        processors=_processors(foreign=False), wrapper_class=structlog.make_filtering_bound_logger(level)
    )


def _processors(*, foreign: bool) -> list[Processor]:
    start = [_of_a_library, structlog.stdlib.ProcessorFormatter.remove_processors_meta] if foreign else []
    return [
        *start,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        _only_allowed,
        _failure_told,
        _masked,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


def _remember_text(record: logging.LogRecord) -> bool:
    """Keep the text of a line as it was written, before the formatter fills it in."""
    record.text = str(record.msg) if record.args else ""
    return True


def _of_a_library(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    record: logging.LogRecord = event["_record"]
    told = {"event": record.__dict__["text"], "name": record.name, "place": f"{record.module}.py:{record.lineno}"}
    return {**event, **told}


def _failure_told(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    failure = failures.told(event.pop("exc_info", None))
    return {**event, "exception": failure} if failure else event


def _only_allowed(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {name: value for name, value in event.items() if name in _ALLOWED or name == "exc_info"}


def _masked(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {name: masked(value) if isinstance(value, str) else value for name, value in event.items()}


def masked(text: str) -> str:
    """A text in which identity numbers and phones show only their ends, and tokens nothing."""
    for pattern, shown in _PERSONAL:
        text = pattern.sub(shown, text)
    return text
