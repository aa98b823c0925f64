"""Paying for a booking from the card, and giving it back; both in the transaction of the place.

The order of locks is the appointment, then the card, then the slot.
"""

from typing import Final
from uuid import UUID

from app.audit.acts import Act, seal_act
from app.card import charges
from app.card.charges import Charge
from app.kernel import clock
from app.kernel.actors import Citizen
from app.kernel.database import Row, execute, fetch_one, fetch_value, transaction
from app.kernel.events import tell
from app.kernel.ids import shard_of
from lifecycle.appointments.calendars import OFFICE
from lifecycle.appointments.errors import FeeChanged, NothingToPay, SlotClosed, TimeToPayOver
from lifecycle.appointments.events import AppointmentBooked
from lifecycle.appointments.reading import find_for, payee_of, view
from lifecycle.appointments.structs import AppointmentView, NewAppointment, PayFee

_PLACE: Final = (
    "SELECT s.fee_fen, s.matter_code, v.content FROM slot s JOIN venue v ON v.matter_code = s.matter_code AND v.code = s.venue_code "
    "WHERE s.id = $1"
)
_SLOT_TO_PAY: Final = (
    "SELECT slot_id FROM appointment WHERE shard = $1 AND id = $2 AND state = 'awaiting_payment' AND fee_fen > 0"
)
_PAID: Final = """
UPDATE appointment SET state = 'booked', charge_id = $3, paid_by = $4, changed_at = $5 WHERE shard = $1 AND id = $2 RETURNING *
"""
_RETURNED: Final = "UPDATE appointment SET return_id = $3, returned_fen = $4 WHERE shard = $1 AND id = $2"


async def prepare(citizen: Citizen, asked: NewAppointment) -> None:
    """Make known who is paid for what is asked, before the transaction in which it is booked; nothing where nothing is to be paid."""
    if not asked.amount_fen or asked.wait:
        return
    async with transaction(citizen):
        place = await fetch_one(_PLACE, asked.slot_id)
    if place is not None and place["fee_fen"]:
        await charges.prepare(payee_of(place))


async def prepare_for(citizen: Citizen, appointment_id: UUID) -> None:
    """Make known who is paid for an appointment, before the transaction in which it is paid."""
    async with transaction(citizen):
        slot_id = await fetch_value(_SLOT_TO_PAY, shard_of(appointment_id), appointment_id)
        place = await fetch_one(_PLACE, slot_id)
    if place is not None:
        await charges.prepare(payee_of(place))


async def pay(citizen: Citizen, appointment_id: UUID, asked: PayFee) -> AppointmentView:
    """Pay for a place that is held for who moved up from the line; paid already, nothing changes.

    Refuses `AppointmentUnknown`, `NothingToPay`, `TimeToPayOver`, `SlotClosed` what its venue withdrew, `FeeChanged`, and what a card refuses.
    """
    async with transaction(citizen):
        row = await find_for(citizen, appointment_id, lock=True)
        if row["state"] == "booked" and row["charge_id"] is not None:
            return await view(row, citizen)
        if row["state"] != "awaiting_payment":
            raise NothingToPay(state=row["state"])
        if row["pay_until"] <= clock.now():
            raise TimeToPayOver(pay_until=clock.local(row["pay_until"]).isoformat())
        if await fetch_value("SELECT withdrawn_at IS NOT NULL FROM slot WHERE id = $1", row["slot_id"]):
            raise SlotClosed
        refuse_unseen(row["fee_fen"], asked.amount_fen)
        paid = await settled(citizen, row)
        await tell(AppointmentBooked(citizen_id=row["citizen_id"], subject_id=row["id"]))
        await seal_act(Act.APPOINTMENT_PAID, citizen, about=row["citizen_id"], subject=row["id"])
    return await view(paid, citizen)


def refuse_unseen(fee_fen: int, amount_fen: int | None) -> None:
    """Refuse (`FeeChanged`) an amount that isn't the fee: nobody pays what they didn't see."""
    if (amount_fen or 0) != fee_fen:
        raise FeeChanged(fee_fen=fee_fen)


async def settled(citizen: Citizen, row: Row) -> Row:
    """Pay an appointment's fee from the card of who asks, in the transaction in progress; gives the row, which is booked now."""
    async with transaction(OFFICE):
        place = await fetch_one(_PLACE, row["slot_id"])
    if place is None:
        raise LookupError(row["slot_id"])
    charge_id = await charges.charge(citizen, Charge(row["id"], payee_of(place), row["fee_fen"], str(row["id"])))
    async with transaction(OFFICE):
        paid = await fetch_one(_PAID, row["shard"], row["id"], charge_id, citizen.hand, clock.now())
    if paid is None:
        raise LookupError(row["id"])
    return paid


async def give_back(row: Row, amount_fen: int) -> None:
    """Give so much of what was paid back to the card that paid it, in the transaction in progress; nothing where nothing is due."""
    if amount_fen == 0 or row["charge_id"] is None:
        return
    async with transaction(OFFICE):
        return_id = await charges.give_back(row["charge_id"], amount_fen)
        await execute(_RETURNED, row["shard"], row["id"], return_id, amount_fen)
