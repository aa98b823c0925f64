"""Paying a bill: its department is asked anew, then one transaction takes the bill, the money, and has the department told.

Of two who pay one bill at once (a couple, a double tap) one does: the bill is taken by a row that all shards share.
"""

from typing import Any
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.card import charges
from app.card.charges import Charge
from app.card.errors import PayerFrozen
from app.kernel import clock
from app.kernel.actors import Citizen, own_person, require_level
from app.kernel.database import Row, transaction
from app.kernel.errors import Refusal
from app.kernel.events import tell
from app.kernel.idempotency import Once
from app.kernel.ids import new_id
from app.kernel.jobs import enqueue
from app.kernel.still_in import refuse_if_out
from app.residents.people import locked, names_of
from integrations.exchange.errors import NotKnownToDepartment
from lifecycle.bills import asking, paybook
from lifecycle.bills.billing import Bill, Billing, billing_of, the_registers
from lifecycle.bills.errors import BillChanged, BillPaidAlready, BillUnknown
from lifecycle.bills.events import BillPaid
from lifecycle.bills.paybook import OFFICE, Payment
from lifecycle.bills.settling import SETTLE, ToSettle, settle_key
from lifecycle.bills.structs import BillToPay, BillView
from lifecycle.catalogue import published


async def pay(citizen: Citizen, asked: BillToPay, once: Once) -> BillView:
    """Pay a bill of one's own or a ward's from one's own card; repeated, it is answered as before.

    Refuses `MatterNotPayable`, `PersonNotYours`, too low a level, `BillUnknown`, `BillChanged`, `BillPaidAlready`,
    `BillBeingPaid`, what the department refuses, and what `CHARGE_REFUSALS` lists; then nothing is written.
    """
    once.required()
    billing = billing_of(asked.matter)
    require_level(citizen, published.matter(billing.matter).level)
    person = own_person(citizen, asked.person_id)
    judged = await _judged(citizen, billing, person, asked)
    return await once(citizen, BillView, lambda: _paid(citizen, billing, person, judged))


async def _judged(citizen: Citizen, billing: Billing[Any], person: UUID, asked: BillToPay) -> Bill | Refusal:
    """The bill as it is now, if it can be paid; a refusal is raised only once the request is known not to be a repeat."""
    try:
        bills = await asking.now(the_registers(), citizen, billing, person)
        await charges.prepare(billing.payee)
    except NotKnownToDepartment:
        return BillUnknown()
    except Refusal as refusal:
        return refusal
    bill = next((one for one in bills if one.reference == asked.reference), None)
    if bill is None:
        return BillUnknown()
    if not bill.is_open:
        return BillPaidAlready()
    return bill if bill.amount_fen == asked.amount_fen else BillChanged(amount_fen=bill.amount_fen)


async def _paid(citizen: Citizen, billing: Billing[Any], person: UUID, judged: Bill | Refusal) -> BillView:
    if isinstance(judged, Refusal):
        raise judged
    async with transaction(OFFICE):
        if (await locked(citizen.id)).frozen_at is not None:
            raise PayerFrozen
        await refuse_if_out(citizen)
        row = await _written(citizen, billing, person, judged)
        await enqueue(SETTLE, ToSettle(row["id"]), once=settle_key(row["id"]))
        await tell(BillPaid(citizen_id=citizen.id, subject_id=row["id"]))
        await seal_act(Act.BILL_PAID, citizen, about=person, subject=row["id"])
        return await paybook.view(row, (await names_of({person})).get(person))


async def _written(citizen: Citizen, billing: Billing[Any], person: UUID, bill: Bill) -> Row:
    """Take the bill, then the money, and write both down."""
    payment_id = new_id(citizen.id)
    await paybook.take(paybook.index_of(billing.department, bill.reference), payment_id)
    charge_id = await charges.charge(citizen, Charge(payment_id, billing.payee, bill.amount_fen, bill.reference))
    return await paybook.write(
        Payment(
            id=payment_id,
            citizen_id=citizen.id,
            person_id=person,
            matter=billing.matter,
            department=billing.department,
            bill=bill,
            charge_id=charge_id,
            paid_at=clock.now(),
        )
    )
