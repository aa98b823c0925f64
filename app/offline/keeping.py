"""What became of a batch's sales, kept: by their payers where they are known, and by the terminal's counters."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from app.card.ledger import Posting
from app.kernel.database import Row, execute
from app.kernel.events import tell_all
from app.kernel.ids import new_id, shard_of
from app.offline import findings
from app.offline.codes import Shown
from app.offline.events import OfflineSaleOwed
from app.offline.findings import Finding, Whose, of_counters
from app.offline.judging import Verdict
from app.offline.reading import ReadSale
from app.offline.structs import SaleState

_WRITE: Final = """
INSERT INTO offline_sale (id, shard, citizen_id, principal, merchant_code, batch_number, counter, sold_at, received_at, amount_fen,
  code_id, digest, state, reason, transfer_id)
SELECT id, shard, citizen_id, $1, $2, $3, counter, sold_at, $4, amount_fen, code_id, digest, state, reason, transfer_id
FROM unnest($5::uuid[], $6::int4[], $7::uuid[], $8::int8[], $9::timestamptz[], $10::int8[], $11::uuid[], $12::bytea[], $13::text[],
  $14::text[], $15::uuid[]) AS sold (id, shard, citizen_id, counter, sold_at, amount_fen, code_id, digest, state, reason, transfer_id)
"""
_JUDGED: Final = """
UPDATE offline_counter c SET state = sold.state, reason = sold.reason, transfer_id = sold.transfer_id
FROM unnest($2::int8[], $3::text[], $4::text[], $5::uuid[]) AS sold (counter, state, reason, transfer_id)
WHERE c.principal = $1 AND c.counter = sold.counter
"""


class Judged(msgspec.Struct):
    """A sale while it is judged, and what became of it. `posting` is there once it is posted."""

    read: ReadSale
    payer: Row | None
    verdict: Verdict
    posting: Posting | None = None
    state: SaleState = "refused"
    reason: str | None = None

    kept_id: UUID | None = None

    @property
    def citizen_id(self) -> UUID:
        """Whose card it is by."""
        if self.payer is None:
            raise LookupError(self.read.sale.counter)
        citizen_id: UUID = self.payer["citizen_id"]
        return citizen_id

    @property
    def id(self) -> UUID:
        """The id under which it is kept."""
        self.kept_id = self.kept_id or new_id(self.citizen_id)
        return self.kept_id

    @property
    def code_id(self) -> UUID:
        """Under which its code is spent."""
        shown: Shown | None = self.read.shown
        if shown is None:
            raise LookupError(self.read.sale.counter)
        return shown.code_id(shard_of(self.citizen_id))


async def keep(row: Row, sales: Sequence[Judged]) -> None:
    """Keep what became of the sales of a stored batch, and tell and note what follows; in the system transaction in progress."""
    with_payer = [sale for sale in sales if sale.payer is not None]
    columns = [_columns(sale) for sale in with_payer]
    if columns:
        head = (row["principal"], row["merchant_code"], row["batch_number"], row["received_at"])
        await execute(_WRITE, *head, *map(list, zip(*columns, strict=True)))
    if sales:
        await execute(_JUDGED, row["principal"], *map(list, zip(*map(_of_counter, sales), strict=True)))
    await tell_all(
        [OfflineSaleOwed(citizen_id=sale.citizen_id, subject_id=sale.id) for sale in with_payer if sale.state == "owed"]
    )
    whose = Whose(row["principal"], row["merchant_code"], row["batch_number"])
    await findings.note(whose, [_finding(sale) for sale in sales if sale.state in {"refused", "borne"}])


def _of_counter(sale: Judged) -> tuple[object, ...]:
    return sale.read.sale.counter, sale.state, sale.reason, sale.posting.id if sale.posting else None


def _columns(sale: Judged) -> tuple[object, ...]:
    said = sale.read.sale
    return (
        *(sale.id, shard_of(sale.id), sale.citizen_id, said.counter, said.sold_at, said.amount_fen),
        *(sale.code_id, sale.read.digest, sale.state, sale.reason, sale.posting.id if sale.posting else None),
    )


def _finding(sale: Judged) -> Finding:
    said = sale.read.sale
    kind = sale.state if sale.state == "borne" else sale.reason or sale.state
    return of_counters(kind, said.counter, said.counter, said.amount_fen)
