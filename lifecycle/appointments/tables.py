"""Venues and slots of departments, citizens' appointments, and who waits."""

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class VenueRow(Table, tablename="venue"):
    """A place where a matter is done by appointment, as its department told last."""

    code = Text(default=None)
    matter_code = Text(primary_key=True, default=None)
    department = Text(default=None)
    division = Text(default=None)
    content = Bytea(default=None, help_text="`booking.Venue`, JSON.")
    hours = Bytea(default=None, help_text="Its hours, JSON; apart, since only making slots needs them.")
    as_of = Timestamptz(default=None)
    offered = Boolean(default=None, help_text="Whether its department still names it.")


class SlotRow(Table, tablename="slot"):
    """A time at a venue with so many places; the database itself refuses more."""

    id = UUID(primary_key=True, default=None)
    matter_code = Text(default=None)
    venue_code = Text(default=None)
    department = Text(default=None)
    division = Text(default=None)
    starts_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
    places = Integer(default=None)
    taken = Integer(default=None)
    waiting = Integer(default=None)
    offer = Text(default=None, help_text="By which code several things at one time are told apart; else empty.")
    specialty = Text(default=None, null=True)
    doctor = Text(default=None, null=True)
    title = Text(default=None, null=True)
    fee_fen = BigInt(default=None)
    refund_hours = Integer(
        default=None, null=True, help_text="Until how long before it the fee is given back, if told."
    )
    one_per = Text(default=None, help_text="Of what somebody may have one to come: `matter`, `specialty_and_day`.")
    withdrawn_at = Timestamptz(
        default=None, null=True, help_text="When its department took it away from who had booked."
    )


class AppointmentRow(Table, tablename="appointment"):
    """Somebody's place in a slot, or in the line for one."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    booked_by = UUID(default=None, help_text="Themselves or their guardian.")
    slot_id = UUID(default=None)
    matter_code = Text(default=None)
    department = Text(default=None)
    starts_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
    code = Text(default=None, help_text="What they show at the counter; it says in which shard they are found.")
    state = Text(default=None)
    made_at = Timestamptz(default=None)
    changed_at = Timestamptz(default=None)
    reminded_at = Timestamptz(default=None, null=True)
    purposes = Bytea(default=None, null=True, help_text="What it is for, sealed: JSON, codes of the matter's rule.")
    one_of = Text(
        default=None, help_text="A digest of what somebody may have one of: specialty and day; empty for a matter."
    )
    fee_fen = BigInt(default=None)
    refund_until = Timestamptz(default=None, null=True, help_text="Until when cancelling gives the fee back.")
    pay_until = Timestamptz(default=None, null=True, help_text="Until when a place is held for who moved up.")
    paid_by = UUID(default=None, null=True)
    charge_id = UUID(default=None, null=True, help_text="The transfer that paid it, which is its receipt.")
    return_id = UUID(default=None, null=True, help_text="The transfer that gave it back.")
    returned_fen = BigInt(default=None)


class SlotWaitingRow(Table, tablename="slot_waiting"):
    """The line for a full slot, so that asking who is next asks one table."""

    slot_id = UUID(primary_key=True, default=None)
    appointment_id = UUID(default=None)
    at = Timestamptz(default=None)
