"""Getting, keeping and leaving a session."""

from typing import Any

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, SkipValidation

from app.identity import devices, limits, one_time_codes, sessions, tokens
from app.identity.callers import HttpRequest, client_address
from app.identity.errors import (
    ChallengeWrong,
    CodeSpent,
    CodeWrong,
    ProofMissing,
    ProofWrong,
    RefreshTokenReused,
    RefreshTokenWrong,
    SignInRefused,
    TriedTooOften,
)
from app.identity.freeze_errors import IdentityFrozen
from app.identity.structs import (
    Challenge,
    CodeEntered,
    CodeSent,
    DeviceChosen,
    DeviceSignIn,
    PhoneEntered,
    RefreshAsked,
    Tokens,
)
from app.kernel.actors import BEFORE_NAME, WHILE_FROZEN, Citizen
from app.kernel.assurance import BY_PHONE, LEVEL
from app.kernel.errors import Unauthorized
from app.kernel.problems import problems
from integrations.sms.errors import SmsPhoneBlocked, SmsPhoneInvalid, SmsTooFrequent, SmsUnavailable
from integrations.sms.port import SmsPort


class KeysController(Controller):
    """The keys that access tokens are signed with."""

    path = "/.well-known"
    tags = ("Trust",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @get("/jwks.json", operation_id="getSigningKeys", response_headers={"Cache-Control": "public, max-age=300"})
    async def jwks(self) -> dict[str, list[dict[str, Any]]]:
        """Give the public keys of our access tokens (RFC 7517)."""
        return tokens.jwks()


class SignInController(Controller):
    """Signing in and out."""

    path = "/v1"
    tags = ("Signing in",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @post(
        "/sign-in/otp",
        operation_id="sendSignInCode",
        status_code=202,
        responses=problems(TriedTooOften, SmsPhoneInvalid, SmsPhoneBlocked, SmsTooFrequent, SmsUnavailable),
    )
    async def send_code(
        self, request: HttpRequest, data: JSONBody[PhoneEntered], sms: NamedDependency[SkipValidation[SmsPort]]
    ) -> CodeSent:
        """Send a one-time code to a phone. The answer is the same whether or not the phone is known."""
        return await one_time_codes.send_code(data.phone, client_address(request), sms)

    @post(
        "/sign-in/otp/confirm",
        operation_id="confirmSignInCode",
        status_code=200,
        responses=problems(CodeWrong, CodeSpent, ProofWrong, SignInRefused, IdentityFrozen),
    )
    async def confirm_code(
        self, request: HttpRequest, data: JSONBody[CodeEntered], proved_key: NamedDependency[str | None]
    ) -> Tokens:
        """Sign in with the code; the first time this opens an account. With a DPoP proof the session is bound to its key."""
        return await one_time_codes.confirm_code(data, proved_key, client_address(request))

    @post(
        "/sign-in/device/challenge",
        operation_id="askDeviceChallenge",
        status_code=200,
        responses=problems(TriedTooOften),
    )
    async def device_challenge(self, request: HttpRequest, data: JSONBody[DeviceChosen]) -> Challenge:
        """Ask for something to sign with a device's key."""
        await limits.count(limits.CHALLENGES_FROM_AN_ADDRESS, limits.neighbourhood(client_address(request)))
        return await devices.sign_in_challenge(data.serial)

    @post(
        "/sign-in/device",
        operation_id="signInByDevice",
        status_code=200,
        responses=problems(ChallengeWrong, SignInRefused, ProofMissing, ProofWrong),
    )
    async def sign_in_by_device(
        self, request: HttpRequest, data: JSONBody[DeviceSignIn], proved_key: NamedDependency[str | None]
    ) -> Tokens:
        """Sign in at level 3: the challenge signed with the device's key, and a DPoP proof by the same key."""
        return await devices.sign_in(data, proved_key, client_address(request))

    @post(
        "/token/refresh",
        operation_id="refreshToken",
        status_code=200,
        responses=problems(RefreshTokenWrong, RefreshTokenReused, ProofMissing, ProofWrong, IdentityFrozen),
    )
    async def refresh(self, data: JSONBody[RefreshAsked], proved_key: NamedDependency[str | None]) -> Tokens:
        """Get the next pair of tokens. Each refresh token works once; using it again later ends the session."""
        return await sessions.refresh(data.refresh_token, proved_key)


class SignOutController(Controller):
    """Leaving."""

    path = "/v1/sign-out"
    tags = ("Signing in",)
    opt = {LEVEL: BY_PHONE, WHILE_FROZEN: True, BEFORE_NAME: True}  # noqa: RUF012 - litestar's own shape

    @post("/", operation_id="signOut", status_code=204, responses=problems(Unauthorized))
    async def sign_out(self, citizen: NamedDependency[Citizen]) -> None:
        """End this session: its tokens are refused from now on."""
        await sessions.sign_out(citizen)
