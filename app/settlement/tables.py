"""What terminals said of their days, how days were settled, and what differed."""

from piccolo.columns import JSONB, UUID, BigInt, Boolean, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class TerminalDayEnd(Table, tablename="terminal_day_end"):
    """What a terminal said of a business day, and what it was answered; an attempt is never changed."""

    principal = Text(primary_key=True, default=None)
    day = Date(default=None)
    attempt = Integer(default=None)
    at = Timestamptz(default=None)
    terminal_code = Text(default=None)
    merchant_code = Text(default=None)
    told = JSONB(default=None)
    answer = JSONB(default=None)
    agrees = Boolean(default=None)


class SettlementDay(Table, tablename="settlement_day"):
    """How far the settlement of a business day is: posted in every shard, paid out, its files made."""

    day = Date(primary_key=True, default=None)
    began_at = Timestamptz(default=None)
    posted_at = Timestamptz(default=None, null=True)
    paid_at = Timestamptz(default=None, null=True)
    filed_at = Timestamptz(default=None, null=True)


class SettledShard(Table, tablename="settled_shard"):
    """A day that was settled in a shard, which happens once."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    day = Date(default=None)
    at = Timestamptz(default=None)


class SettledTransfer(Table, tablename="settled_transfer"):
    """A transfer that was settled, which happens once; its id is the transfer's. Of what gives money back, the fee is negative."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    day = Date(default=None)
    merchant_code = Text(default=None)
    kind = Text(default=None)
    amount_fen = BigInt(default=None)
    basis_points = Integer(default=None)
    fee_fen = BigInt(default=None)
    returns = UUID(default=None, null=True)


class SettledBorneSale(Table, tablename="settled_borne_sale"):
    """An offline sale that the issuer bears, once its merchant was credited with it; its id is the sale's."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    day = Date(default=None)
    merchant_code = Text(default=None)
    amount_fen = BigInt(default=None)


class SettlementEntry(Table, tablename="settlement_entry"):
    """Money moved by a settlement, from one account of a shard to another: never changed or deleted."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    day = Date(default=None)
    merchant_code = Text(default=None)
    purpose = Text(default=None)
    debit = UUID(default=None)
    credit = UUID(default=None)
    amount_fen = BigInt(default=None)
    at = Timestamptz(default=None)


class MerchantSettlement(Table, tablename="merchant_settlement"):
    """A merchant's day over all shards: what was taken and given back, the fee, and what is paid out or carried (a debt is negative)."""

    merchant_code = Text(primary_key=True, default=None)
    day = Date(default=None)
    payments_count = BigInt(default=None)
    payments_fen = BigInt(default=None)
    charges_count = BigInt(default=None)
    charges_fen = BigInt(default=None)
    refunds_count = BigInt(default=None)
    refunds_fen = BigInt(default=None)
    reversals_count = BigInt(default=None)
    reversals_fen = BigInt(default=None)
    returns_count = BigInt(default=None)
    returns_fen = BigInt(default=None)
    borne_count = BigInt(default=None)
    borne_fen = BigInt(default=None)
    fee_fen = BigInt(default=None)
    carried_in_fen = BigInt(default=None)
    payout_fen = BigInt(default=None)
    carried_out_fen = BigInt(default=None)
    pay_on = Date(default=None, null=True)
    at = Timestamptz(default=None)


class SettlementHold(Table, tablename="settlement_hold"):
    """A transfer, or an offline sale that the issuer bears, that isn't settled until a discrepancy is resolved."""

    transfer_id = UUID(primary_key=True, default=None)
    discrepancy_id = UUID(default=None)
    merchant_code = Text(default=None)
    amount_fen = BigInt(default=None)
    held_at = Timestamptz(default=None)
    released_at = Timestamptz(default=None, null=True)


class Discrepancy(Table):
    """A difference between the books, with what each side says; `identity` keeps it one, however often it is found."""

    id = UUID(primary_key=True, default=None)
    identity = Text(default=None)
    kind = Text(default=None)
    day = Date(default=None)
    merchant_code = Text(default=None, null=True)
    principal = Text(default=None, null=True)
    amount_fen = BigInt(default=None, null=True)
    evidence = JSONB(default=None)
    department = Text(default=None)
    state = Text(default=None)
    found_at = Timestamptz(default=None)
    last_found_at = Timestamptz(default=None)
    claimed_by = UUID(default=None, null=True)
    resolution = Text(default=None, null=True)
    note = Text(default=None, null=True)
    proposed_by = UUID(default=None, null=True)
    resolved_by = UUID(default=None, null=True)
    resolved_at = Timestamptz(default=None, null=True)


class DiscrepancyStep(Table, tablename="discrepancy_step"):
    """What an officer did with a discrepancy, or that it ended by itself."""

    id = UUID(primary_key=True, default=None)
    discrepancy_id = UUID(default=None)
    at = Timestamptz(default=None)
    step = Text(default=None)
    officer_id = UUID(default=None, null=True)
    resolution = Text(default=None, null=True)
    note = Text(default=None, null=True)


class SettlementFile(Table, tablename="settlement_file"):
    """A file of a settled day in the object store."""

    day = Date(primary_key=True, default=None)
    name = Text(default=None)
    object_key = Text(default=None)
    size_bytes = BigInt(default=None)
    sha256 = Text(default=None)
    lines = BigInt(default=None)
    sum_fen = BigInt(default=None)


class SettlementManifest(Table, tablename="settlement_manifest"):
    """The sealed list of a day's files; each names the one before."""

    day = Date(primary_key=True, default=None)
    made_at = Timestamptz(default=None)
    content = Bytea(default=None)
    sha256 = Text(default=None)
    signature = Bytea(default=None)
    certificate = Text(default=None)
    chain = Text(default=None)
