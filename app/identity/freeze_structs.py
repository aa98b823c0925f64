"""What crosses the wire when an identity is frozen and unfrozen."""

from datetime import datetime
from uuid import UUID

from app.identity.structs import Nonce, Opaque, Private, RawSignature
from app.kernel.structs import IdNumber, Line, PersonName, Phone, View


class Freezing(Private, frozen=True):
    """Why the identity is frozen, if its owner wants to say so."""

    reason: Line | None = None


class Unfreezing(Private, frozen=True):
    """A challenge signed with the device's key, and the proof that its owner looks into the camera."""

    nonce: Nonce
    signature: RawSignature
    face_token: Opaque


class LastUse(View, frozen=True):
    """When one of a person's means was last used: a session, a device, the card. `network` is where from, roughly."""

    kind: str
    id: UUID
    name: str
    used_at: datetime | None
    network: str | None


class IdentityState(View, frozen=True):
    """Whether the identity is frozen, since when, and when each of its means was last used, latest first."""

    level: int
    frozen_at: datetime | None
    real_name_at: datetime | None
    last_uses: list[LastUse]


class PersonToFreeze(Private, frozen=True):
    """Whom an officer on the phone is to freeze: by name and at least one number."""

    name: PersonName
    reason: Line
    id_number: IdNumber | None = None
    phone: Phone | None = None


class CounterUnfreezing(Private, frozen=True):
    """Why an officer unfreezes somebody who stands before them. Without `keep_devices` every device is taken away too."""

    reason: Line
    keep_devices: bool


class FrozenPerson(View, frozen=True):
    """Whom an officer froze or unfroze."""

    person_id: UUID
    name_masked: str | None
    frozen_at: datetime | None
