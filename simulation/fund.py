"""Where money goes: each payment from one account to another, so that all of them together are always nothing.

A benefit is paid once for a person, a benefit and a period, whatever is asked again.
"""

from collections import Counter
from uuid import UUID


class PaidTwice(Exception):  # noqa: N818 - named as a fact
    """A benefit of a period was paid to somebody twice."""


class Fund:
    """The town's money."""

    def __init__(self) -> None:
        self.balances: Counter[str] = Counter()
        self.paid: dict[tuple[UUID, str, str], int] = {}
        self.payments = 0
        self.repeats = 0

    def move(self, payer: str, payee: str, amount_fen: int) -> None:
        """Move an amount from one account to another."""
        if amount_fen < 0:
            message = f"{payer} pays {payee} {amount_fen} fen"
            raise ValueError(message)
        self.balances[payer] -= amount_fen
        self.balances[payee] += amount_fen
        self.payments += 1

    def pay_benefit(self, person: UUID, benefit: str, period: str, amount_fen: int) -> bool:
        """Pay a benefit of a period; a repeat pays nothing, and says so."""
        place = (person, benefit, period)
        if place in self.paid:
            self.repeats += 1
            return False
        self.paid[place] = amount_fen
        self.move(f"fund.{benefit}", "people", amount_fen)
        return True
