"""Telling whoever runs the portal that a rule fails: its name, the kind of error and for how many people, never for whom."""

from collections import Counter
from collections.abc import Iterable

import structlog

from lifecycle.rules.failing import Failure

_log = structlog.get_logger()


def note(failures: Iterable[Failure]) -> None:
    """Log failures, each once with how many people it was for."""
    for failure, people in Counter(failures).items():
        _log.error("rule_failed", rule=failure.rule, error=failure.error, where=failure.where, people=people)
