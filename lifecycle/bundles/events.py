"""What happens to bundles. `citizen_id` is whom it is about, `subject_id` the bundle."""

from app.kernel.events import Event


class BundleSubmitted(Event, frozen=True, kw_only=True):
    """It was signed: its first steps begin."""

    kind = "bundle.submitted"


class BundleNeedsYou(Event, frozen=True, kw_only=True):
    """A step couldn't begin by itself: its form lacks something that only now is known to be needed."""

    kind = "bundle.needs_you"


class BundleEnded(Event, frozen=True, kw_only=True):
    """Nothing is left to happen: every step is done, or can't be."""

    kind = "bundle.ended"
