"""What crosses the wire at a terminal's day-end. Amounts are integer fen."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

from app.kernel.structs import Body, View

Count = Annotated[int, Meta(ge=0, le=9_999_999, description="How many.")]
SumFen = Annotated[int, Meta(ge=0, le=999_999_999_999, description="Their sum in fen.")]
LastNumber = Annotated[int, Meta(ge=0, le=999_999_999, description="The last number that was given out, or 0.")]
Number = Annotated[int, Meta(ge=1, le=999_999_999)]
Attempt = Annotated[
    int,
    Meta(ge=1, le=99, description="1 at first; one more each time that the day is closed again with another content."),
]


class Totals(Body, frozen=True):
    """How many of a kind, and their sum."""

    count: Count
    total_fen: SumFen


class OfflineTotals(Body, frozen=True):
    """What the terminal sold without a line and has brought in on this day, but for what was refused; and where its numbers stand."""

    count: Count
    total_fen: SumFen
    last_counter: LastNumber
    last_batch: LastNumber


class DayEnd(Body, frozen=True):
    """A terminal's totals of a business day, by the times on its receipts.

    `last_sequence` is the last number that it gave out on this day or before; `unused_sequences` are numbers that it gave out and of
    which nothing came: a code that couldn't be read, a request that it never sent.
    """

    day: date
    payments: Totals
    refunds: Totals
    reversals: Totals
    last_sequence: LastNumber
    attempt: Attempt = 1
    declined_count: Count | None = None
    offline: OfflineTotals | None = None
    unused_sequences: Annotated[tuple[Number, ...], Meta(max_length=1000)] = ()


class KnownTotals(View, frozen=True):
    """How many of a kind the ledger has, and their sum."""

    count: int
    total_fen: int


class KnownOfflineTotals(View, frozen=True):
    """What was brought in, but for what was refused, with the last numbers; `missing_batches` lie between those that came."""

    count: int
    total_fen: int
    last_counter: int
    last_batch: int
    missing_batches: list[int]


class Numbers(View, frozen=True):
    """Numbers in a row, from `first` to `last`, both included."""

    first: int
    last: int


class DayEndAnswer(View, frozen=True):
    """What the ledger has of the terminal's business day, which lasts from `begins_at` until just before `ends_at`.

    `last_sequence` is the highest number that is known until then. `agrees` says that nothing `differs`: money, missing numbers (given out by the terminal, unknown here; at most a hundred ranges),
    or `unexpected_sequences` (known here, and told as unused or above the last). Then upload or reverse what is missing, and close again.
    """

    day: date
    attempt: int
    agrees: bool
    begins_at: datetime
    ends_at: datetime
    payments: KnownTotals
    refunds: KnownTotals
    reversals: KnownTotals
    declined_count: int
    last_sequence: int
    offline: KnownOfflineTotals
    differs: list[str]
    missing_sequences: list[Numbers]
    unexpected_sequences: list[int]
