"""Days on which a test lets the city be asked."""

from datetime import date, datetime, time

import pytest

from app.kernel import clock
from app.kernel.clock import SHANGHAI

NOON = time(12)


def let_it_be(monkeypatch: pytest.MonkeyPatch, day: date, at: time = NOON) -> datetime:
    """Let it be a day and time, and give the instant."""
    moment = datetime.combine(day, at, SHANGHAI)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment
