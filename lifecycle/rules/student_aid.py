"""What aid comes to in a term, and from when it may be granted. Pure.

Sources: 教育法 art. 38; 学生资助资金管理办法 (general knowledge); the sums and days are dated parameters.
"""

from datetime import date, timedelta

from app.kernel.calendar import add_working_days
from lifecycle.rules.parameters import Reading


def term_fen(stage: str, reading: Reading) -> int:
    """What a stage's aid is in a term, in fen, whole fen rounded down; refuses (`KeyError`) a stage without aid."""
    return reading.get("student_aid.year_fen", dict[str, int])[stage] // reading.number("student_aid.terms")


def grantable_from(accepted_on: date, reading: Reading) -> date:
    """The first day on which aid may be granted: after the result was published for its working days, the day of acceptance not counted."""
    return add_working_days(accepted_on, reading.number("student_aid.publicity_working_days")) + timedelta(days=1)


def term_starts(term: str) -> date:
    """The first day of a term: `2026-1` is the autumn of the school year 2026, `2026-2` the spring after it."""
    year, number = (int(part) for part in term.split("-"))
    return date(year, 9, 1) if number == 1 else date(year + 1, 3, 1)
