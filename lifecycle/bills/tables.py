"""Payments of bills, and which bills have one."""

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class BillPaymentRow(Table, tablename="bill_payment"):
    """A bill that somebody paid: `paid` (money taken), `settled` (the department confirmed) or `returned` (it refused)."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None, help_text="Who paid, from their own card.")
    person_id = UUID(default=None, help_text="Whose bill it is: themselves or a ward.")
    matter_code = Text(default=None)
    department = Text(default=None)
    bill_index = Bytea(default=None, help_text="A keyed hash of department and bill number.")
    content = Bytea(default=None, null=True, help_text="`billing.Bill`, sealed, JSON.")
    amount_fen = BigInt(default=None)
    charge_id = UUID(default=None, help_text="The transfer, which is the receipt's id.")
    state = Text(default=None)
    paid_at = Timestamptz(default=None)
    ended_at = Timestamptz(default=None, null=True)
    return_id = UUID(default=None, null=True, help_text="The transfer that gave the money back.")
    reason = Text(default=None, null=True, help_text="The department's own word for why it refused.")


class BillTakenRow(Table, tablename="bill_taken"):
    """A bill that has a payment, so that nobody else pays it too; whoever pays may live in another shard."""

    bill_index = Bytea(primary_key=True, default=None)
    payment_id = UUID(default=None)
    settled = Boolean(default=None)
