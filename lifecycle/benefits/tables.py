"""What was offered without an application."""

from piccolo.columns import UUID, Bytea, Date, Integer, Text, Timestamptz
from piccolo.table import Table


class BenefitOfferRow(Table, tablename="benefit_offer"):
    """A benefit offered to a person for one period; how much and why is sealed under their key."""

    id = UUID(primary_key=True, default=None)
    shard = Integer(default=None)
    citizen_id = UUID(default=None)
    benefit = Text(default=None)
    period = Text(default=None, help_text="Which turn of the benefit: each is offered once.")
    state = Text(default=None)
    offered_at = Timestamptz(default=None)
    changed_at = Timestamptz(default=None)
    until = Date(
        default=None, null=True, help_text="The last day on which it can be confirmed; none where it has none."
    )
    case_id = UUID(default=None, null=True)
    content = Bytea(default=None)
