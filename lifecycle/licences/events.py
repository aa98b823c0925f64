"""What happens to licences."""

from app.kernel.events import Event


class LicenceIssued(Event, frozen=True, kw_only=True):
    """A licence was issued to `citizen_id`; its document follows."""

    kind = "licence.issued"


class LicenceDocumentMade(Event, frozen=True, kw_only=True):
    """The licence's sealed PDF can be fetched."""

    kind = "licence.document_made"


class LicenceChanged(Event, frozen=True, kw_only=True):
    """A licence was suspended, resumed, ended or replaced; `cause_id` is the step's row."""

    kind = "licence.changed"


class LicenceExpiring(Event, frozen=True, kw_only=True):
    """A licence's last day is near."""

    kind = "licence.expiring"
