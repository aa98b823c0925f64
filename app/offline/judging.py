"""Whether a sale that was made without a line is paid: each by itself, by what its code says and what the terminal could know."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from app.kernel import clock
from app.kernel.database import Row
from app.offline.codes import Shown
from app.offline.denials import Known
from app.offline.limits import limit_on
from app.offline.reading import ReadSale
from app.offline.structs import Sale


class Verdict(msgspec.Struct, frozen=True):
    """`good` is to be posted; `borne` is paid by the issuer; `refused` by nobody, and `reason` says why."""

    state: Literal["good", "borne", "refused"]
    reason: str | None = None


class Moment(msgspec.Struct, frozen=True):
    """What a sale is judged by beside itself: when it came in, and what its certificate bought before it in the same batch."""

    received_at: datetime
    known: Known
    bought_fen: int


def judge(read: ReadSale, payer: Row | None, moment: Moment) -> Verdict:
    """Judge a sale; `payer` is the certificate's row with its card, if there is one."""
    shown = read.shown
    if read.flaw is not None or shown is None:
        return Verdict("refused", read.flaw)
    if payer is None or payer["account"] != shown.certificate.listed_as:
        return Verdict("refused", "account_unknown")
    reason = _out_of_time(read.sale, shown, moment.received_at) or _over_limit(read.sale, shown, moment.bought_fen)
    if reason is not None:
        return Verdict("refused", reason)
    denial = moment.known.stopped(payer["account"], read.sale.sold_at)
    if denial is None:
        return Verdict("good")
    if moment.known.had(denial, read.sale.sold_at):
        return Verdict("refused", "account_stopped")
    return Verdict("borne", "stopped_meanwhile")


def _out_of_time(sale: Sale, shown: Shown, received_at: datetime) -> str | None:
    day, made, sold_at = received_at.date(), clock.from_epoch(shown.token.at), sale.sold_at
    skew = timedelta(seconds=limit_on(day, "clock_skew_seconds"))
    if sold_at > received_at + skew:
        return "sold_in_future"
    if sold_at < received_at - timedelta(hours=limit_on(day, "upload_hours")):
        return "sold_too_long_ago"
    if not made - skew <= sold_at <= made + timedelta(seconds=limit_on(day, "token_seconds")) + skew:
        return "code_expired"
    certificate = shown.certificate
    if not certificate.not_before - skew.total_seconds() <= shown.token.at < certificate.not_after:
        return "certificate_expired"
    return None


def _over_limit(sale: Sale, shown: Shown, bought_fen: int) -> str | None:
    if sale.amount_fen > shown.certificate.payment_max_fen:
        return "amount_over_limit"
    if bought_fen + sale.amount_fen > shown.certificate.sum_max_fen:
        return "sum_over_limit"
    return None
