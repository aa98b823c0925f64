"""How much of a day is played, and what goes wrong in it. Pure: the same seed gives the same day."""

import math
import random
from typing import Final

import msgspec

TILLS: Final = (
    *("honest", "never_sent", "forgotten", "told_unused", "two_cards"),
    *("refund_forgotten", "overclaimed", "silent", "told_again"),
)
"""What is wrong with a till, one thing with each."""
BUSES: Final = ("honest", "misreported", "bad_sales", "bad_batches")
"""What is wrong with a bus."""
PAYMENT_FAULTS: Final = frozenset({"never_sent", "forgotten", "told_unused", "two_cards", "refund_forgotten"})
"""Those of them that are about single payments."""


class Scale(msgspec.Struct, frozen=True):
    """So many payments over so many terminals, a fifth of them buses without a line; `faulty` is the share that goes wrong."""

    payments: int
    terminals: int
    cards: int
    phones: int
    merchants: int
    connections: int
    seed: int = 1
    faulty: float = 0.01

    @property
    def buses(self) -> int:
        """How many of the terminals have no line; one of each kind at the least."""
        return max(self.terminals // 5, len(BUSES))

    @property
    def each(self) -> int:
        """Payments of a terminal."""
        return math.ceil(self.payments / self.terminals)

    @property
    def faults(self) -> int:
        """Faulty payments of a till whose payments go wrong, so that `faulty` of all payments do."""
        share = len(PAYMENT_FAULTS) / len(TILLS)
        return max(1, math.ceil(self.each * self.faulty / share))

    def dice(self, terminal: int) -> random.Random:
        """Chance as it falls for a terminal."""
        return random.Random(self.seed * 1_000_003 + terminal)


SMALL: Final = Scale(payments=300, terminals=13, cards=60, phones=24, merchants=4, connections=8)
WHOLE: Final = Scale(payments=200_000, terminals=500, cards=20_000, phones=2_000, merchants=40, connections=48)
MIDDLE: Final = Scale(payments=12_000, terminals=60, cards=5_000, phones=500, merchants=8, connections=48)
SCALES: Final = {"small": SMALL, "middle": MIDDLE, "whole": WHOLE}
