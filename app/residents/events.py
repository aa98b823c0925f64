"""What happens to residents."""

from app.kernel.events import Event


class ChildBorn(Event, frozen=True, kw_only=True):
    """A hospital told of a birth; citizen and subject are the child, and their guardians are in `kinship`."""

    kind = "residents.child_born"


class PersonDied(Event, frozen=True, kw_only=True):
    """A death was registered; citizen and subject are the dead. Sessions, devices, card and powers end with it."""

    kind = "residents.person_died"


class CustodyChanged(Event, frozen=True, kw_only=True):
    """It was decided with whom a child (citizen and subject) lives."""

    kind = "residents.custody_changed"


class GuardianAppointed(Event, frozen=True, kw_only=True):
    """Somebody (the subject) became guardian of a ward (the citizen), by appointment or adoption."""

    kind = "residents.guardian_appointed"


class GuardianshipEnded(Event, frozen=True, kw_only=True):
    """Somebody (the subject) is no longer guardian of a ward (the citizen): revoked, adopted away, or one of them died."""

    kind = "residents.guardianship_ended"


class WardLeftAlone(Event, frozen=True, kw_only=True):
    """No guardian is left to a minor (citizen and subject)."""

    kind = "residents.ward_left_alone"


class TurnedFourteen(Event, frozen=True, kw_only=True):
    """A resident (citizen and subject) turned 14: they consent themselves to the use of their data."""

    kind = "residents.turned_fourteen"


class CameOfAge(Event, frozen=True, kw_only=True):
    """A resident (citizen and subject) turned 18: nobody is their guardian by age any more."""

    kind = "residents.came_of_age"


class Married(Event, frozen=True, kw_only=True):
    """Civil affairs registered a marriage of a resident (the citizen) with another (the subject); it is told of each side."""

    kind = "residents.married"


class Parted(Event, frozen=True, kw_only=True):
    """Civil affairs registered that a resident (the citizen) and another (the subject) are divorced; it is told of each side."""

    kind = "residents.parted"
