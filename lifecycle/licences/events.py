"""What happens to licences."""

from app.kernel.events import Event


class LicenceIssued(Event, frozen=True, kw_only=True):
    """A licence was issued to `citizen_id`; its document follows."""

    kind = "licence.issued"


class LicenceDocumentMade(Event, frozen=True, kw_only=True):
    """The licence's sealed PDF can be fetched."""

    kind = "licence.document_made"
