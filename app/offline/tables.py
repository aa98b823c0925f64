"""What is kept of payments without a line."""

from piccolo.columns import UUID, BigInt, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class OfflineCertificate(Table, tablename="offline_certificate"):
    """An account certificate as it was issued to a device, for a day."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    card_id = UUID(default=None)
    device_id = UUID(default=None)
    account = Text(default=None, help_text="How terminals' lists name it: 16 hexadecimal digits.")
    not_before = Timestamptz(default=None)
    not_after = Timestamptz(default=None)
    payment_max_fen = BigInt(default=None)
    sum_max_fen = BigInt(default=None)
    content = Bytea(default=None, help_text="The COSE_Sign1.")
    account_id = UUID(
        default=None, help_text="Of the ledger, from which it pays; a card that replaces this one has it too."
    )


class OfflineSale(Table, tablename="offline_sale"):
    """A sale that a terminal made without a line, once its payer is known, and what became of it.

    `posted`: paid by the transfer; `owed`: the card lacks the money, and pays as soon as it has it; `borne`: the merchant is to be paid,
    by the issuer and not by the card, which was stopped before; `refused`: nobody pays, `reason` says why. Sales whose payer can't be
    known stand in `offline_counter` only.
    """

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    principal = Text(default=None, help_text="The terminal.")
    merchant_code = Text(default=None)
    batch_number = BigInt(default=None)
    counter = BigInt(default=None, help_text="The terminal's own, of sales without a line.")
    sold_at = Timestamptz(default=None)
    received_at = Timestamptz(default=None)
    amount_fen = BigInt(default=None)
    code_id = UUID(default=None)
    digest = Bytea(default=None)
    state = Text(default=None)
    reason = Text(default=None, null=True)
    transfer_id = UUID(default=None, null=True)


class OfflineBatch(Table, tablename="offline_batch"):
    """A batch as a terminal brought it in (a reference table); `edited` and `cloned` ones are kept as evidence and judged no further."""

    principal = Text(primary_key=True, default=None)
    batch_number = BigInt(default=None)
    digest = Text(default=None, help_text="SHA-256, 64 hexadecimal digits.")
    previous_digest = Text(default=None, help_text="Of the terminal's batch before; 64 zeros for its first.")
    merchant_code = Text(default=None)
    first_counter = BigInt(default=None)
    last_counter = BigInt(default=None)
    count = Integer(default=None)  # type: ignore[assignment] # hides Piccolo's query of that name, which nobody asks
    total_fen = BigInt(default=None)
    ended_at = Timestamptz(default=None)
    received_at = Timestamptz(default=None)
    state = Text(default=None)
    content = Bytea(default=None)


class OfflineCounter(Table, tablename="offline_counter"):
    """What each of a terminal's offline numbers was used for, over all cards (a reference table); `state` is empty until it is judged."""

    principal = Text(primary_key=True, default=None)
    counter = BigInt(default=None)
    batch_number = BigInt(default=None)
    digest = Bytea(default=None)
    state = Text(default=None, null=True)
    reason = Text(default=None, null=True)
    transfer_id = UUID(default=None, null=True)


class OfflineFinding(Table, tablename="offline_finding"):
    """Something wrong with a terminal's batches, named once (a reference table). A gap ends when what was missing comes in."""

    id = UUID(primary_key=True, default=None)
    principal = Text(default=None)
    merchant_code = Text(default=None)
    kind = Text(default=None)
    about = Text(default=None, help_text="By what it is the same when it is found again.")
    batch_number = BigInt(default=None)
    first_counter = BigInt(default=None, null=True)
    last_counter = BigInt(default=None, null=True)
    amount_fen = BigInt(default=None, null=True)
    found_at = Timestamptz(default=None)
    ended_at = Timestamptz(default=None, null=True)


class OfflineDenial(Table, tablename="offline_denial"):
    """A change of the list of certificates that don't pay (a reference table), kept as long as a sale may be about it."""

    version = BigInt(primary_key=True, default=None)
    account = Text(default=None)
    change = Text(default=None)
    at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None, help_text="When the certificate ends by itself.")


class OfflineDenialHead(Table, tablename="offline_denial_head"):
    """The newest version of the list (a reference table of one row)."""

    id = Integer(primary_key=True, default=None)
    version = BigInt(default=None)


class OfflineDenialServed(Table, tablename="offline_denial_served"):
    """Since when a terminal has had which version of the list (a reference table)."""

    principal = Text(primary_key=True, default=None)
    version = BigInt(default=None)
    at = Timestamptz(default=None)


class OfflineIssuerKey(Table, tablename="offline_issuer_key"):
    """A key that account certificates were signed with (a reference table)."""

    kid = Text(primary_key=True, default=None)
    public_key = Text(default=None, help_text="PEM.")
    not_after = Timestamptz(default=None)
