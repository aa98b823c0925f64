"""The periods of a divorce by agreement (民法典, articles 1077 and 201 to 203). Pure."""

from datetime import date, timedelta

import msgspec

from app.kernel.calendar import CalendarUnknown, next_working_day
from lifecycle.rules.ages import Span
from lifecycle.rules.parameters import Reading, shipped

ONE_DAY = timedelta(days=1)


class _SuitBarred(msgspec.Struct, frozen=True):
    after_birth: str
    after_end: str


class Periods(msgspec.Struct, frozen=True):
    """Until when either may withdraw, and from when until when both claim the certificate; the days themselves are included.

    While the public holidays of its year aren't announced, the last day may still move on (`is_final`).
    """

    withdraw_until: date
    claim_from: date
    claim_until: date
    is_final: bool = True

    def days(self, accepted_on: date) -> int:
        """Calendar days from acceptance to the last day."""
        return (self.claim_until - accepted_on).days


def periods(accepted_on: date, reading: Reading | None = None) -> Periods:
    """Count the periods of an application that was taken in on a day, by the law of that day (or another reading).

    The day after is the first. The cooling ends on its thirtieth day, whatever day that is (`divorce.roll_cooling_end`); the thirty days
    to claim, should they end on a day of rest, end on the next working day.
    """
    law = reading or shipped().reading(accepted_on)
    cooling_ends = accepted_on + timedelta(days=law.number("divorce.cooling_days"))
    if law.get("divorce.roll_cooling_end", bool):
        cooling_ends = next_working_day(cooling_ends)
    claim_ends = cooling_ends + timedelta(days=law.number("divorce.claim_days"))
    try:
        return Periods(cooling_ends, cooling_ends + ONE_DAY, next_working_day(claim_ends))
    except CalendarUnknown:
        return Periods(cooling_ends, cooling_ends + ONE_DAY, claim_ends, is_final=False)


def husband_may_sue_from(
    pregnant: bool,  # noqa: FBT001 - a fact of three
    born_on: date | None,
    ended_on: date | None,
    reading: Reading,
) -> date | None:
    """The first day on which a husband may sue for divorce (民法典, article 1082); None while his wife is pregnant.

    A wife may sue at any time, and a court may hear a husband where that is necessary; a divorce by agreement isn't touched.
    """
    if pregnant:
        return None
    spans = reading.get("divorce.suit_barred", _SuitBarred)
    ends = [Span.read(spans.after_birth).after(born_on)] if born_on else []
    ends += [Span.read(spans.after_end).after(ended_on)] if ended_on else []
    return max((end + ONE_DAY for end in ends if end >= reading.as_of), default=reading.as_of)
