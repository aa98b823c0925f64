"""What happens to residents."""

from app.kernel.events import Event


class ChildBorn(Event, frozen=True, kw_only=True):
    """A hospital told of a birth; citizen and subject are the child, and their guardians are in `kinship`."""

    kind = "residents.child_born"
