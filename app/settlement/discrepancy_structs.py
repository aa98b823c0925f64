"""What crosses the wire about discrepancies and settled days."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from app.kernel.paging import Page
from app.kernel.structs import TEXT, Body, View
from app.kernel.words import Words
from app.settlement.kinds import Resolution

State = Literal["open", "claimed", "proposed", "resolved", "ended"]
Note = Annotated[str, Meta(min_length=2, max_length=2000, pattern=TEXT, description="Why, for whoever reads it later.")]


class Proposal(Body, frozen=True):
    """How a discrepancy is to be resolved."""

    resolution: Resolution
    note: Note


class Remark(Body, frozen=True):
    """Why a proposal is returned."""

    note: Note


class DiscrepancyItem(View, frozen=True):
    """A discrepancy in a list. `amount_fen` is how much more our side has than the other, where that can be said."""

    id: UUID
    kind: str
    title: Words
    day: date
    merchant_code: str | None
    terminal: str | None
    amount_fen: int | None
    state: State
    department: str
    found_at: datetime
    claimed_by: UUID | None
    holds_fen: int


class HeldPayment(View, frozen=True):
    """A payment that isn't settled because of it, until `released_at`."""

    transfer_id: UUID
    amount_fen: int
    released_at: datetime | None


class StepTaken(View, frozen=True):
    """What was done with it, by which officer; nobody did what ended by itself."""

    at: datetime
    step: str
    officer_id: UUID | None
    resolution: str | None
    note: str | None


class DiscrepancyFile(View, frozen=True):
    """A discrepancy with what each side says (by ids of rows, and nobody's name), what it holds, and what was done with it."""

    item: DiscrepancyItem
    last_found_at: datetime
    evidence: dict[str, Any]
    resolutions: list[Resolution]
    resolution: Resolution | None
    note: str | None
    proposed_by: UUID | None
    resolved_by: UUID | None
    held: list[HeldPayment]
    steps: list[StepTaken]


class MerchantDay(View, frozen=True):
    """A merchant's settled day: what it took and gave back, what the issuer bears of offline sales, the fee, what is paid out when, and what is carried (a debt is negative)."""

    merchant_code: str
    payments_count: int
    payments_fen: int
    charges_count: int
    charges_fen: int
    refunds_count: int
    refunds_fen: int
    reversals_count: int
    reversals_fen: int
    returns_count: int
    returns_fen: int
    borne_count: int
    borne_fen: int
    fee_fen: int
    carried_in_fen: int
    payout_fen: int
    carried_out_fen: int
    pay_on: date | None


class DayTotals(View, frozen=True):
    """A settled day over all merchants."""

    merchants: int
    transfers: int
    fee_fen: int
    payout_fen: int
    carried_out_fen: int


class SettledFile(View, frozen=True):
    """A file of the day."""

    name: str
    size_bytes: int
    sha256: str
    lines: int
    sum_fen: int


class SettlementOverview(View, frozen=True):
    """How far a day's settlement is (each step with its time, or null), its totals, what is held, what differs, its merchants, in pages.

    `terminals_closed` told their totals; `discrepancies` are counted by state.
    """

    day: date
    begins_at: datetime
    ends_at: datetime
    began_at: datetime
    posted_at: datetime | None
    paid_at: datetime | None
    filed_at: datetime | None
    totals: DayTotals
    held_count: int
    held_fen: int
    terminals_closed: int
    discrepancies: dict[str, int]
    manifest_sha256: str | None
    payout_file: SettledFile | None
    merchants: Page[MerchantDay]
