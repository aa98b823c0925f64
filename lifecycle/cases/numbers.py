"""Case numbers (办件号) that people can say: YT, the day, two digits of the stage, six of a sequence."""

from datetime import date
from typing import Final

from app.kernel.database import fetch_value

PREFIX: Final = "YT"
STAGES: Final = frozenset(f"{stage:02d}" for stage in range(1, 12))


def case_number(day: date, stage_code: str, serial: int) -> str:
    """Write the number of the `serial`-th case (0–999999) of a stage on a day."""
    return f"{PREFIX}{day:%Y%m%d}{stage_code}{serial:06d}"


async def next_number(day: date, stage_code: str) -> str:
    """Take the next number of a stage. It waits for nobody; a case that isn't submitted after all leaves a gap."""
    if stage_code not in STAGES:
        message = f"not a stage: {stage_code!r}"
        raise ValueError(message)
    serial: int = await fetch_value(f"SELECT nextval('case_number_{stage_code}')")
    return case_number(day, stage_code, serial % 1_000_000)
