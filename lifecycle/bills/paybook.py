"""Payments of bills as rows: written, found, moved, and shown. Each function works in the transaction in progress."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from app.card.charges import Payee
from app.kernel import clock
from app.kernel.actors import Citizen, System
from app.kernel.database import Row, execute, fetch_all, fetch_one, fetch_value
from app.kernel.ids import shard_of
from app.kernel.words import Words
from app.keys.fields import blind_index
from app.keys.persons import open_for_person, seal_for_person
from lifecycle.bills.billing import Bill
from lifecycle.bills.errors import BillBeingPaid, BillPaidAlready, BillUnknown
from lifecycle.bills.structs import BillView
from lifecycle.catalogue import published

OFFICE: Final = System("bills")
Ending = Literal["settled", "returned"]
_TABLE: Final = "bill_payment"
_INSERT: Final = """
INSERT INTO bill_payment (id, shard, citizen_id, person_id, matter_code, department, bill_index, content, amount_fen, charge_id,
state, paid_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'paid', $11) RETURNING *
"""
_REASONS: Final = {
    "paid_already": Words(zh="收费单位显示该账单已缴清", en="it was paid already"),
    "amount_differs": Words(zh="金额与收费单位的账单不一致", en="its amount isn't what the department asks"),
    "no_such_bill": Words(zh="收费单位没有该账单", en="the department has no such bill"),
}
_OTHER_REASON: Final = Words(zh="收费单位未予入账", en="the department didn't accept it")


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """A payment to write: who pays for whom, of which matter, and the transfer that took the money."""

    id: UUID
    citizen_id: UUID
    person_id: UUID
    matter: str
    department: str
    bill: Bill
    charge_id: UUID
    paid_at: datetime


def index_of(department: str, reference: str) -> bytes:
    """By what a bill is found, whoever paid it."""
    return blind_index("bill", f"{department}:{reference}")


async def take(bill_index: bytes, payment_id: UUID) -> None:
    """Have a bill for one payment. Refuses (`BillBeingPaid`, `BillPaidAlready`) one that has another; system transactions only."""
    taken = await execute(
        "INSERT INTO bill_taken (bill_index, payment_id) VALUES ($1, $2) ON CONFLICT (bill_index) DO NOTHING",
        *(bill_index, payment_id),
    )
    if taken:
        return
    settled = await fetch_value("SELECT settled FROM bill_taken WHERE bill_index = $1", bill_index)
    raise BillPaidAlready if settled else BillBeingPaid


async def taken(indexes: Collection[bytes]) -> set[bytes]:
    """Which of some bills have a payment; system transactions only."""
    rows = await fetch_all("SELECT bill_index FROM bill_taken WHERE bill_index = ANY ($1::bytea[])", list(indexes))
    return {row["bill_index"] for row in rows}


async def write(payment: Payment) -> Row:
    """Write a payment; system transactions only."""
    content = msgspec.json.encode(payment.bill)
    row = await fetch_one(
        _INSERT,
        *(payment.id, shard_of(payment.id), payment.citizen_id, payment.person_id, payment.matter, payment.department),
        index_of(payment.department, payment.bill.reference),
        await seal_for_person(payment.citizen_id, _TABLE, "content", payment.id, content),
        *(payment.bill.amount_fen, payment.charge_id, payment.paid_at),
    )
    if row is None:
        raise LookupError(payment.id)
    return row


async def find(payment_id: UUID, *, lock: bool = False) -> Row:
    """A payment; refuses `BillUnknown`."""
    row = await fetch_one(
        f"SELECT * FROM bill_payment WHERE shard = $1 AND id = $2{' FOR UPDATE' if lock else ''}",
        *(shard_of(payment_id), payment_id),
    )
    if row is None:
        raise BillUnknown
    return row


async def find_for(citizen: Citizen, payment_id: UUID) -> Row:
    """A payment of the citizen's; refuses `BillUnknown`."""
    row = await find(payment_id)
    if row["citizen_id"] != citizen.id:
        raise BillUnknown
    return row


async def end(row: Row, state: Ending, *, return_id: UUID | None = None, reason: str | None = None) -> None:
    """Let a payment end, and its bill be settled or free again; system transactions only."""
    await execute(
        "UPDATE bill_payment SET state = $3, ended_at = $4, return_id = $5, reason = $6 WHERE shard = $1 AND id = $2",
        *(row["shard"], row["id"], state, clock.now(), return_id, reason),
    )
    if state == "settled":
        await execute(
            "UPDATE bill_taken SET settled = true WHERE bill_index = $1 AND payment_id = $2",
            row["bill_index"],
            row["id"],
        )
    else:
        await execute("DELETE FROM bill_taken WHERE bill_index = $1 AND payment_id = $2", row["bill_index"], row["id"])


async def opened(row: Row) -> Bill | None:
    """What was paid for; nothing where that was erased."""
    if row["content"] is None:
        return None
    plain = await open_for_person(row["citizen_id"], _TABLE, "content", row["id"], row["content"])
    return msgspec.json.decode(plain, type=Bill)


def payee_of(department: str) -> Payee:
    """Who is paid, as it stands on the receipt."""
    return Payee(department, published.catalogue().department(department).name)


def reason_words(reason: str | None) -> Words:
    """Why a department refused a payment, in words."""
    return _REASONS.get(reason or "", _OTHER_REASON)


async def view(row: Row, name: str | None) -> BillView:
    """A payment as its payer sees it; `name` is whose bill it is."""
    bill = await opened(row)
    if bill is None:
        raise BillUnknown
    return BillView(
        id=row["id"],
        matter_code=row["matter_code"],
        matter_name=published.matter(row["matter_code"]).name,
        department=row["department"],
        payee=payee_of(row["department"]).name,
        company=bill.company,
        reference=bill.reference,
        title=bill.title,
        person_id=row["person_id"],
        person_name=name,
        account=bill.account,
        period_start=bill.period_start,
        period_end=bill.period_end,
        amount_fen=row["amount_fen"],
        due_on=bill.due_on,
        standing=row["state"],
        as_of=row["paid_at"],
        paid_at=row["paid_at"],
        ended_at=row["ended_at"],
        receipt_id=row["charge_id"],
        return_receipt_id=row["return_id"],
        why=reason_words(row["reason"]) if row["state"] == "returned" else None,
    )
