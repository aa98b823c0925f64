"""Cards, accounts and transfers. The migration adds keys, grants and the one function that may write to the ledger."""

from piccolo.columns import JSONB, UUID, BigInt, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class Account(Table):
    """An account of the ledger: a card's, or one that clears a purpose for a whole shard.

    `balance_fen` is credits minus debits. Only the database's own functions change it; a card's is never negative. What follows `paid_*` says
    what may be paid from it just now; triggers keep it as its card and its holder are, never allowing more.
    """

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None, null=True)
    kind = Text(default=None)
    balance_fen = BigInt(default=0)
    paid_on = Date(default=None, null=True, help_text="The last day on which it paid at a terminal.")
    paid_day_fen = BigInt(default=0, help_text="What it paid on that day.")
    paid_month_fen = BigInt(default=0, help_text="What it paid in that day's month.")
    paying_card = UUID(default=None, null=True, help_text="The card that may pay from it, if any.")
    card_class = Text(default=None, null=True)
    most_payment_fen = BigInt(default=None, null=True, help_text="The most that its holder lets it pay at once.")
    most_day_fen = BigInt(default=None, null=True)
    most_month_fen = BigInt(default=None, null=True)
    shown_from = BigInt(
        default=None,
        null=True,
        help_text="From when on a code counts, in microseconds since 1970: never, where its holder is frozen or dead.",
    )


class Card(Table):
    """A citizen's card; `account_id` names the account that it pays from, and of a replaced one `former_account_id` that it paid from.

    One card of a citizen lives at a time. `own_*` are limits that its holder set, `raised_*` those that hold from `raised_from` on.
    """

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    account_id = UUID(default=None, null=True)
    number = Text(default=None)
    state = Text(default=None)
    opened_at = Timestamptz(default=None)
    card_class = Text(default="ordinary")
    class_until = Date(default=None, null=True, help_text="The last day of its class, if it ends.")
    class_judged_on = Date(default=None, null=True)
    class_offered = Text(default=None, null=True, help_text="The class that its holder was last told is their due.")
    form = Text(default="virtual")
    activated_at = Timestamptz(default=None, null=True)
    replaces = UUID(default=None, null=True)
    replaced_because = Text(default=None, null=True)
    former_account_id = UUID(default=None, null=True)
    limits_version = Integer(default=1)
    raised_from = Date(default=None, null=True)
    own_payment_fen = BigInt(default=None, null=True)
    own_day_fen = BigInt(default=None, null=True)
    own_month_fen = BigInt(default=None, null=True)
    raised_payment_fen = BigInt(default=None, null=True)
    raised_day_fen = BigInt(default=None, null=True)
    raised_month_fen = BigInt(default=None, null=True)


class Transfer(Table):
    """Money moved once, from one account to another of the same shard, with the receipt for it.

    Rows are never changed or deleted; a mistake is answered by a transfer the other way. `(shard, principal, request_key)`, or
    `(shard, principal, sequence)` with the terminal's own counter, makes a retry harmless; `code_id` is the payer's code, which pays once,
    `returns` the charge of which a return, or the payment of which a refund or reversal, gives money back, or the pending transfer that is ended.
    """

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    at = Timestamptz(default=None)
    kind = Text(default=None)
    debit = UUID(default=None)
    credit = UUID(default=None)
    amount_fen = BigInt(default=None)
    principal = Text(default=None)
    request_key = Text(default=None)
    fingerprint = Bytea(default=None)
    sequence = BigInt(default=None, null=True)
    merchant_code = Text(default=None, null=True)
    code_id = UUID(default=None, null=True)
    receipt = Bytea(default=None)
    returns = UUID(default=None, null=True)


class DeclinedPayment(Table):
    """A payment that was declined, and why; asked again, it is declined again. One reversed before it came is declined when it does."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    at = Timestamptz(default=None)
    principal = Text(default=None)
    request_key = Text(default=None)
    fingerprint = Bytea(default=None)
    sequence = BigInt(default=None, null=True)
    merchant_code = Text(default=None, null=True)
    amount_fen = BigInt(default=None)
    reason = Text(default=None)


class TopUp(Table, tablename="top_up"):
    """An order to put money on a card through an outside channel. Its id, in hexadecimal, is its number there."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    account_id = UUID(default=None)
    at = Timestamptz(default=None)
    amount_fen = BigInt(default=None)
    channel = Text(default=None)
    appid = Text(default=None)
    mchid = Text(default=None)
    state = Text(default=None)
    expires_at = Timestamptz(default=None)
    request_key = Text(default=None)
    fingerprint = Bytea(default=None)
    client_parameters = Bytea(default=None, null=True)
    transaction_id = Text(default=None, null=True)
    paid_at = Timestamptz(default=None, null=True)
    transfer_id = UUID(default=None, null=True)
    by_hand = Text(default=None, null=True, help_text="The number under which a person settled another amount.")


class ChannelNotice(Table, tablename="channel_notice"):
    """A channel's callback that was acted upon; a second one with its number changes nothing."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    at = Timestamptz(default=None)
    notice_id = Text(default=None)
    top_up_id = UUID(default=None)


class Merchant(Table):
    """Somebody who takes the card."""

    code = Text(primary_key=True, default=None)
    name_zh = Text(default=None)
    name_en = Text(default=None)
    mcc = Text(default=None, null=True, help_text="Its category code (ISO 18245), four digits.")


class CardMonth(Table, tablename="card_month"):
    """A month of a card that is over: what lay on it before, and what came and went, by kind and merchant. Made when first asked for."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    month = Date(default=None, help_text="Its first day, in Shanghai.")
    opening_fen = BigInt(default=None)
    totals = JSONB(default=None)


class CardStatement(Table, tablename="card_statement"):
    """The sealed statement of a month, once it was asked for; the PDF is under its owner's key."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    month = Date(default=None)
    made_at = Timestamptz(default=None)
    sha256 = Text(default=None)
    pdf = Bytea(default=None)


class MerchantCode(Table, tablename="merchant_code"):
    """A code that a merchant shows, as it was issued; one with a bill's `reference` is paid once (a reference table)."""

    id = Text(primary_key=True, default=None, help_text="Stands in the code.")
    merchant = Text(default=None)
    code = Text(default=None, help_text="The whole text.")
    amount_fen = BigInt(default=None, null=True)
    reference = Text(default=None, null=True)
    terminal_code = Text(default=None, null=True)
    made_at = Timestamptz(default=None)
    stopped_at = Timestamptz(default=None, null=True)
    payment_id = UUID(default=None, null=True, help_text="The transfer that paid its bill.")


class LedgerDay(Table, tablename="ledger_day"):
    """A day of the ledger that is closed: its statement, which names the day before, and the seal over it."""

    day = Date(primary_key=True, default=None)
    statement = Bytea(default=None)
    algorithm = Text(default=None)
    signature = Bytea(default=None)
    certificate = Text(default=None)
    chain = Text(default=None)


class TerminalRequest(Table, tablename="terminal_request"):
    """What a terminal's key and number were used for; kept for two days, or for good (`at` is infinite) where the payment was declined (a reference table)."""

    principal = Text(primary_key=True, default=None)
    request_key = Text(default=None)
    sequence = BigInt(default=None)
    fingerprint = Bytea(default=None)
    at = Timestamptz(default=None)


class ChannelRefund(Table, tablename="channel_refund"):
    """Money of an order that goes back to its payer at the channel. Its id, in hexadecimal, is its number there."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    top_up_id = UUID(default=None)
    at = Timestamptz(default=None)
    amount_fen = BigInt(default=None)
    purpose = Text(default=None, help_text="late: paid after the order's end; cancellation: of a card.")
    cancellation_id = UUID(default=None, null=True)
    pending_id = UUID(default=None, null=True, help_text="The transfer that holds the money until this ends.")
    state = Text(default=None)
    asked_at = Timestamptz(default=None, null=True)
    refused = Text(default=None, null=True, help_text="What the channel last refused it with.")
    refund_id = Text(default=None, null=True, help_text="The channel's number.")
    ended_at = Timestamptz(default=None, null=True)
    transfer_id = UUID(default=None, null=True, help_text="What ended the pending transfer.")
    by_hand = Text(default=None, null=True, help_text="The number under which a person settled what had failed.")


class CardCancellation(Table, tablename="card_cancellation"):
    """A card that was cancelled, and how far the giving back of its balance is."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    card_id = UUID(default=None)
    account_id = UUID(default=None)
    at = Timestamptz(default=None)
    amount_fen = BigInt(default=None, help_text="What lay on the card, and came onto it since.")
    state = Text(default=None)
    ended_at = Timestamptz(default=None, null=True)


class CardPayout(Table, tablename="card_payout"):
    """Money of a cancelled card that no order can take: it is paid out at the counter."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    cancellation_id = UUID(default=None)
    at = Timestamptz(default=None)
    amount_fen = BigInt(default=None)
    pending_id = UUID(default=None)
    reason = Text(default=None)
    failed_refund_id = UUID(default=None, null=True, help_text="The refund at the channel that failed.")
    state = Text(default=None)
    reference = Text(default=None, null=True, help_text="The counter's voucher.")
    ended_at = Timestamptz(default=None, null=True)
    transfer_id = UUID(default=None, null=True)


class ChannelBill(Table, tablename="channel_bill"):
    """A channel's bill of a day, as it was downloaded and verified (a reference table; its key is channel and day)."""

    channel = Text(primary_key=True, default=None)
    bill_day = Date(default=None)
    digest = Text(default=None, help_text="The channel's own: SHA-1 of the unzipped file, in hexadecimal.")
    fetched_at = Timestamptz(default=None)
    payments = BigInt(default=None)
    paid_fen = BigInt(default=None)
    refunds = BigInt(default=None)
    refunded_fen = BigInt(default=None)


class ChannelBillLine(Table, tablename="channel_bill_line"):
    """A line of a channel's bill; orders and refunds are named by our numbers (a reference table; no citizen stands in it)."""

    channel = Text(primary_key=True, default=None)
    bill_day = Date(default=None)
    line = Integer(default=None)
    at = Timestamptz(default=None)
    kind = Text(default=None)
    order_number = Text(default=None)
    transaction_id = Text(default=None)
    refund_number = Text(default=None, null=True)
    refund_id = Text(default=None, null=True)
    amount_fen = BigInt(default=None)
    state = Text(default=None)
