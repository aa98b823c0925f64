"""What this room refuses."""

from app.kernel.errors import Conflict, NotFound
from app.kernel.words import Words


class MatterNotPayable(NotFound):
    """Nothing is paid for this matter here."""

    code = "matter_not_payable"
    title = Words(zh="该事项暂不能在线缴费。", en="Nothing can be paid for this matter here.")


class BillUnknown(NotFound):
    """There is no such bill or payment of the citizen's or a ward's."""

    code = "bill_unknown"
    title = Words(zh="未找到该账单。", en="There's no such bill.")


class BillChanged(Conflict):
    """The bill isn't of the amount that the citizen saw; `amount_fen` is what it is now."""

    code = "bill_changed"
    title = Words(zh="账单金额已变化，请核对后再缴。", en="The bill has changed; please look at it again.")


class BillPaidAlready(Conflict):
    """The department has the bill as paid."""

    code = "bill_paid_already"
    title = Words(zh="该账单已缴清。", en="This bill is paid already.")


class BillBeingPaid(Conflict):
    """Somebody has paid it just now, and its department hasn't confirmed that yet."""

    code = "bill_being_paid"
    title = Words(zh="该账单已付款，正在入账。", en="This bill was paid just now; its department is being told.")
