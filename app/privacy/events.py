"""What happens to exports, erasures, consents and requests for correction."""

from app.kernel.events import Event


class ExportReady(Event, frozen=True, kw_only=True):
    """An archive (the subject) can be fetched."""

    kind = "privacy.export_ready"


class ExportFailed(Event, frozen=True, kw_only=True):
    """An archive (the subject) couldn't be made."""

    kind = "privacy.export_failed"


class ErasureOrdered(Event, frozen=True, kw_only=True):
    """The citizen ordered their erasure (the subject)."""

    kind = "privacy.erasure_ordered"


class ErasureCancelled(Event, frozen=True, kw_only=True):
    """The order (the subject) was taken back."""

    kind = "privacy.erasure_cancelled"


class ErasureBlocked(Event, frozen=True, kw_only=True):
    """The order (the subject) was due, and something stood in its way."""

    kind = "privacy.erasure_blocked"


class ConsentGiven(Event, frozen=True, kw_only=True):
    """A consent (the subject) was given, or given anew, about the citizen's data."""

    kind = "privacy.consent_given"


class ConsentEnded(Event, frozen=True, kw_only=True):
    """A consent ended: the subject is the row that took it back, or the one whose days are over."""

    kind = "privacy.consent_ended"


class ConsentExpiring(Event, frozen=True, kw_only=True):
    """A consent (the subject) ends soon."""

    kind = "privacy.consent_expiring"


class CorrectionAsked(Event, frozen=True, kw_only=True):
    """A citizen asked for a correction (the subject)."""

    kind = "privacy.correction_asked"


class CorrectionDecided(Event, frozen=True, kw_only=True):
    """A request for correction (the subject) was decided."""

    kind = "privacy.correction_decided"
