"""What happens to appointments. `citizen_id` is whose it is, `subject_id` the appointment."""

from app.kernel.events import Event


class AppointmentBooked(Event, frozen=True, kw_only=True):
    """A place was taken; by whoever booked, or for who waited."""

    kind = "appointment.booked"


class AppointmentCancelled(Event, frozen=True, kw_only=True):
    """A place, or one in the line, was given back."""

    kind = "appointment.cancelled"


class AppointmentCalledOff(Event, frozen=True, kw_only=True):
    """Its venue withdrew it; what was paid was given back."""

    kind = "appointment.called_off"


class AppointmentHeld(Event, frozen=True, kw_only=True):
    """Who waited got a place, and has some time to pay for it."""

    kind = "appointment.held"


class AppointmentUnpaid(Event, frozen=True, kw_only=True):
    """A place that was held wasn't paid for in time."""

    kind = "appointment.unpaid"


class AppointmentMissed(Event, frozen=True, kw_only=True):
    """Nobody came."""

    kind = "appointment.missed"


class AppointmentReminder(Event, frozen=True, kw_only=True):
    """It is soon."""

    kind = "appointment.reminder"


class PlaceGivenBack(Event, frozen=True, kw_only=True):
    """A slot has a place again while somebody waits; the subject is the slot."""

    kind = "appointment.place_given_back"
