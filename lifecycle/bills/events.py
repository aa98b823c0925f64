"""What happens to payments of bills. `citizen_id` is who paid, `subject_id` the payment."""

from app.kernel.events import Event


class BillPaid(Event, frozen=True, kw_only=True):
    """A bill was paid; its department is told next."""

    kind = "bill.paid"


class BillSettled(Event, frozen=True, kw_only=True):
    """The department confirmed the payment."""

    kind = "bill.settled"


class BillReturned(Event, frozen=True, kw_only=True):
    """The department refused the payment, and the money came back."""

    kind = "bill.returned"
