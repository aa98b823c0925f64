"""What is wrong with a terminal's batches, named once, for whoever settles and reconciles."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from app.kernel import clock
from app.kernel.database import execute, fetch_all
from app.kernel.ids import new_plain_id

OF_BATCHES: Final = ("merged", "renumbered", "split", "counter_reused", "rewind")
"""What a batch's own answer tells. Of the others, `edited` and `cloned` are refusals, a `gap` (missing
counters, or the batch of a digest) ends when what is missing comes in, `borne` is to be paid by the issuer, and the rest name why a sale was
refused."""
_NOTE: Final = (
    "INSERT INTO offline_finding (id, principal, merchant_code, kind, about, batch_number, first_counter, last_counter, amount_fen, "
    "found_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT ON CONSTRAINT offline_finding_once DO NOTHING"
)


class Finding(msgspec.Struct, frozen=True):
    """One finding; `about` is what makes it the same when it is found again."""

    kind: str
    about: str
    counters: tuple[int, int] | None = None
    amount_fen: int | None = None


class Whose(msgspec.Struct, frozen=True):
    """The batch that findings are about."""

    principal: str
    merchant_code: str
    batch_number: int


def of_counters(kind: str, first: int, last: int, amount_fen: int | None = None) -> Finding:
    """A finding about a row of counters."""
    about = str(first) if first == last else f"{first}-{last}"
    return Finding(kind, about, (first, last), amount_fen)


async def note(whose: Whose, findings: Iterable[Finding]) -> None:
    """Write findings that weren't known; in the system transaction in progress."""
    for one in findings:
        await execute(
            _NOTE,
            *(new_plain_id(), whose.principal, whose.merchant_code, one.kind, one.about, whose.batch_number),
            *(one.counters or (None, None)),
            *(one.amount_fen, clock.now()),
        )


async def end(principal: str, kind: str, abouts: Sequence[str]) -> None:
    """Say of findings that they are over; in the system transaction in progress."""
    await execute(
        "UPDATE offline_finding SET ended_at = $4 WHERE principal = $1 AND kind = $2 AND about = ANY ($3::text[]) "
        "AND ended_at IS NULL",
        *(principal, kind, list(abouts), clock.now()),
    )


async def of_batch(principal: str, batch_number: int) -> tuple[str, ...]:
    """The names of what was found about a batch as a whole; in the transaction in progress."""
    rows = await fetch_all(
        "SELECT DISTINCT kind FROM offline_finding WHERE principal = $1 AND batch_number = $2 AND kind = ANY ($3::text[]) ORDER BY kind",
        *(principal, batch_number, list(OF_BATCHES)),
    )
    return tuple(row["kind"] for row in rows)
