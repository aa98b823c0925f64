"""What happens to life events. `citizen_id` is in whose life it is, `subject_id` the event."""

from app.kernel.events import Event


class LifeEventStood(Event, frozen=True, kw_only=True):
    """It stands: declared, confirmed, told by a department, or brought by a date."""

    kind = "life_event.stood"


class LifeEventSuggested(Event, frozen=True, kw_only=True):
    """What a department holds suggests it; nothing follows until the citizen confirms it."""

    kind = "life_event.suggested"


class LifeEventTakenBack(Event, frozen=True, kw_only=True):
    """It stood and was wrong: what followed is undone."""

    kind = "life_event.taken_back"
