"""What `fuhai check` says of exchanges: whether they are proved in time, and what came of answers that were promised."""

from datetime import timedelta
from typing import Final

from app.exchanges.proving import PROVER
from app.kernel import clock
from app.kernel.database import fetch_all, fetch_one, transaction
from app.kernel.settings import Settings

_LATE: Final = timedelta(minutes=10)
_LATELY: Final = timedelta(days=7)
_PROMISED: Final = """
SELECT count(*) AS promised, count(*) FILTER (WHERE expected_by < $1) AS overdue FROM awaited_answer WHERE ask_again_at IS NOT NULL
"""
_REFUSED: Final = "SELECT flaw, count(*) AS times FROM exchange_finding WHERE at > $1 GROUP BY flaw ORDER BY flaw"
_WAITING: Final = """
SELECT count(*) AS waiting, min(m.at) AS since FROM unproved_exchange u
JOIN exchange_message m ON m.shard = u.shard AND m.id = u.id
"""


class ExchangesNotProved(Exception):  # noqa: N818 - a finding, named as a fact
    """Signatures of departments wait for their proof for too long."""


class LateAnswersRefused(Exception):  # noqa: N818 - a finding, named as a fact
    """Departments gave late answers that contradict what they said before, or are no answers to what was asked."""


async def exchange_finding(_settings: Settings) -> str:
    """How many exchanges wait to be proved; raises `ExchangesNotProved` where one has waited for ten minutes."""
    async with transaction(PROVER):
        row = await fetch_one(_WAITING)
    waiting = row["waiting"] if row else 0
    if row is not None and row["since"] is not None and clock.now() - row["since"] > _LATE:
        message = f"{waiting} wait to be proved, since {clock.local(row['since']):%F %R}; see the worker's log"
        raise ExchangesNotProved(message)
    return f"{waiting} wait to be proved"


async def late_answers_finding(_settings: Settings) -> str:
    """How many answers are awaited; raises `LateAnswersRefused` where some were refused within a week."""
    now = clock.now()
    async with transaction(PROVER):
        row = await fetch_one(_PROMISED, now)
        refused = await fetch_all(_REFUSED, now - _LATELY)
    if refused:
        told = ", ".join(f"{one['flaw']} ({one['times']})" for one in refused)
        message = (
            f"refused within {_LATELY.days} days: {told}; exchanges of the outcome `wrong` have them word for word"
        )
        raise LateAnswersRefused(message)
    return f"{row['promised'] if row else 0} are awaited, {row['overdue'] if row else 0} of them overdue"
