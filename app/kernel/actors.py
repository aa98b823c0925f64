"""Who acts. Every use case takes one of these first; the database's row security follows it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Final, Literal
from uuid import UUID

import msgspec

from app.kernel.assurance import BY_NAME, ways_up
from app.kernel.errors import Conflict, Forbidden, NotFound
from app.kernel.words import Words

WHILE_FROZEN: Final = "while_frozen"
"""Marks (in a route's `opt`) the few operations that somebody whose identity is frozen may still use."""

BEFORE_NAME: Final = "before_name"
"""Marks the few operations for a session that hasn't proved the name of its account: whoever holds the phone now may be another."""
NONCE_NEEDED: Final = "nonce_needed"
"""Marks the operations that move money: a proof of possession must carry a nonce of ours (RFC 9449, section 9)."""


class AssuranceTooLow(Forbidden):
    """What was asked needs a stronger proof of who is asking; `ways` lead from `level` to `required_level`."""

    code = "assurance_too_low"
    title = Words(zh="需要更高的认证等级。", en="This needs a higher level of assurance.")


class NoRight(Forbidden):
    """The officer has no grant for this."""

    code = "no_right"
    title = Words(zh="您没有办理此事项的权限。", en="You hold no right for this.")


class SameOfficer(Conflict):
    """Two officers answer for it: whoever did the first part doesn't do the second."""

    code = "second_officer_needed"
    title = Words(zh="需由另一名工作人员办理。", en="A second officer has to do this.")


DataClass = Literal["identity", "contact", "family", "health", "money"]
"""What kind of a person's data something is: each is granted by itself."""
DATA_CLASSES: Final[tuple[DataClass, ...]] = ("identity", "contact", "family", "health", "money")
ADMINISTER_SYSTEM: Final = "administer.system"
ADMINISTER_SECURITY: Final = "administer.security"
ADMINISTER_AUDIT: Final = "administer.audit"
ADMINISTRATIONS: Final = (ADMINISTER_SYSTEM, ADMINISTER_SECURITY, ADMINISTER_AUDIT)
"""Appointing officers, granting them rights, and watching them: three people (三员分立)."""
APPROVE_BREAK_GLASS: Final = "break_glass.approve"
SENSITIVE: Final = frozenset({*ADMINISTRATIONS, APPROVE_BREAK_GLASS})
"""Actions that a grant of `*` never covers, and that two people grant."""


class PowerLacksScope(Forbidden):
    """Somebody acts for another, and their right doesn't reach so far; `scope` names what is missing."""

    code = "power_lacks_scope"
    title = Words(zh="代办权限不包括此项操作。", en="The right to act for this person doesn't cover this.")


class Scope(StrEnum):
    """What a power (代办) can be given for. A route says with which of them it serves a delegate; without one it serves none.

    Paying, devices, freezing, consents, erasure and the giving of powers aren't here: they are never done for another.
    """

    CASES = "cases"
    RECORDS_READ = "records.read"
    LICENCES_READ = "licences.read"
    NOTICES_READ = "notices.read"
    CARD_READ = "card.read"
    DISK_READ = "disk.read"


class Acting(msgspec.Struct, frozen=True):
    """By which right somebody acts for another: a power, perhaps for some matters only, or guardianship (监护)."""

    basis: Literal["power", "guardianship"]
    power_id: UUID | None = None
    matters: tuple[str, ...] | None = None


class PersonNotYours(NotFound):
    """That person is neither the citizen nor somebody that they act for."""

    code = "person_not_yours"
    title = Words(zh="未找到此人。", en="This person isn't known to you.")


class Anonymous(msgspec.Struct, frozen=True):
    """Nobody in particular."""

    @property
    def principal(self) -> str:
        """How rows name this actor."""
        return "anonymous"


class Citizen(msgspec.Struct, frozen=True):
    """A resident who is signed in, at an assurance level (1 phone, 2 real name, 3 device key).

    `wards` are the people for whom they act as guardian. Where somebody acts for another by a power that was given to them
    (代办, `Fuhai-Acting-For`), `id` is the person acted for and `agent_id` who really acts; else it is empty. `acting` says by
    which right. `apart` are those wards who are in somebody else's custody (直接抚养).
    """

    id: UUID
    level: int
    session_id: UUID
    client_id: str
    wards: tuple[UUID, ...] = ()
    device_id: UUID | None = None
    agent_id: UUID | None = None
    acting: Acting | None = None
    apart: tuple[UUID, ...] = ()
    device_since: datetime | None = None
    """When the device was enrolled that is calling; a new one has lower limits."""

    @property
    def hand(self) -> UUID:
        """Who really acts: whose phone gets codes, whose device signs."""
        return self.agent_id or self.id

    @property
    def principal(self) -> str:
        """How rows name this actor: whoever really acts."""
        return f"citizen:{self.hand}"

    @property
    def people(self) -> tuple[UUID, ...]:
        """Whose rows this citizen may see: their own and their wards'."""
        return (self.id, *self.wards)

    def guards(self, person: UUID) -> bool:
        """Whether a person is their ward, or the ward for whom they act by header."""
        as_guardian = self.acting is not None and self.acting.basis == "guardianship"
        return person in self.wards or (as_guardian and person == self.id)


class Grant(msgspec.Struct, frozen=True):
    """One right of an officer: an action, on matters, in divisions, for a time, with the kinds of data that it shows.

    `*` means all; of `SENSITIVE` actions it means none. `granted_by` is the principal who granted it.
    """

    action: str
    matters: tuple[str, ...]
    divisions: tuple[str, ...]
    valid_from: date
    valid_to: date
    data_classes: tuple[str, ...] = ()
    granted_by: str = ""


class Officer(msgspec.Struct, frozen=True):
    """A caseworker of a department, with the grants that hold now, in one of their sessions.

    Where it is known who they are as a citizen, `person_id` is that resident and `accounts` are the other accounts of the same
    person, dismissed ones too: two people are asked for in many places, and one with two accounts isn't two.
    """

    id: UUID
    name: str
    department: str
    grants: tuple[Grant, ...] = ()
    session_id: UUID | None = None
    person_id: UUID | None = None
    accounts: tuple[UUID, ...] = ()

    @property
    def principal(self) -> str:
        """How rows name this actor."""
        return f"officer:{self.id}"


class Terminal(msgspec.Struct, frozen=True):
    """A point of sale that signed its request."""

    id: UUID
    code: str
    merchant_code: str

    @property
    def principal(self) -> str:
        """How rows name this actor."""
        return f"terminal:{self.id}"


class Department(msgspec.Struct, frozen=True):
    """A department's system that signed its message."""

    code: str

    @property
    def principal(self) -> str:
        """How rows name this actor."""
        return f"department:{self.code}"


class System(msgspec.Struct, frozen=True):
    """The product itself: a job, a callback, a sign-in before anybody is known."""

    name: str

    @property
    def principal(self) -> str:
        """How rows name this actor."""
        return f"system:{self.name}"


Actor = Anonymous | Citizen | Officer | Terminal | Department | System


def require_level(citizen: Citizen, level: int) -> None:
    """Refuse a citizen whose assurance is below `level`, where that depends on what they want; else the route names it (`LEVEL`)."""
    if citizen.level < level:
        ways = ways_up(citizen.level, level, named=citizen.level >= BY_NAME, has_device=citizen.device_id is not None)
        raise AssuranceTooLow(required_level=level, level=citizen.level, ways=ways)


def may_matter(citizen: Citizen, matter: str) -> bool:
    """Say whether a citizen may handle a matter: any of their own, and for another what the power names."""
    return citizen.acting is None or citizen.acting.matters is None or matter in citizen.acting.matters


def require_matter(citizen: Citizen, matter: str) -> None:
    """Refuse somebody who acts by a power that doesn't reach to this matter, naming it."""
    if not may_matter(citizen, matter):
        raise PowerLacksScope(scope=Scope.CASES.value, matter=matter)


class CustodyElsewhere(Forbidden):
    """The child is in the other parent's custody (直接抚养); a guardian who lives apart looks, and applies for nothing alone."""

    code = "custody_elsewhere"
    title = Words(
        zh="该未成年人由另一方直接抚养，请由其办理。", en="The child is in somebody else's custody; they must apply."
    )


def own_person(citizen: Citizen, person_id: UUID | None) -> UUID:
    """Whom the citizen means: themselves, or a ward that they name; refuses (`PersonNotYours`) anybody else."""
    person = person_id or citizen.id
    if person not in citizen.people:
        raise PersonNotYours
    return person


def may(officer: Officer, action: str, matter: str | None, division: str | None, on: date) -> bool:
    """Say whether a grant lets the officer do `action` on a matter in a division (null: on any, in any) on a day.

    A division is covered by itself and by any prefix (370602 covers 370602001).
    """
    return any(_covers(grant, action, matter, division, on) for grant in officer.grants)


def classes_shown(
    officer: Officer, action: str, matter: str | None, division: str | None, on: date
) -> frozenset[DataClass]:
    """The kinds of data that the officer's grants for `action` show of a matter in a division (null: of any) on a day."""
    shown = [g.data_classes for g in officer.grants if _covers(g, action, matter, division, on)]
    return frozenset(one for one in DATA_CLASSES if any(one in classes or "*" in classes for classes in shown))


def divisions_of(officer: Officer, action: str, on: date) -> tuple[str, ...]:
    """The divisions in which the officer may do `action` in all matters; none means that they may not at all."""
    held = [g for g in officer.grants if _is_of(g, action) and "*" in g.matters and g.valid_from <= on <= g.valid_to]
    return tuple(dict.fromkeys(division for grant in held for division in grant.divisions))


def granted(officer: Officer, action: str, on: date) -> tuple[list[str], list[str]]:
    """The officer's rights to do `action` on a day, as pairs of matter and division: two lists that SQL unnests."""
    held = [g for g in officer.grants if _is_of(g, action) and g.valid_from <= on <= g.valid_to]
    pairs = [(matter, division) for grant in held for matter in grant.matters for division in grant.divisions]
    return [matter for matter, _ in pairs], [division for _, division in pairs]


def require_right(officer: Officer, action: str, matter: str, division: str, on: date) -> None:
    """Refuse an officer who has no grant for this, naming what was needed."""
    if not may(officer, action, matter, division, on):
        raise NoRight(action=action, matter=matter)


def require_office(officer: Officer, action: str, on: date) -> tuple[str, ...]:
    """The divisions in which the officer holds an office (an action in all matters); refuses (`NoRight`) one who doesn't."""
    divisions = divisions_of(officer, action, on)
    if not divisions:
        raise NoRight(action=action)
    return divisions


def require_any_right(officer: Officer, action: str, matter: str) -> None:
    """Refuse (`NoRight`) an officer who has the right to an action nowhere, before anybody is looked up for them."""
    if not any(_is_of(grant, action) and {"*", matter} & set(grant.matters) for grant in officer.grants):
        raise NoRight(action=action, matter=matter)


def _covers(grant: Grant, action: str, matter: str | None, division: str | None, on: date) -> bool:
    return (
        _is_of(grant, action)
        and (matter is None or "*" in grant.matters or matter in grant.matters)
        and (division is None or within(division, grant.divisions))
        and grant.valid_from <= on <= grant.valid_to
    )


def _is_of(grant: Grant, action: str) -> bool:
    return grant.action == action or (grant.action == "*" and action not in SENSITIVE)


def within(division: str, divisions: tuple[str, ...]) -> bool:
    """Whether a division lies in one of several; `*` is the whole city, and an empty one is nowhere."""
    return any(d == "*" or (d and division.startswith(d)) for d in divisions)
