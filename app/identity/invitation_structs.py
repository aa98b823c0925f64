"""What crosses the wire when a second device is enrolled."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from app.identity.structs import Opaque, Private, PrivateView
from app.kernel.structs import IdNumber, PemText, PersonName, ShortLine, View

CounterCode = Annotated[str, Meta(pattern=r"\A[0-9]{8}\Z", description="Eight digits.")]


class Invitation(PrivateView, frozen=True):
    """An invitation for a new device: `qr` is what the first device shows and the new one scans."""

    id: UUID
    code: str
    qr: str
    expires_in_seconds: int


class InvitationTaken(Private, frozen=True):
    """The new device takes an invitation up: with its code, its key (PKCS #10) and its name."""

    invitation_id: UUID
    code: Opaque
    csr: PemText
    name: ShortLine


class InvitationChosen(Private, frozen=True):
    """Which invitation the new device took up."""

    invitation_id: UUID


class Comparison(View, frozen=True):
    """Digits that both devices show, made of the new device's key: the owner compares them before approving."""

    comparison: str
    expires_in_seconds: int


class InvitationView(View, frozen=True):
    """How far an invitation is, and which device has taken it up."""

    id: UUID
    state: Literal["waiting", "taken_up", "approved"]
    name: str | None
    comparison: str | None
    network: str | None


class DeviceToRenew(Private, frozen=True):
    """The key that the device goes on with: the same, or a new one (PKCS #10)."""

    csr: PemText


class DeviceToRename(Private, frozen=True):
    """What the device is called from now on."""

    name: ShortLine


class DeviceForCounter(Private, frozen=True):
    """The key and name of a phone whose owner goes to a counter."""

    csr: PemText
    name: ShortLine


class CounterCodeShown(PrivateView, frozen=True):
    """What the phone shows to the officer."""

    code: str
    comparison: str
    expires_in_seconds: int


class CounterEnrolment(Private, frozen=True):
    """Who stands at the counter with their papers, and the code that their phone shows."""

    code: CounterCode
    name: PersonName
    id_number: IdNumber


class CounterEnrolled(View, frozen=True):
    """Whose device was enrolled."""

    person_id: UUID
    device_id: UUID
    comparison: str
