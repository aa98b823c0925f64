"""What a booking costs, until when it is given back, and of what one person may have one only. Pure."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Final, Literal

from app.kernel.database import Row

FeeState = Literal["free", "unpaid", "paid", "returned"]
HOLDING: Final = frozenset({"booked", "awaiting_payment"})
"""States in which an appointment holds a place."""
OPEN: Final = frozenset({*HOLDING, "waiting"})
"""States in which an appointment is to come."""


def cut_off(starts_at: datetime, told_hours: int | None, usual_hours: int) -> datetime:
    """Until when cancelling gives a fee back: as the venue tells, or as is usual; that instant itself is too late."""
    return starts_at - timedelta(hours=usual_hours if told_hours is None else told_hours)


def held_until(now: datetime, minutes: int, starts_at: datetime) -> datetime:
    """Until when a place is held for who has to pay for it: never beyond its beginning."""
    return min(now + timedelta(minutes=minutes), starts_at)


def refund_now(row: Row, now: datetime) -> int:
    """What cancelling an appointment to come gives back now, in fen: all that was paid until the cut-off, nothing after it."""
    until = row["refund_until"]
    is_paid = row["state"] == "booked" and row["charge_id"] is not None
    return int(row["fee_fen"]) if is_paid and until is not None and now < until else 0


def fee_state(row: Row) -> FeeState:
    """Whether an appointment's fee was paid, and given back."""
    if row["fee_fen"] == 0:
        return "free"
    if row["charge_id"] is None:
        return "unpaid"
    return "returned" if row["returned_fen"] else "paid"


def one_of(one_per: str, specialty: str | None, day: date) -> str:
    """Of what a person may have one to come, as the unique index compares it; a digest, since a specialty may say something of their health."""
    if one_per == "matter":
        return ""
    return hashlib.sha256(f"{specialty or ''}\n{day.isoformat()}".encode()).hexdigest()[:32]


def share(fee_fen: int, percent: int) -> int:
    """A part of a fee, in whole fen, rounded down."""
    return fee_fen * percent // 100
