"""What the day should have come to: every card, every merchant, and the discrepancies of what was made to go wrong."""

from collections import Counter, defaultdict
from typing import Any
from uuid import UUID

import msgspec


class Expected(msgspec.Struct, frozen=True):
    """A discrepancy that has to be found: its kind, what it is about, and how much money it names."""

    kind: str
    about: str
    amount_fen: int | None


class Books:
    """Kept while the day is played."""

    def __init__(self) -> None:
        self.moved: dict[UUID, int] = defaultdict(int)
        """By card: what came onto it, less what it paid, in fen."""
        self.merchants: dict[str, Counter[str]] = defaultdict(Counter)
        """By merchant: fen of payments, refunds and reversals."""
        self.expected: list[Expected] = []
        self.held: set[UUID] = set()
        """Payments that have to be kept from payout."""
        self.faults: Counter[str] = Counter()
        self.asked = 0

    def paid(self, card: UUID, merchant: str, amount_fen: int) -> None:
        """A payment was posted."""
        self.moved[card] -= amount_fen
        self.merchants[merchant]["payments"] += amount_fen

    def given_back(self, card: UUID, merchant: str, amount_fen: int, how: str) -> None:
        """A refund or reversal was posted."""
        self.moved[card] += amount_fen
        self.merchants[merchant][how] += amount_fen

    def fault(self, name: str, *expected: Expected) -> None:
        """Something went wrong that has to be found as exactly this."""
        self.faults[name] += 1
        self.expected.extend(expected)


def require(holds: object, otherwise: Any) -> None:
    """Go on only if something holds."""
    if not holds:
        raise AssertionError(otherwise)
