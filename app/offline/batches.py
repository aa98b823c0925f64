"""What terminals bring in that sold without a line: stored whole before it is judged, judged once, answered the same ever after."""

import asyncio
from typing import Final
from weakref import WeakValueDictionary

import msgspec
import structlog

from app.kernel import clock
from app.kernel.actors import Terminal
from app.kernel.database import Row, fetch_all, fetch_one, transaction
from app.offline import chain, findings, posting
from app.offline.errors import (
    OfflineBatchDisordered,
    OfflineBatchEdited,
    OfflineBatchTooLarge,
    OfflineTerminalCloned,
)
from app.offline.findings import Finding, Whose
from app.offline.issuer import OFFLINE
from app.offline.limits import limit_on
from app.offline.posting import lock_terminal
from app.offline.reading import digest_of, sale_digest
from app.offline.structs import JudgedBatch, JudgedSale, OfflineBatch, Sale

_log = structlog.get_logger()
_REFUSALS: Final = {"edited": OfflineBatchEdited, "cloned": OfflineTerminalCloned}
_turns: Final[WeakValueDictionary[str, asyncio.Lock]] = WeakValueDictionary()
_KNOWN: Final = "SELECT * FROM offline_batch WHERE principal = $1 AND batch_number = $2 AND digest = $3"
_INSERT: Final = (
    "INSERT INTO offline_batch (principal, batch_number, digest, previous_digest, merchant_code, first_counter, last_counter, count, "
    "total_fen, ended_at, received_at, state, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING *"
)


async def bring_in(terminal: Terminal, batch: OfflineBatch) -> JudgedBatch:
    """Take a batch and say what became of each sale; the same batch again changes nothing.

    Refuses `OfflineBatchTooLarge` and `OfflineBatchDisordered`, and what is kept as evidence: `OfflineBatchEdited`,
    `OfflineTerminalCloned`.
    """
    # Whoever waits for the terminal's turn in this process holds no connection meanwhile.
    async with _turns.setdefault(terminal.principal, asyncio.Lock()):
        received = await _received(terminal, batch)
        if received["state"] in _REFUSALS:
            raise _REFUSALS[received["state"]](batch_number=batch.batch_number)
        await posting.judge_waiting(terminal)
        return await _answer(terminal.principal, batch, received)


async def _received(terminal: Terminal, batch: OfflineBatch) -> Row:
    """The batch as it is kept: stored now, or before."""
    digest = digest_of(batch)
    async with transaction(OFFLINE):
        await lock_terminal(terminal.id)
        known = await fetch_one(_KNOWN, terminal.principal, batch.batch_number, digest)
        return known or await _stored(terminal, batch, digest)


async def _stored(terminal: Terminal, batch: OfflineBatch, digest: str) -> Row:
    total = sum(sale.amount_fen for sale in batch.sales)
    _refuse_unless_fit(batch, total)
    state = await chain.standing(terminal.principal, batch)
    row = await fetch_one(
        _INSERT,
        *(terminal.principal, batch.batch_number, digest, batch.previous_digest, terminal.merchant_code),
        *(batch.sales[0].counter, batch.sales[-1].counter, len(batch.sales), total, batch.ended_at, clock.now(), state),
        msgspec.json.encode(batch),
    )
    if row is None:
        raise LookupError(digest)
    whose = Whose(terminal.principal, terminal.merchant_code, batch.batch_number)
    if state == "received":
        await chain.claim(whose, batch, digest)
    else:
        counters = (row["first_counter"], row["last_counter"])
        await findings.note(whose, [Finding(state, digest, counters, total)])
        _log.warning("offline_batch_not_taken", terminal=terminal.code, batch=batch.batch_number, state=state)
    return row


def _refuse_unless_fit(batch: OfflineBatch, total_fen: int) -> None:
    today = clock.today()
    most_sales, most_fen = limit_on(today, "batch_sales"), limit_on(today, "batch_sum_fen")
    if len(batch.sales) > most_sales or total_fen > most_fen:
        raise OfflineBatchTooLarge(most_sales=most_sales, most_fen=most_fen)
    disordered = chain.rising(sale.counter for sale in batch.sales)
    if disordered is not None:
        raise OfflineBatchDisordered(counter=disordered)


async def _answer(principal: str, batch: OfflineBatch, received: Row) -> JudgedBatch:
    async with transaction(OFFLINE):
        rows = await fetch_all(
            "SELECT * FROM offline_counter WHERE principal = $1 AND counter = ANY ($2::int8[])",
            *(principal, [sale.counter for sale in batch.sales]),
        )
        found = await findings.of_batch(principal, batch.batch_number)
    judged = {(row["counter"], row["digest"]): row for row in rows}
    sales = tuple(_shown(sale, judged.get((sale.counter, sale_digest(sale)))) for sale in batch.sales)
    return JudgedBatch(batch.batch_number, received["digest"], received["received_at"], sales, found)


def _shown(sale: Sale, judged: Row | None) -> JudgedSale:
    if judged is None:
        return JudgedSale(sale.counter, "refused", "counter_reused", None)
    return JudgedSale(sale.counter, judged["state"], judged["reason"], judged["transfer_id"])
