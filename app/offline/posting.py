"""Judging the batches that wait: what is good is posted, all of a batch in one call of the ledger, and kept sale by sale."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec
import structlog

from app.audit.acts import Act, Done, seal_acts
from app.card.events import CardPaid
from app.card.ledger import Outcome, Posting, post_offline
from app.kernel import clock
from app.kernel.actors import System, Terminal
from app.kernel.database import Row, execute, fetch_all, fetch_value, transaction
from app.kernel.events import tell_all
from app.kernel.ids import shard_of
from app.offline.denials import Known, known_to
from app.offline.issuer import OFFLINE, issuer_keys
from app.offline.judging import Moment, Verdict, judge
from app.offline.keeping import Judged, keep
from app.offline.reading import ReadSale, read_sales
from app.offline.sales import Sold, place_of, posting_of
from app.offline.structs import OfflineBatch

_log = structlog.get_logger()
_LATE: Final = timedelta(minutes=1)
_LOCK_CARDS: Final = """
SELECT c.id FROM card c WHERE (c.shard, c.id) IN (SELECT o.shard, o.card_id FROM unnest($1::int4[], $2::uuid[]) AS asked (shard, id)
  JOIN offline_certificate o ON o.shard = asked.shard AND o.id = asked.id) ORDER BY c.shard, c.id FOR NO KEY UPDATE
"""
_PAYERS: Final = """
SELECT o.id, o.account, o.citizen_id, o.account_id, c.number FROM unnest($1::int4[], $2::uuid[]) AS asked (shard, id)
JOIN offline_certificate o ON o.shard = asked.shard AND o.id = asked.id JOIN card c ON c.shard = o.shard AND c.id = o.card_id
"""
_SPENT: Final = """
SELECT asked.id, coalesce(s.principal, t.principal) AS principal FROM unnest($1::int4[], $2::uuid[]) AS asked (shard, id)
LEFT JOIN offline_sale s ON s.shard = asked.shard AND s.code_id = asked.id AND s.state <> 'refused'
LEFT JOIN transfer t ON t.shard = asked.shard AND t.code_id = asked.id WHERE s.id IS NOT NULL OR t.id IS NOT NULL
"""


class _Stored(msgspec.Struct, frozen=True):
    """A batch as it was stored, with its sales read."""

    terminal: Terminal
    row: Row
    reads: Sequence[ReadSale]


async def lock_terminal(terminal_id: UUID) -> None:
    """Have a terminal's batches one after the other; until the end of the transaction in progress."""
    await fetch_value("SELECT id FROM terminal WHERE id = $1 FOR NO KEY UPDATE", terminal_id)


async def judge_waiting(terminal: Terminal) -> None:
    """Judge what a terminal brought in and isn't judged yet: what it just sent, and whatever a crash left."""
    async with transaction(OFFLINE):
        rows = await fetch_all(
            "SELECT * FROM offline_batch WHERE principal = $1 AND state = 'received' ORDER BY batch_number",
            terminal.principal,
        )
    if not rows:
        return
    keys = {one.kid: one.public_key for one in await issuer_keys()}
    for row in rows:
        sales = msgspec.json.decode(row["content"], type=OfflineBatch).sales
        await _judge_batch(_Stored(terminal, row, await read_sales(sales, keys)))


async def judge_late() -> None:
    """Judge what was stored and left, because a process ended in between; run each minute."""
    async with transaction(OFFLINE):
        rows = await fetch_all(
            "SELECT DISTINCT t.id, t.code, b.merchant_code FROM offline_batch b "
            "JOIN terminal t ON b.principal = 'terminal:' || t.id WHERE b.state = 'received' AND b.received_at < $1",
            clock.now() - _LATE,
        )
    for row in rows:
        try:
            await judge_waiting(Terminal(id=row["id"], code=row["code"], merchant_code=row["merchant_code"]))
        except Exception:  # noqa: BLE001 - the others are judged all the same
            _log.exception("offline_batch_not_judged", terminal=row["code"])


async def _judge_batch(stored: _Stored) -> None:
    row = stored.row
    async with transaction(OFFLINE):
        await lock_terminal(stored.terminal.id)
        mine = await _not_judged(stored)
        if mine is None:
            return
        sales = await _verdicts(stored, mine)
        await _refuse_spent(row["principal"], sales)
        await _post(stored, sales)
        await keep(row, sales)
        await execute(
            "UPDATE offline_batch SET state = 'judged' WHERE principal = $1 AND batch_number = $2 AND digest = $3",
            *(row["principal"], row["batch_number"], row["digest"]),
        )


async def _not_judged(stored: _Stored) -> list[ReadSale] | None:
    """The sales whose counters this batch took, or nothing if another process has judged it by now."""
    row = stored.row
    state = await fetch_value(
        "SELECT state FROM offline_batch WHERE principal = $1 AND batch_number = $2 AND digest = $3",
        *(row["principal"], row["batch_number"], row["digest"]),
    )
    if state != "received":
        return None
    rows = await fetch_all(
        "SELECT counter, digest FROM offline_counter WHERE principal = $1 AND batch_number = $2 AND state IS NULL",
        *(row["principal"], row["batch_number"]),
    )
    taken = {(one["counter"], one["digest"]) for one in rows}
    return [read for read in stored.reads if (read.sale.counter, read.digest) in taken]


async def _verdicts(stored: _Stored, reads: Sequence[ReadSale]) -> list[Judged]:
    """Judge each sale by itself, with the payers' cards locked."""
    payers = await _payers({read.certificate_id for read in reads if read.certificate_id is not None})
    known = await known_to(stored.row["principal"], [payer["account"] for payer in payers.values()])
    bought: dict[str, int] = defaultdict(int)
    return [_judged(read, payers, known, (stored.row, bought)) for read in reads]


def _judged(read: ReadSale, payers: Mapping[UUID, Row], known: Known, so_far: tuple[Row, dict[str, int]]) -> Judged:
    row, bought = so_far
    payer = payers.get(read.certificate_id) if read.certificate_id is not None else None
    account = payer["account"] if payer is not None else ""
    verdict = judge(read, payer, Moment(row["received_at"], known, bought[account]))
    if verdict.state != "refused":
        bought[account] += read.sale.amount_fen
    return Judged(read, payer, verdict, reason=verdict.reason)


async def _payers(certificates: set[UUID]) -> dict[UUID, Row]:
    ids = sorted(certificates)
    shards = list(map(shard_of, ids))
    await fetch_all(_LOCK_CARDS, shards, ids)
    return {row["id"]: row for row in await fetch_all(_PAYERS, shards, ids)}


async def _refuse_spent(principal: str, sales: Sequence[Judged]) -> None:
    """Refuse what is by a code that has paid, or will pay, another sale."""
    asked = [sale for sale in sales if sale.verdict.state != "refused"]
    ids = [sale.code_id for sale in asked]
    spent = {row["id"]: row["principal"] for row in await fetch_all(_SPENT, list(map(shard_of, ids)), ids)}
    for sale in asked:
        where = spent.setdefault(sale.code_id, "")
        if where:
            own = where.removesuffix(" offline") == principal
            sale.verdict = Verdict("refused", "code_repeated" if own else "code_on_two_terminals")
            sale.reason = sale.verdict.reason
        else:
            spent[sale.code_id] = principal


async def _post(stored: _Stored, sales: Sequence[Judged]) -> None:
    """Post what is good, and tell and seal what was posted."""
    place = await place_of(stored.row["principal"], stored.row["merchant_code"])
    for sale in sales:
        if sale.verdict.state == "borne":
            sale.state = "borne"
        elif sale.verdict.state == "good" and sale.payer is not None:
            sale.posting = posting_of(place, sale.payer, _sold(stored.row, sale))
    good = [sale for sale in sales if sale.posting is not None]
    postings = [sale.posting for sale in good if sale.posting is not None]
    outcomes = await post_offline(postings)
    for sale, outcome in zip(good, outcomes, strict=True):
        _settle(sale, outcome)
    await seal_posted(stored.terminal, [p for p, outcome in zip(postings, outcomes, strict=True) if outcome.is_new])


def _settle(sale: Judged, outcome: Outcome) -> None:
    if outcome.stands and sale.posting is not None:
        sale.state, sale.posting = "posted", msgspec.structs.replace(sale.posting, id=outcome.transfer_id)
    elif outcome.code == "balance_too_low":
        sale.state, sale.reason, sale.posting = "owed", outcome.code, None
    else:
        sale.state, sale.reason, sale.posting = "refused", outcome.code, None


async def seal_posted(actor: Terminal | System, postings: Sequence[Posting]) -> None:
    """Tell of sales that were posted just now, and seal that they were."""
    await tell_all([CardPaid(citizen_id=p.citizen_id, subject_id=p.id, actor=actor.principal) for p in postings])
    await seal_acts([Done(Act.CARD_PAID, actor, p.citizen_id, p.id) for p in postings])


def _sold(row: Row, sale: Judged) -> Sold:
    said = sale.read.sale
    return Sold(row["batch_number"], said.counter, said.sold_at, said.amount_fen, sale.code_id, sale.read.digest)
