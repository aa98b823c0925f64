"""Enrolling a second device: from the first one, or at a counter; keeping devices."""

from typing import Final
from uuid import UUID

from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from app.identity import counter_devices, device_keeping, invitations, limits
from app.identity.callers import HttpRequest, client_address
from app.identity.errors import (
    DeviceUnknown,
    ProofMissing,
    ProofWrong,
    TooManyDevices,
    TooManyNewDevices,
    TriedTooOften,
)
from app.identity.freeze_errors import IdentityFrozen
from app.identity.invitation_errors import (
    CounterCodeUnknown,
    InvitationNotApproved,
    InvitationNotTakenUp,
    InvitationTakenUp,
    InvitationUnknown,
)
from app.identity.invitation_structs import (
    Comparison,
    CounterCodeShown,
    CounterEnrolled,
    CounterEnrolment,
    DeviceForCounter,
    DeviceToRenew,
    Invitation,
    InvitationChosen,
    InvitationTaken,
    InvitationView,
)
from app.identity.structs import DeviceEnrolled, DeviceView
from app.kernel.actors import Citizen, NoRight, Officer, SameOfficer
from app.kernel.assurance import BY_DEVICE, BY_NAME, LEVEL
from app.kernel.errors import Unauthorized
from app.kernel.problems import problems
from app.pki.errors import AuthorityRequested, CsrUnreadable, KeyNotAllowed, PossessionNotProved

_CSR: Final = (CsrUnreadable, KeyNotAllowed, PossessionNotProved, AuthorityRequested)


class InvitationController(Controller):
    """Inviting a second device from the first."""

    path = "/v1/me/devices/invitations"
    tags = ("Identity",)
    opt = {LEVEL: BY_DEVICE}  # noqa: RUF012 - litestar's own shape

    @post("/", operation_id="inviteDevice", responses=problems(Unauthorized, TriedTooOften))
    async def invite(self, citizen: NamedDependency[Citizen]) -> Invitation:
        """Invite a new device: show the code, and let it be scanned there."""
        return await invitations.invite(citizen)

    @get(
        "/{invitation_id:uuid}",
        operation_id="getInvitation",
        responses=problems(Unauthorized, InvitationUnknown),
    )
    async def look_at(self, citizen: NamedDependency[Citizen], invitation_id: FromPath[UUID]) -> InvitationView:
        """See which device took your invitation up, with the digits that both must show."""
        return await invitations.look_at(citizen, invitation_id)

    @post(
        "/{invitation_id:uuid}/approve",
        operation_id="approveInvitation",
        status_code=200,
        responses=problems(Unauthorized, InvitationUnknown, InvitationNotTakenUp, TooManyDevices, TooManyNewDevices),
    )
    async def approve(self, citizen: NamedDependency[Citizen], invitation_id: FromPath[UUID]) -> DeviceView:
        """Approve the new device: it gets its certificate."""
        return await invitations.approve(citizen, invitation_id)

    @delete(
        "/{invitation_id:uuid}",
        operation_id="discardInvitation",
        responses=problems(Unauthorized, InvitationUnknown),
    )
    async def discard(self, citizen: NamedDependency[Citizen], invitation_id: FromPath[UUID]) -> None:
        """Take an invitation back."""
        await invitations.discard(citizen, invitation_id)


class InvitedController(Controller):
    """The new device, which has no session yet."""

    path = "/v1/sign-in/device/invitation"
    tags = ("Signing in",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @post(
        "/",
        operation_id="takeInvitationUp",
        status_code=200,
        responses=problems(ProofMissing, ProofWrong, InvitationUnknown, InvitationTakenUp, TriedTooOften, *_CSR),
    )
    async def take_up(
        self, request: HttpRequest, data: JSONBody[InvitationTaken], proved_key: NamedDependency[str | None]
    ) -> Comparison:
        """Take an invitation up with this device's key, and show the digits to compare."""
        await limits.count(limits.CHALLENGES_FROM_AN_ADDRESS, limits.neighbourhood(client_address(request)))
        return await invitations.take_up(data, proved_key, client_address(request))

    @post(
        "/collect",
        operation_id="collectInvitation",
        status_code=200,
        responses=problems(ProofMissing, ProofWrong, InvitationUnknown, InvitationNotApproved),
    )
    async def collect(
        self, data: JSONBody[InvitationChosen], proved_key: NamedDependency[str | None]
    ) -> DeviceEnrolled:
        """Get this device's certificate, once the first device has approved."""
        return await invitations.collect(data.invitation_id, proved_key)


class DeviceKeepingController(Controller):
    """Keeping your devices."""

    path = "/v1/me/devices"
    tags = ("Identity",)
    opt = {LEVEL: BY_NAME}  # noqa: RUF012 - litestar's own shape

    @post(
        "/counter-code",
        operation_id="showCounterCode",
        status_code=200,
        responses=problems(Unauthorized, TriedTooOften, *_CSR),
    )
    async def counter_code(
        self, citizen: NamedDependency[Citizen], data: JSONBody[DeviceForCounter]
    ) -> CounterCodeShown:
        """Get the code that this phone shows at a counter, where an officer enrols it."""
        return await counter_devices.show_code(citizen, data)

    @post(
        "/{device_id:uuid}/renew",
        operation_id="renewDevice",
        opt={LEVEL: BY_DEVICE},
        status_code=200,
        responses=problems(Unauthorized, DeviceUnknown, *_CSR),
    )
    async def renew(
        self, citizen: NamedDependency[Citizen], device_id: FromPath[UUID], data: JSONBody[DeviceToRenew]
    ) -> DeviceEnrolled:
        """Renew the calling device's certificate, for its key or a new one."""
        return await device_keeping.renew(citizen, device_id, data)


class CounterDeviceController(Controller):
    """Enrolling phones at a counter."""

    path = "/v1/officer/people/devices"
    tags = ("Officers",)

    @post(
        "/",
        operation_id="enrolDeviceAtCounter",
        status_code=200,
        responses=problems(
            *(Unauthorized, NoRight, SameOfficer, CounterCodeUnknown, IdentityFrozen),
            *(TriedTooOften, TooManyDevices, TooManyNewDevices),
        ),
    )
    async def enrol(self, officer: NamedDependency[Officer], data: JSONBody[CounterEnrolment]) -> CounterEnrolled:
        """Enrol the phone of somebody whose papers you have seen, by the code that it shows."""
        return await counter_devices.enrol(officer, data)
