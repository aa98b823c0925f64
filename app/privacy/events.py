"""What happens to exports, erasures, consents and requests for correction."""

from app.kernel.events import Event


class ExportReady(Event, frozen=True, kw_only=True):
    """An archive (the subject) can be fetched."""

    kind = "privacy.export_ready"


class ExportFailed(Event, frozen=True, kw_only=True):
    """An archive (the subject) couldn't be made."""

    kind = "privacy.export_failed"
