"""What `fuhai check` says of exchanges: whether they are proved in time."""

from datetime import timedelta
from typing import Final

from app.exchanges.proving import PROVER
from app.kernel import clock
from app.kernel.database import fetch_one, transaction
from app.kernel.settings import Settings

_LATE: Final = timedelta(minutes=10)
_WAITING: Final = """
SELECT count(*) AS waiting, min(m.at) AS since FROM unproved_exchange u
JOIN exchange_message m ON m.shard = u.shard AND m.id = u.id
"""


class ExchangesNotProved(Exception):  # noqa: N818 - a finding, named as a fact
    """Signatures of departments wait for their proof for too long."""


async def exchange_finding(_settings: Settings) -> str:
    """How many exchanges wait to be proved; raises `ExchangesNotProved` where one has waited for ten minutes."""
    async with transaction(PROVER):
        row = await fetch_one(_WAITING)
    waiting = row["waiting"] if row else 0
    if row is not None and row["since"] is not None and clock.now() - row["since"] > _LATE:
        message = f"{waiting} wait to be proved, since {clock.local(row['since']):%F %R}; see the worker's log"
        raise ExchangesNotProved(message)
    return f"{waiting} wait to be proved"
