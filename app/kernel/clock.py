"""The only file that knows what time it is.

Instants are aware and shown at +08:00; civil dates are those of Shanghai. The offset setting moves the whole product to
another day, so that a test or the sandbox can live in another year.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

from app.kernel.settings import load

SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
MICROSECOND: Final = timedelta(microseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, 8, tzinfo=SHANGHAI)


def now() -> datetime:
    """The present instant, at +08:00."""
    offset_seconds = load().clock_offset_seconds
    return datetime.now(SHANGHAI) + timedelta(seconds=offset_seconds) if offset_seconds else datetime.now(SHANGHAI)


def today() -> date:
    """The civil date in Shanghai."""
    return now().date()


def seconds_left_today() -> int:
    """Whole seconds until the next civil day begins, at least one."""
    instant = now()
    tomorrow = datetime.combine(instant.date() + timedelta(days=1), time(), SHANGHAI)
    return max(int((tomorrow - instant).total_seconds()), 1)


def local(instant: datetime) -> datetime:
    """The same instant at +08:00."""
    return instant.astimezone(SHANGHAI)


def epoch_seconds() -> int:
    """Whole seconds since 1970, as tokens and signatures carry them."""
    return epoch_micros() // 1_000_000


def epoch_micros() -> int:
    """Whole microseconds since 1970."""
    return to_epoch_micros(now())


def from_epoch(seconds: float) -> datetime:
    """The instant of a number of seconds since 1970, at +08:00."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(SHANGHAI)


def from_epoch_micros(microseconds: int) -> datetime:
    """The instant of a number of microseconds since 1970, at +08:00."""
    return _EPOCH + timedelta(microseconds=microseconds)


def to_epoch_micros(instant: datetime) -> int:
    """Microseconds from 1970 to an instant."""
    return (instant - _EPOCH) // MICROSECOND


def unshifted() -> datetime:
    """The present instant without the offset setting, for outside servers that go by their own clock."""
    return datetime.now(SHANGHAI)
