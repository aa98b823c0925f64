"""Signing in as an officer."""

from litestar import Controller, post
from litestar.params import JSONBody

from app.identity import limits, officers
from app.identity.callers import HttpRequest, client_address
from app.identity.errors import ChallengeWrong, SignInRefused, TriedTooOften
from app.identity.structs import Challenge, OfficerNamed, OfficerSignIn, OfficerTokens
from app.kernel.problems import problems


class OfficerSignInController(Controller):
    """Signing in with an officer's certificate."""

    path = "/v1/officer/sign-in"
    tags = ("Officers",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @post("/challenge", operation_id="askOfficerChallenge", status_code=200, responses=problems(TriedTooOften))
    async def challenge(self, request: HttpRequest, data: JSONBody[OfficerNamed]) -> Challenge:
        """Ask for something to sign with the key of your certificate."""
        await limits.count(limits.CHALLENGES_FROM_AN_ADDRESS, limits.neighbourhood(client_address(request)))
        return await officers.challenge(data.officer_code)

    @post(
        "/",
        operation_id="signInOfficer",
        status_code=200,
        responses=problems(ChallengeWrong, SignInRefused, TriedTooOften),
    )
    async def sign_in(self, data: JSONBody[OfficerSignIn]) -> OfficerTokens:
        """Sign in for 15 minutes: the signed challenge, and the code of your authenticator."""
        return await officers.sign_in(data)
