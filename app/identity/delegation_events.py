"""What happens to delegations. `citizen_id` is the giver, `subject_id` the delegation."""

from app.kernel.events import Event


class DelegationOffered(Event, frozen=True, kw_only=True):
    """Somebody offered a power to act for them."""

    kind = "identity.delegation_offered"


class DelegationAccepted(Event, frozen=True, kw_only=True):
    """The delegate accepted: from its first day on they can act."""

    kind = "identity.delegation_accepted"


class DelegationDeclined(Event, frozen=True, kw_only=True):
    """The delegate declined."""

    kind = "identity.delegation_declined"


class DelegationEnded(Event, frozen=True, kw_only=True):
    """The power was ended before its last day, by one of the two, by a freeze, or by a death."""

    kind = "identity.delegation_ended"
