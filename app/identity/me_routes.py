"""The citizen's account: who they are, their sessions and devices."""

from uuid import UUID

from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation

from app.identity import device_keeping, devices, own_sessions, profile, real_name, recovering
from app.identity.errors import (
    AccountIsYours,
    ChallengeWrong,
    DeviceUnknown,
    FaceMismatch,
    IdentityMismatch,
    NothingToRecover,
    RealNameFixed,
    SessionUnknown,
    SignInTooOld,
    TooManyDevices,
    TooManyNewDevices,
    TooYoung,
    TriedTooOften,
)
from app.identity.invitation_structs import DeviceToRename
from app.identity.structs import (
    Challenge,
    DeviceEnrolled,
    DeviceEnrolment,
    Devices,
    DeviceView,
    EndAll,
    Me,
    RealName,
    Recovery,
    Sessions,
    SessionsEnded,
)
from app.kernel.actors import BEFORE_NAME, WHILE_FROZEN, Citizen
from app.kernel.assurance import BY_NAME, BY_PHONE, DATA, LEVEL
from app.kernel.errors import Unauthorized
from app.kernel.problems import problems
from app.pki.errors import AuthorityRequested, CsrUnreadable, KeyNotAllowed, PossessionNotProved
from app.residents.errors import DocumentNumberWrong, IdNumberTaken, IdNumberWrong
from integrations.departments.police import Police
from integrations.exchange.errors import DEPARTMENT_REFUSALS


class MeController(Controller):
    """Who am I, and where am I signed in?"""

    path = "/v1/me"
    tags = ("Identity",)
    opt = {LEVEL: BY_PHONE, DATA: ("contact",)}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="getMe", opt={BEFORE_NAME: True}, responses=problems(Unauthorized))
    async def me(self, citizen: NamedDependency[Citizen]) -> Me:
        """Give what the portal knows of you, with numbers masked."""
        return await profile.me(citizen)

    @post(
        "/real-name",
        operation_id="proveRealName",
        opt={BEFORE_NAME: True},
        status_code=200,
        responses=problems(
            Unauthorized,
            IdNumberWrong,
            DocumentNumberWrong,
            IdNumberTaken,
            IdentityMismatch,
            RealNameFixed,
            TooYoung,
            TriedTooOften,
            *DEPARTMENT_REFUSALS,
        ),
    )
    async def prove_real_name(
        self,
        citizen: NamedDependency[Citizen],
        data: JSONBody[RealName],
        police: NamedDependency[SkipValidation[Police]],
    ) -> Me:
        """Have the police confirm your name and number (level 2). Saying the same again raises a new session to level 2."""
        return await real_name.prove_real_name(citizen, data, police)

    @post(
        "/real-name/recover",
        operation_id="recoverAccount",
        status_code=200,
        responses=problems(
            Unauthorized,
            IdNumberWrong,
            DocumentNumberWrong,
            IdentityMismatch,
            FaceMismatch,
            NothingToRecover,
            RealNameFixed,
            TriedTooOften,
            *DEPARTMENT_REFUSALS,
        ),
    )
    async def recover(
        self,
        citizen: NamedDependency[Citizen],
        data: JSONBody[Recovery],
        police: NamedDependency[SkipValidation[Police]],
    ) -> Me:
        """Recover the account that has your number, by your face: it goes over to this phone, and the old one is told."""
        return await recovering.recover(citizen, data, police)

    @post(
        "/real-name/not-mine",
        operation_id="disownAccount",
        status_code=204,
        opt={BEFORE_NAME: True},
        responses=problems(Unauthorized, AccountIsYours, SignInTooOld),
    )
    async def disown(self, citizen: NamedDependency[Citizen]) -> None:
        """Say that the account of your phone number is its former holder's; signing in again opens one of your own."""
        await recovering.disown(citizen)


class SessionController(Controller):
    """Where you are signed in."""

    path = "/v1/me/sessions"
    tags = ("Identity",)
    opt = {LEVEL: BY_PHONE, WHILE_FROZEN: True}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="listSessions", responses=problems(Unauthorized))
    async def my_sessions(self, citizen: NamedDependency[Citizen]) -> Sessions:
        """List where you are signed in, newest first, and when each was last used."""
        return await own_sessions.my_sessions(citizen)

    @delete("/{session_id:uuid}", operation_id="endSession", responses=problems(Unauthorized, SessionUnknown))
    async def end(self, citizen: NamedDependency[Citizen], session_id: FromPath[UUID]) -> None:
        """End one of your sessions: its tokens are refused from now on."""
        await own_sessions.end_mine(citizen, session_id)

    @post("/end-all", operation_id="endAllSessions", status_code=200, responses=problems(Unauthorized))
    async def end_all(self, citizen: NamedDependency[Citizen], data: JSONBody[EndAll]) -> SessionsEnded:
        """Sign out everywhere; this session goes on if you say so."""
        return await own_sessions.end_all_mine(citizen, data)


class DeviceController(Controller):
    """The devices that hold a key of yours."""

    path = "/v1/me/devices"
    tags = ("Identity",)
    opt = {LEVEL: BY_PHONE}  # noqa: RUF012 - litestar's own shape

    @get("/", operation_id="listDevices", opt={WHILE_FROZEN: True}, responses=problems(Unauthorized))
    async def my_devices(self, citizen: NamedDependency[Citizen]) -> Devices:
        """List your devices, newest first."""
        return await devices.my_devices(citizen)

    @post(
        "/challenge",
        operation_id="askDeviceEnrolment",
        opt={LEVEL: BY_NAME},
        status_code=200,
        responses=problems(Unauthorized),
    )
    async def challenge(self, citizen: NamedDependency[Citizen]) -> Challenge:
        """Ask for the nonce of one enrolment."""
        return await devices.enrolment_challenge(citizen)

    @post(
        "/",
        operation_id="enrolDevice",
        opt={LEVEL: BY_NAME},
        responses=problems(
            Unauthorized,
            CsrUnreadable,
            KeyNotAllowed,
            PossessionNotProved,
            AuthorityRequested,
            ChallengeWrong,
            FaceMismatch,
            TooManyDevices,
            TooManyNewDevices,
            TriedTooOften,
            *DEPARTMENT_REFUSALS,
        ),
    )
    async def enrol(
        self,
        citizen: NamedDependency[Citizen],
        data: JSONBody[DeviceEnrolment],
        police: NamedDependency[SkipValidation[Police]],
    ) -> DeviceEnrolled:
        """Enrol this device's key after a look into the camera (level 3). Repeating it gives the same certificate."""
        return await devices.enrol(citizen, data, police)

    @delete(
        "/{device_id:uuid}",
        operation_id="removeDevice",
        responses=problems(Unauthorized, DeviceUnknown),
    )
    async def remove(self, citizen: NamedDependency[Citizen], device_id: FromPath[UUID]) -> None:
        """Remove a device: its certificate is revoked, and whoever is signed in on it is out."""
        await devices.remove(citizen, device_id)

    @patch("/{device_id:uuid}", operation_id="renameDevice", responses=problems(Unauthorized, DeviceUnknown))
    async def rename(
        self, citizen: NamedDependency[Citizen], device_id: FromPath[UUID], data: JSONBody[DeviceToRename]
    ) -> DeviceView:
        """Call a device something else."""
        return await device_keeping.rename(citizen, device_id, data)
