"""Signing in as an officer, enrolling, and an officer's own sessions and certificate."""

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from app.identity import officer_accounts, officer_grants, officer_sessions
from app.identity.callers import HttpRequest, client_address
from app.identity.errors import ChallengeWrong, ProofWrong, SignInRefused, TriedTooOften
from app.identity.officer_errors import EnrolmentRefused, OldKeyNotProved
from app.identity.officer_structs import (
    CertificateRenewal,
    CertificateRenewed,
    OfficerEnrolled,
    OfficerEnrolling,
    OfficerMe,
    OfficerSessions,
)
from app.identity.structs import Challenge, OfficerNamed, OfficerSignIn, OfficerTokens
from app.kernel.actors import Officer
from app.kernel.idempotency import Once
from app.kernel.problems import problems
from app.pki.errors import AuthorityRequested, CsrUnreadable, KeyNotAllowed, PossessionNotProved

_CSR_REFUSALS = (CsrUnreadable, KeyNotAllowed, PossessionNotProved, AuthorityRequested)


class OfficerSignInController(Controller):
    """Signing in with an officer's certificate."""

    path = "/v1/officer"
    tags = ("Officers",)
    opt = {"public": True}  # noqa: RUF012 - litestar's own shape

    @post("/sign-in/challenge", operation_id="askOfficerChallenge", status_code=200, responses=problems(TriedTooOften))
    async def challenge(self, request: HttpRequest, data: JSONBody[OfficerNamed]) -> Challenge:
        """Ask for something to sign with the key of your certificate."""
        return await officer_sessions.challenge(data.officer_code, client_address(request))

    @post(
        "/sign-in",
        operation_id="signInOfficer",
        status_code=200,
        responses=problems(ChallengeWrong, SignInRefused, TriedTooOften, ProofWrong),
    )
    async def sign_in(self, data: JSONBody[OfficerSignIn], proved_key: NamedDependency[str | None]) -> OfficerTokens:
        """Sign in for 15 minutes: the signed challenge, and the code of your authenticator. A DPoP proof binds the token to its key."""
        return await officer_sessions.sign_in(data, proved_key)

    @post(
        "/enrolment",
        operation_id="enrolOfficer",
        status_code=200,
        responses=problems(EnrolmentRefused, TriedTooOften, *_CSR_REFUSALS),
    )
    async def enrol(self, request: HttpRequest, data: JSONBody[OfficerEnrolling]) -> OfficerEnrolled:
        """Get your certificate and your authenticator's secret, once, for the code of your appointment."""
        return await officer_accounts.enrol(data, client_address(request))


class OfficerOwnController(Controller):
    """An officer's own session, rights and certificate."""

    path = "/v1/officer"
    tags = ("Officers",)

    @get("/me", operation_id="getOfficerMe")
    async def me(self, officer: NamedDependency[Officer]) -> OfficerMe:
        """Show who you are and what you may do today."""
        return officer_grants.me(officer)

    @get("/sessions", operation_id="listOfficerSessions")
    async def sessions(self, officer: NamedDependency[Officer]) -> OfficerSessions:
        """List your open sessions, newest first."""
        return await officer_sessions.my_sessions(officer)

    @post("/sign-out", operation_id="signOutOfficer", status_code=204)
    async def sign_out(self, officer: NamedDependency[Officer]) -> None:
        """End this session: its token is refused from now on."""
        await officer_sessions.sign_out(officer)

    @post("/certificate/challenge", operation_id="askCertificateChallenge", status_code=200)
    async def renewal_challenge(self, officer: NamedDependency[Officer]) -> Challenge:
        """Ask for something to sign with the key of your present certificate, before you renew it."""
        return await officer_accounts.renewal_challenge(officer)

    @post(
        "/certificate",
        operation_id="renewOfficerCertificate",
        status_code=200,
        responses=problems(ChallengeWrong, OldKeyNotProved, *_CSR_REFUSALS),
    )
    async def renew(
        self, officer: NamedDependency[Officer], data: JSONBody[CertificateRenewal], once: NamedDependency[Once]
    ) -> CertificateRenewed:
        """Renew your certificate for a new key while the present one is valid; that one is revoked."""
        return await once(officer, CertificateRenewed, lambda: officer_accounts.renew(officer, data))
