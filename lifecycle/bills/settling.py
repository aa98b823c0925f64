"""After a payment its department is told, as often as it takes: it confirms, or it refuses and the money goes back.

Told by a job outside every transaction. The order names the payment, so a department that was told before answers as before: what is
lost between its answer and our books is asked for again, and nothing is entered twice.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec
import structlog

from app.audit.acts import Act, seal_act
from app.card import charges
from app.kernel import clock
from app.kernel.database import Row, fetch_all, transaction
from app.kernel.errors import Refusal
from app.kernel.events import tell
from app.kernel.jobs import enqueue
from app.residents.people import resident
from integrations.departments.bills import settle_order
from integrations.departments.orders import Orders
from integrations.departments.registers import Registers
from integrations.exchange.errors import DepartmentRefused, NotKnownToDepartment
from integrations.exchange.structs import Asking, Basis, EndUser
from lifecycle.bills import asking, paybook
from lifecycle.bills.billing import Bill, known_billing
from lifecycle.bills.events import BillReturned, BillSettled
from lifecycle.bills.paybook import OFFICE

SETTLE: Final = "bills.settle"
ATTEMPTS: Final = 60
"""With pauses of up to ten minutes: a department may be away for the better part of a day; then `look_through` goes on."""
_WAITS: Final = timedelta(hours=1)
_AT_ONCE: Final = 500
_UNTOLD: Final = """
SELECT id, paid_at FROM bill_payment WHERE state = 'paid' AND paid_at < $1 AND (paid_at, id) > ($2, $3::uuid)
ORDER BY paid_at, id LIMIT $4
"""
_log = structlog.get_logger()


class ToSettle(msgspec.Struct, frozen=True):
    """The payment."""

    payment_id: UUID


def settle_key(payment_id: UUID) -> str:
    """What keeps a second job for a payment from being added while one waits."""
    return f"{SETTLE}:{payment_id}"


async def settle(registers: Registers, orders: Orders, job: ToSettle) -> None:
    """Tell a payment's department; a job, harmless when repeated. One that doesn't answer is asked again."""
    async with transaction(OFFICE):
        row = await paybook.find(job.payment_id)
        bill = await paybook.opened(row)
        number = (await resident(row["person_id"])).id_number
    if row["state"] != "paid" or bill is None or number is None:
        return
    try:
        await orders.place(_asking(row), settle_order(row["department"]), str(row["id"]), number, _parts(row, bill))
    except (DepartmentRefused, NotKnownToDepartment) as refusal:
        await _return(row, str(refusal.facts.get("reason") or refusal.code))
    else:
        await _settle(row)
    await _look_again(registers, row)


async def look_through() -> None:
    """Have every payment told again that was not an hour after it was made; a job of the timetable. Nothing is stuck silently."""
    after, last = clock.from_epoch(0), UUID(int=0)
    before = clock.now() - _WAITS
    while True:
        async with transaction(OFFICE):
            rows = await fetch_all(_UNTOLD, before, after, last, _AT_ONCE)
            for row in rows:
                await enqueue(SETTLE, ToSettle(row["id"]), once=settle_key(row["id"]))
        if len(rows) < _AT_ONCE:
            return
        after, last = rows[-1]["paid_at"], rows[-1]["id"]


async def _settle(told: Row) -> None:
    async with transaction(OFFICE):
        row = await paybook.find(told["id"], lock=True)
        if row["state"] != "paid":
            return
        await paybook.end(row, "settled")
        await tell(BillSettled(citizen_id=row["citizen_id"], subject_id=row["id"]))
        await seal_act(Act.BILL_SETTLED, OFFICE, about=row["person_id"], subject=row["id"])


async def _return(told: Row, reason: str) -> None:
    """Give the money back, in the transaction in which the payment ends."""
    await charges.prepare(paybook.payee_of(told["department"]))
    async with transaction(OFFICE):
        row = await paybook.find(told["id"], lock=True)
        if row["state"] != "paid":
            return
        return_id = await charges.give_back(row["charge_id"])
        await paybook.end(row, "returned", return_id=return_id, reason=reason)
        await tell(BillReturned(citizen_id=row["citizen_id"], subject_id=row["id"]))
        await seal_act(Act.BILL_RETURNED, OFFICE, about=row["person_id"], subject=row["id"])


async def _look_again(registers: Registers, row: Row) -> None:
    """Keep what the register says now, so that a list and the agenda don't show what is no longer so; not at any price."""
    billing = known_billing(row["matter_code"])
    if billing is None:
        return
    try:
        why = asking.system_asking(billing, row["person_id"], Basis("payment", str(row["id"])), SETTLE)
        await asking.ask(registers, OFFICE, billing, row["person_id"], why)
    except Refusal as refusal:
        _log.info("bills_not_told_again", payment=str(row["id"]), code=refusal.code)


def _asking(row: Row) -> Asking:
    return Asking(row["person_id"], row["matter_code"], Basis("payment", str(row["id"])), EndUser("system", SETTLE))


def _parts(row: Row, bill: Bill) -> dict[str, object]:
    """What a department is told of a payment: nothing of who paid."""
    return {
        "bill_no": bill.reference,
        "amount_fen": row["amount_fen"],
        "paid_at": clock.local(row["paid_at"]).isoformat(),
    }
