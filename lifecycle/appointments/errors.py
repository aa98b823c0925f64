"""What this room refuses."""

from app.kernel.errors import Conflict, Forbidden, NotFound, Unprocessable
from app.kernel.words import Words


class SlotUnknown(NotFound):
    """There is no such slot."""

    code = "slot_unknown"
    title = Words(zh="未找到该预约时段。", en="There's no such time to book.")


class SlotClosed(Conflict):
    """The slot has begun, or its venue offers it no longer."""

    code = "slot_closed"
    title = Words(zh="该时段已停止预约。", en="This time can't be booked any more.")


class SlotFull(Conflict):
    """Every place is taken; one may wait for one that is given back (`wait`)."""

    code = "slot_full"
    title = Words(zh="该时段已约满，可以排队候补。", en="Every place is taken; you may wait for one.")


class SlotHasPlaces(Conflict):
    """Nobody need wait: there are places."""

    code = "slot_has_places"
    title = Words(zh="该时段仍有名额，请直接预约。", en="There are places left; book one.")


class BookedAlready(Conflict):
    """The person has an appointment for this matter (at hospitals: for this specialty on this day), or waits for one; cancel it first."""

    code = "booked_already"
    title = Words(
        zh="此人已预约该事项（医院为同一科室同一天），请先取消原预约。",
        en="They have an appointment for this already (at hospitals: for the same specialty and day); cancel it first.",
    )


class TooManyBookings(Conflict):
    """The person has as many bookings to come for this matter as anybody may have; `most` says how many those are."""

    code = "too_many_bookings"
    title = Words(zh="此人未就诊的预约已达上限。", en="They have as many bookings to come as anybody may have.")


class FeeChanged(Conflict):
    """The amount that was named isn't the fee, which is `fee_fen`; nothing was booked or paid."""

    code = "fee_changed"
    title = Words(zh="费用与所示不符，请核对后重试。", en="The fee isn't what was named; look at it and try again.")


class RefundChanged(Conflict):
    """What would be given back isn't what was named, but `refund_fen`; nothing was cancelled."""

    code = "refund_changed"
    title = Words(
        zh="可退金额已变化，请核对后再取消。", en="What is given back has changed; look at it and decide again."
    )


class NothingToPay(Conflict):
    """The appointment waits for no payment; `state` says how it stands."""

    code = "nothing_to_pay"
    title = Words(zh="该预约目前无需缴费。", en="There's nothing to pay for this appointment now.")


class TimeToPayOver(Conflict):
    """The place was held until `pay_until` and goes to the next in the line."""

    code = "time_to_pay_over"
    title = Words(
        zh="缴费时间已过，名额已让给下一位。", en="The time to pay is over; the place goes to the next in the line."
    )


class BookingBlocked(Forbidden):
    """Too many appointments were missed; `until` is the last day of the pause."""

    code = "booking_blocked"
    title = Words(zh="因多次预约未到，暂停预约。", en="Too many appointments were missed; booking pauses for a while.")


class PurposeNeeded(Unprocessable):
    """The matter wants to know what somebody comes for; `offered` are the codes that they may come for on that day."""

    code = "purpose_needed"
    title = Words(zh="请选择本次预约办理的内容。", en="Please say what the appointment is for.")


class NoSuchPurpose(Unprocessable):
    """The matter has no such purpose; `purpose` names it."""

    code = "no_such_purpose"
    title = Words(zh="没有该预约内容。", en="There's no such purpose.")


class PurposesNotTaken(Unprocessable):
    """Appointments of this matter aren't for anything in particular."""

    code = "purposes_not_taken"
    title = Words(zh="该事项预约时无需选择内容。", en="This matter's appointments take no purposes.")


class PurposeNotDue(Conflict):
    """`purpose` can't be done on the slot's day; `why` says so in both languages, `from_on` from when it can, if ever."""

    code = "purpose_not_due"
    title = Words(zh="该内容在所选日期不能办理。", en="This can't be done on that day.")


class AppointmentUnknown(NotFound):
    """There is no such appointment of the citizen's or a ward's, or none of this code at this counter."""

    code = "appointment_unknown"
    title = Words(zh="未找到该预约。", en="There's no such appointment.")


class AppointmentOver(Conflict):
    """It has begun, was cancelled or kept; `state` says which."""

    code = "appointment_over"
    title = Words(zh="该预约已结束或已取消。", en="This appointment is over, or was cancelled.")


class TooEarlyToCheckIn(Conflict):
    """Whoever comes on another day isn't here for this appointment; `starts_at` says when it is."""

    code = "too_early_to_check_in"
    title = Words(zh="未到预约日期。", en="The appointment is on another day.")
