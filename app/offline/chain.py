"""How a batch stands in its terminal's past: edited, cloned, or to be judged; and what it leaves open or closes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final, Literal

import msgspec

from app.kernel.database import Row, fetch_all, fetch_one
from app.offline import findings
from app.offline.findings import Finding, Whose, of_counters
from app.offline.reading import FIRST_DIGEST, sale_digest
from app.offline.structs import OfflineBatch

Standing = Literal["received", "edited", "cloned"]
_ACCEPTED: Final = "state IN ('received', 'judged')"
_CLAIM: Final = """
INSERT INTO offline_counter (principal, counter, batch_number, digest)
SELECT $1, counter, $2, digest FROM unnest($3::int8[], $4::bytea[]) AS sold (counter, digest)
ON CONFLICT ON CONSTRAINT offline_counter_pkey DO NOTHING RETURNING counter
"""
_AROUND: Final = """
SELECT counter, batch_number, digest FROM offline_counter WHERE principal = $1 AND counter BETWEEN
  coalesce((SELECT max(counter) FROM offline_counter WHERE principal = $1 AND counter < $2), $2)
  AND coalesce((SELECT min(counter) FROM offline_counter WHERE principal = $1 AND counter > $3), $3) ORDER BY counter
"""
_REWOUND: Final = f"""
SELECT 1 FROM offline_batch WHERE principal = $1 AND {_ACCEPTED}
  AND ((batch_number < $2 AND last_counter >= $3) OR (batch_number > $2 AND first_counter <= $4)) LIMIT 1
"""
_GAPS: Final = (
    "SELECT about FROM offline_finding WHERE principal = $1 AND kind = 'gap' AND ended_at IS NULL "
    "AND first_counter <= $3 AND last_counter >= $2"
)


async def standing(principal: str, batch: OfflineBatch) -> Standing:
    """Whether a new batch goes on from the terminal's past; in the system transaction in progress, with the terminal locked."""
    codes = {sale.payer_code for sale in batch.sales}
    same = await fetch_one(
        f"SELECT content FROM offline_batch WHERE principal = $1 AND batch_number = $2 AND {_ACCEPTED}",
        *(principal, batch.batch_number),
    )
    if same is not None:
        return "edited" if codes & _codes_in(same) else "cloned"
    if await _is_cut_off(principal, batch.previous_digest):
        return "cloned"
    siblings = await fetch_all(
        f"SELECT content FROM offline_batch WHERE principal = $1 AND previous_digest = $2 AND {_ACCEPTED}",
        *(principal, batch.previous_digest),
    )
    return "cloned" if siblings and not any(codes & _codes_in(one) for one in siblings) else "received"


async def claim(whose: Whose, batch: OfflineBatch, digest: str) -> None:
    """Take the counters of an accepted batch's sales, and note what was found by it; in the same transaction."""
    counters, digests = [sale.counter for sale in batch.sales], [sale_digest(sale) for sale in batch.sales]
    rows = await fetch_all(_CLAIM, whose.principal, whose.batch_number, counters, digests)
    around = await fetch_all(_AROUND, whose.principal, counters[0], counters[-1])
    new, held = {row["counter"] for row in rows}, {row["counter"]: row for row in around}
    repeated = {
        counter: held[counter]["batch_number"]
        for counter, said in zip(counters, digests, strict=True)
        if counter not in new and held[counter]["digest"] == said
    }
    reused = [sale for sale in batch.sales if sale.counter not in new and sale.counter not in repeated]
    found = [of_counters("counter_reused", one.counter, one.counter, one.amount_fen) for one in reused]
    if repeated:
        found.append(Finding(await _regrouped(whose.principal, repeated, len(batch.sales)), str(whose.batch_number)))
    elif await fetch_one(_REWOUND, whose.principal, whose.batch_number, counters[0], counters[-1]):
        found.append(Finding("rewind", str(whose.batch_number), (counters[0], counters[-1])))
    await findings.note(whose, found)
    await _mind_gaps(whose, sorted(held))
    await _mind_chain(whose, batch.previous_digest, digest)


async def _is_cut_off(principal: str, previous_digest: str) -> bool:
    """Whether the batch before is one that isn't taken."""
    row = await fetch_one(
        "SELECT bool_and(state IN ('edited', 'cloned')) AS cut FROM offline_batch WHERE principal = $1 AND digest = $2",
        *(principal, previous_digest),
    )
    return row is not None and bool(row["cut"])


async def _regrouped(principal: str, repeated: Mapping[int, int], size: int) -> str:
    """What was done to sales that came in before under another batch's number."""
    times = Counter(repeated.values())
    if len(times) > 1 or len(repeated) < size:
        return "merged"
    rows = await fetch_all(
        f"SELECT count FROM offline_batch WHERE principal = $1 AND batch_number = $2 AND {_ACCEPTED}",
        *(principal, next(iter(times))),
    )
    return "split" if any(row["count"] > size for row in rows) else "renumbered"


async def _mind_gaps(whose: Whose, held: Sequence[int]) -> None:
    """Note the counters that are missing around a batch, and end what was missing before and isn't any more."""
    known = [0, *held] if await _begins(whose.principal, held[0]) else held
    gaps = [of_counters("gap", a + 1, b - 1) for a, b in pairwise(known) if b > a + 1]
    open_gaps = await fetch_all(_GAPS, whose.principal, held[0], held[-1])
    still = {gap.about for gap in gaps}
    await findings.end(whose.principal, "gap", [row["about"] for row in open_gaps if row["about"] not in still])
    await findings.note(whose, gaps)


async def _begins(principal: str, counter: int) -> bool:
    """Whether no smaller counter of the terminal is known."""
    row = await fetch_one(
        "SELECT 1 FROM offline_counter WHERE principal = $1 AND counter < $2 LIMIT 1", principal, counter
    )
    return row is None


async def _mind_chain(whose: Whose, previous_digest: str, digest: str) -> None:
    """Note that the batch before isn't there, and end that of the batch after."""
    await findings.end(whose.principal, "gap", [digest])
    if previous_digest == FIRST_DIGEST:
        return
    before = await fetch_one(
        f"SELECT 1 FROM offline_batch WHERE principal = $1 AND digest = $2 AND {_ACCEPTED}",
        *(whose.principal, previous_digest),
    )
    if before is None:
        await findings.note(whose, [Finding("gap", previous_digest)])


def _codes_in(row: Row) -> set[str]:
    batch = msgspec.json.decode(row["content"], type=OfflineBatch)
    return {sale.payer_code for sale in batch.sales}


def rising(counters: Iterable[int]) -> int | None:
    """The first counter that doesn't rise from the one before, if any."""
    last = 0
    for counter in counters:
        if counter <= last:
            return counter
        last = counter
    return None
